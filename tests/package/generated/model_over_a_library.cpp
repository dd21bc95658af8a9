#include <cstdio>

extern "C" int tiers_of_layers();

int main() {
    std::printf("%d\n", tiers_of_layers());
}
