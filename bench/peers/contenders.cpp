#include "bench/peers/contenders.h"

#include "bench/peers/onednn_forward.h"
#include "bench/peers/xnnpack_forward.h"

#include <memory>
#include <utility>

namespace conv1d::bench {
namespace {

/// Adds a peer's contender, unless it is null.
void add(std::vector<Contender> &contenders, const ForwardRun &ours, const std::string &name,
         std::shared_ptr<ForwardPeer> peer) {
    if (!peer)
        return;
    peer->run();
    std::string wrong = ours.difference(peer->output_values());
    contenders.push_back({name, peer->implementation(), std::move(wrong), [peer] { peer->run(); }});
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
                onednn_forward(p, posing, ours.arrays(), threads));
        }
    }
    add(contenders, ours, "xnnpack/2d", xnnpack_forward(p, ours.arrays(), threads));
    return contenders;
}

} // namespace conv1d::bench
