#include "bench/peers/contenders.h"

#include "bench/peers/onednn_forward.h"
#include "bench/peers/xnnpack_forward.h"

#include <exception>
#include <memory>

namespace conv1d::bench {
namespace {

/// Adds the peer that `make` makes, unless it is null; one that throws has done so wrongly.
template <class Make>
void add(std::vector<Contender> &contenders, const ForwardRun &ours, const std::string &name, Make make) {
    try {
        const std::shared_ptr<ForwardPeer> peer = make();
        if (!peer)
            return;
        peer->run();
        contenders.push_back(
            {name, peer->implementation(), ours.difference(peer->output_values()), [peer] { peer->run(); }});
    } catch (const std::exception &error) {
        contenders.push_back({name, {}, error.what(), [] {}});
    }
}

} // namespace

std::vector<Contender> contenders_of(ForwardRun &ours, int threads) {
    const Problem &p = ours.problem();
    std::vector<Contender> contenders{
        {"ours", ours.kernel().schedule->name, {}, [&ours] { (void)ours.run(); }}};
    if (!is_plain_convolution(p))
        return contenders;
    for (const bool two_dimensional : {false, true}) {
        for (const auto layout : {Posing::Layout::plain, Posing::Layout::reordered}) {
            const Posing posing{two_dimensional, layout};
            add(contenders, ours, "onednn/" + to_string(posing),
                [&] { return onednn_forward(p, posing, ours.arrays(), threads); });
        }
    }
    add(contenders, ours, "xnnpack/2d", [&] { return xnnpack_forward(p, ours.arrays(), threads); });
    return contenders;
}

} // namespace conv1d::bench
