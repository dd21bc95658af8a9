#pragma once

#include <iosfwd>

namespace conv1d::tool {

/// The program `conv1d`, in a call: reads the arguments, of which the first is the program's name, does what
/// they say, and writes results to `out` and one sentence for an error to `err`. Never throws and never
/// exits. \return 0; 1 when the work failed; 2 when the arguments are wrong
int run_tool(int argc, const char *const *argv, std::ostream &out, std::ostream &err);

} // namespace conv1d::tool
