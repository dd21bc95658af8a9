// How libFuzzer makes a command line from another: by arguments, so that many still mean something.
#include "tool_input.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t *data, std::size_t size, std::size_t most);

namespace conv1d::fuzz {
namespace {

/// Arguments that the tool knows.
const std::vector<std::string> &words() {
    static const std::vector<std::string> list = [] {
        std::istringstream in(
            "--input=x.npy --input=t.npy --input=d.npy --input=fuzz.npy --weights=w.npy "
            "--weights=fuzz.npy --bias=b.npy --bias=fuzz.npy --residual=fuzz.npy --output=y.npy "
            "--output=b.npy "
            "--output=no/y.npy --format=SCB --format=CBT --format=SCBT --format=SC --format=CT "
            "--format=SCT --format=CSB --format=CTB --stride=2 --stride=3 --dilation=2 --groups=1 "
            "--groups=3 --padding=2 --padding=3,4 --padding=same --padding=causal --padding-value=0.5 "
            "--padding-value=replicate --padding-value=circular --padding-value=symmetric-include-edge "
            "--padding-value=symmetric-exclude-edge --same-extra=left --cropping=1 --cropping=1,2 "
            "--cropping=same --output-padding=1 --activation=relu --activation=gelu "
            "--activation=leaky-relu --slope=0.1 --input-activation=tanh --input-slope=0.1 --threads=3 "
            "--kernel=portable/any --kernel=x86/avx2_filters --kernel=x86/avx512_positions "
            "--target=x86-64 --target=x86-64-avx2 --target=arm-64 --batch=2 --channels=6 --length=40 "
            "--steps=2 --filters=4 --taps=5 --problem=conv_cbt_c8_l30_f4_k3_p1x1 --help --json");
        return std::vector<std::string>(std::istream_iterator<std::string>(in), {});
    }();
    return list;
}

class Mutator {
public:
    Mutator(const std::string &text, unsigned seed) : input_(text), random_(seed) {}

    std::string mutate() {
        const std::size_t kind = below(8);
        if (kind == 0)
            damage(input_.file, 600);
        else if (input_.arguments.empty() || kind < 5)
            put(words()[below(words().size())]);
        else if (kind == 5)
            input_.arguments.erase(input_.arguments.begin() + static_cast<std::ptrdiff_t>(any()));
        else if (kind == 6)
            std::swap(input_.arguments[any()], input_.arguments[any()]);
        else
            damage(input_.arguments[any()], 40);
        return input_.text();
    }

private:
    std::size_t below(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }
    std::size_t any() { return below(input_.arguments.size()); }

    /// Where the option stands, in the place of its value; else at the end.
    void put(const std::string &word) {
        const std::string option = word.substr(0, word.find('='));
        const auto same = std::ranges::find_if(input_.arguments, [&](const std::string &argument) {
            return argument.substr(0, argument.find('=')) == option;
        });
        if (same == input_.arguments.end())
            input_.arguments.push_back(word);
        else
            *same = word;
    }

    /// As libFuzzer does it to any bytes.
    static void damage(std::string &text, std::size_t most) {
        const std::size_t size = std::min(text.size(), most);
        text.resize(most);
        text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t *>(text.data()), size, most));
    }

    ToolInput input_;
    std::mt19937 random_;
};

} // namespace
} // namespace conv1d::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size, std::size_t most,
                                               unsigned seed) {
    const std::string text =
        conv1d::fuzz::Mutator({reinterpret_cast<const char *>(data), size}, seed).mutate();
    const std::size_t kept = std::min(text.size(), most);
    std::memcpy(data, text.data(), kept);
    return kept;
}
