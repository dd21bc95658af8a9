#include "progress.h"

#include <cstdio>
#include <string>

#include <unistd.h>

Progress::Progress(std::int64_t steps) : steps_(steps), visible_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (visible_)
        std::fputc('\n', stderr);
}

void Progress::show(std::int64_t step, double loss) {
    const int percent = static_cast<int>(100 * step / steps_);
    if (!visible_ || percent == percent_)
        return;
    percent_ = percent;
    constexpr int width = 40;
    const std::string bar(static_cast<std::size_t>(width * percent / 100), '#');
    std::fprintf(stderr, "\r[%-*s] %3d %%  loss %.3e", width, bar.c_str(), percent, loss);
    std::fflush(stderr);
}
