#include "listing.h"

#include "generators/tool/kernel_list.h"
#include "words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <stdexcept>

namespace conv1d::list {
namespace {

/// The text as a part of a name in C. Different problem strings give different ones.
std::string identifier(const std::string &text) {
    std::string name;
    for (const char c : text)
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : c == '.' ? 'p' : c == '+' ? 'e' : '_';
    return name;
}

std::string cpp(double number) {
    std::array<char, 32> buffer;
    return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr};
}

template <class Enum>
std::string cpp(const char *type, Enum value) {
    return type + ("{" + std::to_string(static_cast<int>(value)) + "}");
}

/// The problem as C++ writes one: its members in their order.
std::string initialiser(const Problem &p) {
    std::string text = "{" + cpp("Operation", p.operation) + ", " + cpp("ElementType", p.element) + ", " +
                       cpp("MemoryOrder", p.order);
    for (const std::int64_t number : {p.batch, p.channels, p.length, p.filters, p.taps, p.stride, p.dilation,
                                      p.groups, p.left, p.right, p.output_padding})
        text += ", " + std::to_string(number);
    return text + ", " + cpp("PaddingMode", p.padding_mode) + ", " + cpp(p.padding_value) + ", " +
           cpp("Activation", p.input_activation) + ", " + cpp(p.input_slope) + ", " +
           cpp("Activation", p.activation) + ", " + cpp(p.slope) + ", " + (p.residual ? "true" : "false") +
           ", " + (p.minimal_filtering ? "true" : "false") + "}";
}

[[noreturn]] void refuse(const Layer &layer, Target target, const std::string &schedule) {
    const std::string what = layer.place + ": " + layer_string(layer.problem);
    if (schedule.empty())
        throw std::invalid_argument(what + " has no schedule for " + to_string(target));
    for (const Schedule *row : tool::schedules_of(schedule_table())) {
        if (schedule == row->name)
            throw std::invalid_argument(what + ": on " + to_string(target) + ", schedule '" + schedule +
                                        "' " +
                                        tool::why_it_cannot(*row, layer.problem, target, Tier::specialised));
    }
    throw std::invalid_argument("schedule '" + schedule + "' is unknown; expected one of " +
                                tool::schedule_names(schedule_table()));
}

std::string line_of(const Request &request, const Layer &layer, const Kernel &kernel) {
    const std::string problem = layer_string(layer.problem), target = to_string(kernel.target);
    const char *generator = kernel.operation == Operation::transposed_convolution ? "conv_transpose1d"
                            : kernel.schedule->weight_order == WeightOrder::minimal_filter ? "conv1d_minimal"
                                                                                           : "conv1d";
    return identifier(request.name + "_" + problem + "_" + kernel.schedule->name + "_" + target) + "|" +
           generator + "|" + to_string(kernel.order) + "|" + to_string(kernel.element) + "|" + target + "|" +
           kernel.schedule->name + "|" + problem + "|" + initialiser(layer.problem);
}

/// The best target of this processor.
Target host_target() {
    Target best = Target::x86_64;
    for (int t = 0; t < target_count; t++) {
        if (is_supported(Target{t}) && !is_gpu(Target{t}))
            best = Target{t};
    }
    return best;
}

/// The row of the table that a specialised kernel is made by. It will be asked of the whole layer, not of
/// what built-in kernels are given instead. Null if there is none
const Kernel *find_row(const Problem &p, Target target, const std::string &schedule) {
    for (const Kernel &row : schedule_table()) {
        const Schedule &how = *row.schedule;
        if (row.target != target || row.operation != p.operation || row.element != p.element ||
            row.order != p.order || how.rejection(p) != nullptr)
            continue;
        // With InputCopy::none and all sizes constant, sums at the signal's edges are added up in another
        // order than by the built-in kernel.
        const bool yields =
            how.input_copy == InputCopy::none || (how.yields != nullptr && how.yields(p) != nullptr);
        if (schedule.empty() ? !yields : schedule == how.name)
            return &row;
    }
    return nullptr;
}

/// A problem that two layers have in common if a kernel cannot tell them apart.
bool alike(const Layer &a, const Layer &b) {
    return is_layer(a.problem, parse_layer(layer_string(b.problem))); // so long that its stride counts
}

} // namespace

std::vector<Target> parse_targets(const std::string &list) {
    std::vector<Target> targets;
    for (const std::string &name : words(list.empty() ? "host" : list)) {
        const Target target = name == "host" ? host_target() : parse_target(name);
        if (std::ranges::find(targets, target) != targets.end())
            throw std::invalid_argument("target '" + std::string(to_string(target)) +
                                        "' is given twice; expected each once");
        targets.push_back(target);
    }
    return targets;
}

std::vector<std::string> list_kernels(const Request &request) {
    std::vector<std::string> lines;
    for (const Target target : request.targets) {
        for (auto layer = request.layers.begin(); layer != request.layers.end(); ++layer) {
            const Kernel *kernel = find_row(layer->problem, target, request.schedule);
            if (kernel == nullptr)
                refuse(*layer, target, request.schedule);
            if (std::none_of(request.layers.begin(), layer,
                             [&](const Layer &earlier) { return alike(earlier, *layer); }))
                lines.push_back(line_of(request, *layer, *kernel));
        }
    }
    return lines;
}

} // namespace conv1d::list
