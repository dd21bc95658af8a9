// A shared library of a user's, whose namespace is LIBRARY: no visibility is said but where a type of conv1d
// asks for it.
#include "conv1d/layers.h"
#include "conv1d/solver.h"

#include <stdexcept>
#include <vector>

namespace LIBRARY {

class __attribute__((visibility("default"))) Network {
public:
    int tiers() const;
    bool refuses(const conv1d::Tensor &x);

private:
    conv1d::Convolution1DLayer conv_{
        3, 16, {conv1d::padding(1), conv1d::num_channels(8), conv1d::activation("relu")}};
    conv1d::Convolution1DLayer causal_{5, 4, {conv1d::padding("causal")}};
    std::vector<conv1d::Solver> solvers_{conv1d::Solver(conv1d::SolverOptions(conv1d::Method::adam))};
};

/// As tiers_of_layers(): bit 0, a layer of model_kernels is specialised; bit 1, one of more_kernels; the
/// rest, libraries.
int Network::tiers() const {
    const auto is_specialised = [](const conv1d::AnyLayer &layer, const conv1d::Sizes &sizes) {
        return tier_of(layer.kernel_for("SCB", sizes)) == conv1d::Tier::specialised;
    };
    return (is_specialised(conv_, {100, 8, 2}) ? 1 : 0) + (is_specialised(causal_, {70, 4, 1}) ? 2 : 0) +
           4 * static_cast<int>(conv1d::linked_kernels().count);
}

bool Network::refuses(const conv1d::Tensor &x) {
    try {
        (void)conv_.forward(x);
        return false;
    } catch (const std::invalid_argument &) {
        return dynamic_cast<const conv1d::Layer *>(static_cast<conv1d::AnyLayer *>(&conv_)) != nullptr;
    }
}

int tiers() {
    Network network;
    const std::vector<conv1d::Option> options(2, conv1d::padding(1));
    return network.refuses(conv1d::Tensor("SC", {5, 7})) && options.back().name == "Padding" ? network.tiers()
                                                                                             : -1;
}

} // namespace LIBRARY
