# Tests of the program `conv1d`: its parts, the whole called in this process, and as a user runs it.
conv1d_test(tool_tests SOURCES tool/npy_test.cpp tool/options_test.cpp tool/run_test.cpp tool/verify_test.cpp
  LIBRARIES conv1d_tool bench_measure)
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
add_test(NAME ${CONV1D_TEST_PREFIX}tool COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/tool/tool_test.py
  ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:conv1d_program>)
