#include "bench/peers/commands.h"

#include "bench/machine.h"
#include "bench/peers/lengths.h"
#include "bench/peers/onednn.h"
#include "bench/peers/xnnpack_forward.h"
#include "bench/shapes.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace conv1d::bench {
namespace {

using nlohmann::json;

template <class T>
T argument(const json &order, const char *name) {
    if (!order.contains(name))
        throw std::invalid_argument("order '" + order.dump() + "' has no " + name);
    return order.at(name).get<T>();
}

Problem problem_argument(const json &order) {
    return parse_problem(argument<std::string>(order, "problem"));
}

json about() {
    return {{"processor", processor()},
            {"target", to_string(best_target(builtin_kernels()))},
            {"onednn", onednn_version()},
            {"xnnpack", has_xnnpack()}};
}

json layers(const json &order) {
    std::string path = argument<std::string>(order, "shapes");
    if (path.empty())
        path = CONV1D_SHAPES_FILE;
    json list = json::array();
    for (const Layer &layer : read_shapes(path))
        list.push_back({{"name", layer.name}, {"problem", to_string(layer.problem)}});
    return {{"layers", list}};
}

json describe(const json &order) {
    Problem p = problem_argument(order);
    const auto memory_order = argument<std::string>(order, "order");
    if (memory_order != "scb" && memory_order != "cbt")
        throw std::invalid_argument("order is '" + memory_order + "'; expected scb or cbt");
    p.order = memory_order == "scb" ? MemoryOrder::scb : MemoryOrder::cbt;
    const char *mode = padding_value_name(p.padding_mode);
    const std::string padding = mode ? mode : p.padding_value == 0 ? "zeros" : "constant";
    p.padding_mode = PaddingMode::constant;
    p.padding_value = 0;
    return {{"problem", to_string(p)},
            {"transposed", p.operation == Operation::transposed_convolution},
            {"order", memory_order},
            {"batch", p.batch},
            {"channels", p.channels},
            {"length", p.length},
            {"filters", p.filters},
            {"taps", p.taps},
            {"stride", p.stride},
            {"dilation", p.dilation},
            {"groups", p.groups},
            {"left", p.left},
            {"right", p.right},
            {"output_padding", p.output_padding},
            {"output_length", p.output_length()},
            {"flops", p.flops()},
            {"bytes", p.bytes()},
            {"padding", padding}};
}

void write(const std::string &folder, const char *name, const float *values, std::int64_t count) {
    const std::string path = folder + "/" + name;
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char *>(values), static_cast<std::streamsize>(sizeof(float)) * count);
    if (!file.flush())
        throw std::runtime_error("'" + path + "' cannot be written");
}

} // namespace

json Commands::run(const json &order) {
    const auto command = argument<std::string>(order, "do");
    if (command == "about")
        return about();
    if (command == "layers")
        return layers(order);
    if (command == "describe")
        return describe(order);
    if (command == "prepare")
        return prepare(order);
    if (command == "time")
        return time(order);
    if (command == "ceilings")
        return ceilings(order);
    if (command == "lengths")
        return new_lengths(problem_argument(order), argument<std::vector<std::int64_t>>(order, "lengths"),
                           argument<int>(order, "threads"));
    throw std::invalid_argument("command is '" + command +
                                "'; expected about, layers, describe, prepare, time, ceilings or lengths");
}

json Commands::prepare(const json &order) {
    const Problem p = problem_argument(order);
    const auto threads = argument<int>(order, "threads");
    contenders_.clear();
    ours_ = std::make_unique<ForwardRun>(p, threads);
    ours_->verify();
    const auto folder = argument<std::string>(order, "folder");
    const ForwardArrays arrays = ours_->arrays();
    write(folder, "input", arrays.input, ours_->input().elements());
    write(folder, "weights", arrays.weights, p.channels_per_group() * p.filters * p.taps);
    write(folder, "bias", arrays.bias, p.filters);
    write(folder, "output", ours_->output().data(), ours_->output().elements());
    write(folder, "tolerance", ours_->tolerances().data(), ours_->output().elements());
    contenders_ = contenders_of(*ours_, threads);
    wait_until_idle();
    json list = json::array();
    for (const Contender &c : contenders_)
        list.push_back({{"name", c.name}, {"detail", c.detail}, {"wrong", c.wrong}});
    return {{"contenders", list}};
}

json Commands::time(const json &order) const {
    const auto name = argument<std::string>(order, "contender");
    const auto contender = std::ranges::find(contenders_, name, &Contender::name);
    if (contender == contenders_.end())
        throw std::invalid_argument("contender is '" + name + "'; expected one that was prepared");
    return {{"seconds", turn(contender->work, argument<double>(order, "seconds"))}};
}

json Commands::ceilings(const json &order) {
    const auto threads = argument<int>(order, "threads");
    Roofline &roofline = rooflines_.try_emplace(threads, threads).first->second;
    const Target target = best_target(builtin_kernels());
    roofline.sample(target);
    return {{"gflops", roofline.peak_gflops(target)}, {"gbs", roofline.bandwidth_gbs()}};
}

} // namespace conv1d::bench
