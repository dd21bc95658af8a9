# libFuzzer programs, each with a corpus, and a bounded run of each as a test.

# conv1d_fuzz(<target> <runs> LIBRARY...): tests/fuzz/<target>_fuzz.cpp
function(conv1d_fuzz target runs)
  add_executable(${target}_fuzz fuzz/${target}_fuzz.cpp)
  target_compile_features(${target}_fuzz PRIVATE cxx_std_20)
  target_include_directories(${target}_fuzz PRIVATE ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_options(${target}_fuzz PRIVATE -fsanitize=fuzzer)
  target_link_options(${target}_fuzz PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${target}_fuzz PRIVATE Conv1d::conv1d ${ARGN} conv1d_warnings)
  add_test(NAME fuzz.${target} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/bounded_run.sh
    $<TARGET_FILE:${target}_fuzz> ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${target} ${runs})
  set_tests_properties(fuzz.${target} PROPERTIES TIMEOUT 600)
endfunction()

# What libFuzzer is to see the inside of.
target_compile_options(conv1d PRIVATE -fsanitize=fuzzer-no-link)
conv1d_fuzz(problem 200000)
conv1d_fuzz(layer 5000 kernel_harness)
if(CONV1D_BUILD_TOOL)
  target_compile_options(conv1d_tool PRIVATE -fsanitize=fuzzer-no-link)
  conv1d_fuzz(npy 100000 conv1d_tool)
  conv1d_fuzz(tool 5000 conv1d_tool)
endif()
