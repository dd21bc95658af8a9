// Lists the kernels of a call of conv1d_add_kernels(), after checking it:
//
//   conv1d_list_kernels name=NAME (file=FILE | layers=PROBLEM,...) [targets=TARGET,...] [schedule=NAME]
//
// One kernel a line, in the columns that cmake/kernel_table.cmake describes. An error is one sentence on
// standard error, and exit status 1.
#include "layers.h"
#include "listing.h"

#include <exception>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>

namespace {

std::map<std::string, std::string> read_arguments(int argc, char **argv) {
    std::map<std::string, std::string> values{
        {"name", ""}, {"file", ""}, {"layers", ""}, {"targets", ""}, {"schedule", ""}};
    for (int i = 1; i < argc; i++) {
        const std::string argument = argv[i];
        const std::size_t equals = argument.find('=');
        const auto value = values.find(argument.substr(0, equals));
        if (equals == std::string::npos || value == values.end())
            throw std::invalid_argument(
                "argument '" + argument +
                "' is unknown; expected name=, file=, layers=, targets= or schedule=");
        value->second = argument.substr(equals + 1);
    }
    if (values["name"].empty())
        throw std::invalid_argument("name is empty; expected that of the library");
    return values;
}

} // namespace

int main(int argc, char **argv) {
    using namespace conv1d::list;
    try {
        std::map<std::string, std::string> values = read_arguments(argc, argv);
        const std::string file = values["file"];
        for (const std::string &line :
             list_kernels({values["name"], file.empty() ? parse_layers(values["layers"]) : read_layers(file),
                           parse_targets(values["targets"]), values["schedule"]}))
            std::cout << line << '\n';
        return std::cout.flush() ? 0 : 1;
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
