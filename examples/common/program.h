#pragma once

#include <string>
#include <vector>

/// Runs another program and waits for it: its name, found in PATH, and its arguments. It has no standard
/// input; what it prints goes to this file if one is named. \throws std::runtime_error naming it if it cannot
/// be run or fails; its own messages go to standard error
void run_program(const std::vector<std::string> &command, const std::string &output = "");

/// \throws std::runtime_error naming it and the Debian package that has it if it is not in PATH
void need_program(const std::string &name, const std::string &package);
