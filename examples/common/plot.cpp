#include "plot.h"

#include "program.h"
#include "temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <unistd.h>

namespace {

/// Text in gnuplot's single quotes.
std::string quoted(const std::string &text) {
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? std::string("''") : std::string(1, c);
    return result + "'";
}

void write_panel(std::ostream &script, const Panel &panel) {
    script << "set xlabel " << quoted(panel.x_label) << "\nset ylabel " << quoted(panel.y_label) << '\n'
           << (panel.logarithmic ? "set logscale y\n" : "unset logscale y\n");
    for (std::size_t i = 0; i < panel.curves.size(); i++) {
        script << "$curve" << i << " << end_of_curve\n";
        for (std::size_t j = 0; j < panel.curves[i].x.size(); j++)
            script << panel.curves[i].x[j] << ' ' << panel.curves[i].y[j] << '\n';
        script << "end_of_curve\n";
    }
    script << "plot ";
    for (std::size_t i = 0; i < panel.curves.size(); i++)
        script << (i == 0 ? "" : ", ") << "$curve" << i << " with lines linewidth "
               << (i == 0 && panel.curves.size() > 1 ? 4 : 1) << " title " << quoted(panel.curves[i].title);
    script << '\n';
}

/// Whether an SVG file has its end.
bool is_whole(const std::string &path) {
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return text.find("</svg>") != std::string::npos;
}

} // namespace

void plot(const std::string &path, const std::vector<Panel> &panels) {
    const TemporaryFolder folder;
    const std::string script_path = folder / "plot.gp";
    const std::string partial = path + "." + std::to_string(getpid()) + ".partial";
    std::ofstream script(script_path);
    // Without "set output" the picture goes to standard output, and no path of the user's into the script.
    script << "set terminal svg size 900," << 350 * panels.size()
           << " background '#ffffff'\nset grid\nset autoscale xfix\nset multiplot layout " << panels.size()
           << ",1\n";
    for (const Panel &panel : panels)
        write_panel(script, panel);
    script << "unset multiplot\n";
    script.close();
    if (!script)
        throw std::runtime_error("'" + script_path + "' cannot be written");
    try {
        run_program({"gnuplot", script_path}, partial);
        if (!is_whole(partial)) // gnuplot does not say so if it cannot write
            throw std::runtime_error("gnuplot left it cut off");
        std::filesystem::rename(partial, path);
    } catch (const std::exception &error) {
        std::error_code ignored;
        std::filesystem::remove(partial, ignored);
        throw std::runtime_error("'" + path + "' cannot be written: " + error.what());
    }
}
