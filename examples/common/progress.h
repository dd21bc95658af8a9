#pragma once

#include <cstdint>

/// A bar on standard error, if that is a terminal.
class Progress {
public:
    explicit Progress(std::int64_t steps);
    Progress(const Progress &) = delete;
    Progress &operator=(const Progress &) = delete;
    ~Progress(); ///< ends the line

    /// After each step.
    void show(std::int64_t step, double loss);

private:
    std::int64_t steps_;
    int percent_ = -1;
    bool visible_;
};
