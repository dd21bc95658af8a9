// Runs what is written in C++ for compare.py: ours, oneDNN and XNNPACK. Reads orders from standard input, one
// JSON object a line, and answers each with a line; an order that fails with {"error": a sentence}. See
// commands.h.
#include "bench/peers/commands.h"

#include <exception>
#include <iostream>
#include <string>

int main() {
    conv1d::bench::Commands commands;
    for (std::string line; std::getline(std::cin, line);) {
        nlohmann::json answer;
        try {
            answer = commands.run(nlohmann::json::parse(line));
        } catch (const std::exception &error) {
            answer = {{"error", error.what()}};
        }
        std::cout << answer.dump() << std::endl;
    }
    return 0;
}
