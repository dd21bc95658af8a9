#pragma once

#include "bench/peers/contenders.h"
#include "bench/roofline.h"

#include <nlohmann/json.hpp>

#include <map>
#include <memory>

namespace conv1d::bench {

/// What the worker does when it is asked. An order is an object: its "do" names the command, the rest are the
/// command's arguments, below. So is the answer.
///
///   about     -> processor, target, onednn, xnnpack (versions; empty without)
///   layers    shapes (a file; empty: shapes.csv) -> layers: [{name, problem}]
///   describe  problem, order -> its sizes, problem with that order, and padding: "zeros" or what else; for
///   the
///             peers' sake the problem that it describes has zeros
///   prepare   problem, threads, folder -> contenders: [{name, detail, wrong}]. Verifies ours against the
///   definition
///             and the others against ours, and writes input, weights, bias, output and tolerance to the
///             folder, as raw float32
///   time      contender, seconds -> seconds, of one call in a turn that long
///   ceilings  threads -> gflops, gbs: the best samples so far of the FMA peak and the bandwidth
///   lengths   problem, threads, lengths -> who: {create, first, new, again, allocations}, see lengths.h
class Commands {
public:
    /// \throws std::exception of one sentence
    nlohmann::json run(const nlohmann::json &order);

private:
    nlohmann::json prepare(const nlohmann::json &order);
    nlohmann::json time(const nlohmann::json &order) const;
    nlohmann::json ceilings(const nlohmann::json &order);

    std::unique_ptr<ForwardRun> ours_;
    std::vector<Contender> contenders_;
    std::map<int, Roofline> rooflines_; ///< by threads
};

} // namespace conv1d::bench
