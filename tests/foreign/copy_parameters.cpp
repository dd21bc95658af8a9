// copy_parameters FROM TO: loads the parameters of four layers from one file and saves them in another.
#include "conv1d/layers.h"
#include "conv1d/parameters_file.h"

#include <cstdio>
#include <exception>

int main(int count, char **arguments) {
    using namespace conv1d;
    if (count != 3) {
        std::fprintf(stderr, "usage: copy_parameters FROM TO\n");
        return 2;
    }
    try {
        Convolution1DLayer first(5, 6, {groups(2), name("encoder.0")}), second(3, 4, {name("encoder.1")});
        TransposedConvolution1DLayer up(4, 4, {groups(2), name("up")});
        Convolution1DLayer64 wide(2, 3, {name("wide")});
        load_parameters(arguments[1], {&first, &second, &up, &wide});
        save_parameters(arguments[2], {&first, &second, &up, &wide});
    } catch (const std::exception &error) {
        std::fprintf(stderr, "copy_parameters: %s\n", error.what());
        return 1;
    }
    return 0;
}
