#include "tool.h"

#include <csignal>
#include <iostream>

int main(int argc, char **argv) {
    std::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit of a file's size fails instead
    return conv1d::tool::run_tool(argc, argv, std::cout, std::cerr);
}
