#include <cstdio>

namespace model {
int tiers();
}
namespace others {
int tiers();
}

int main() {
    std::printf("%d %d\n", model::tiers(), others::tiers());
}
