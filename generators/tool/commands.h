#pragma once

#include "options.h"

#include <iosfwd>

/// The commands. Each \throws std::invalid_argument for what the user can mend, std::runtime_error for the
/// rest.
namespace conv1d::tool {

/// Reads the files, runs the layer, writes the output file, and prints the kernel and the output's shape.
void run(Options options, std::ostream &out);

/// Runs a layer on noise, verifies it, times it, and prints how fast it is.
void time(const Options &options, std::ostream &out);

/// Prints which kernel is chosen for a problem, and why no other.
void explain(const Options &options, std::ostream &out);

/// Prints the version, the machine, targets and kernels.
void info(std::ostream &out);

} // namespace conv1d::tool
