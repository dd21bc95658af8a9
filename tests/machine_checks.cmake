# Tests of what the machine gets: the code that was generated, memory, and lesser processors than this one. Included
# after project_checks.cmake, whose arm_build and kernels.txt it uses. A script that exits 77 has printed why it was
# skipped.
set(script_dir ${CMAKE_CURRENT_SOURCE_DIR}/scripts)

if(CONV1D_SANITIZE)
  message(STATUS "Not building no_allocation_test: it replaces malloc, and so does AddressSanitizer")
  conv1d_test(instrumented_test SOURCES instrumented_test.cpp LIBRARIES kernel_harness
              PROPERTIES ENVIRONMENT ASAN_OPTIONS=symbolize=0) # faster
else()
  conv1d_test(no_allocation_test SOURCES no_allocation_test.cpp count_allocations.cpp)
endif()
conv1d_test(interface_test SOURCES signature_test.cpp thread_errors_test.cpp LIBRARIES Halide::Runtime)
target_include_directories(interface_test SYSTEM PRIVATE ${PROJECT_BINARY_DIR}/kernels) # the kernels' C headers

add_test(NAME ${CONV1D_TEST_PREFIX}machine.no_print
  COMMAND ${script_dir}/no_print.sh ${CMAKE_NM} $<TARGET_FILE:conv1d> ${PROJECT_SOURCE_DIR}/runtime/src)

if(CONV1D_SANITIZE)
  message(STATUS "Not testing the generated instructions, under emulators, the project as a whole and against other "
                 "people's programs: the default build does, and its kernels are those that ship")
endif()
if(CMAKE_CROSSCOMPILING OR CONV1D_SANITIZE)
  return() # the default build has the rest
endif()

# machine_codegen_test(<name> <objdump> <folder of the objects> <target>...)
function(machine_codegen_test name objdump objects)
  list(TRANSFORM ARGN PREPEND --target=)
  add_test(NAME machine.codegen.${name} COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/codegen_test.py
    --objdump=${objdump} --tiles=${PROJECT_SOURCE_DIR}/schedules/tuned_tiles.h
    --list=${CMAKE_CURRENT_BINARY_DIR}/kernels.txt --objects=${objects} ${ARGN})
  set_tests_properties(machine.codegen.${name} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()
machine_codegen_test(arm aarch64-linux-gnu-objdump ${arm_build}/kernels arm-64)

if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  return()
endif()
set(vector_targets ${CONV1D_BUILT_TARGETS}) # whose schedules are written for vector registers
list(FILTER vector_targets INCLUDE REGEX "avx")
if(vector_targets)
  machine_codegen_test(x86 objdump ${PROJECT_BINARY_DIR}/kernels ${vector_targets})
endif()
add_test(NAME machine.lowered COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/lowered_test.py
  $<TARGET_FILE:conv1d_generate> x86/avx2_phases portable/any portable/depthwise_channels x86-64-avx2)

add_test(NAME machine.ptxas COMMAND ${script_dir}/ptxas.sh ${PROJECT_BINARY_DIR}/kernels)
set_tests_properties(machine.ptxas PROPERTIES SKIP_RETURN_CODE 77)

# Processor models that have the instruction sets of one target and not those of the next.
foreach(row IN ITEMS "qemu64|x86-64" "Nehalem|x86-64-sse41" "Haswell|x86-64-avx2")
  string(REGEX MATCH "(.*)\\|(.*)" row "${row}")
  if(NOT CMAKE_MATCH_2 IN_LIST CONV1D_BUILT_TARGETS)
    continue()
  endif()
  add_test(NAME emulated.${CMAKE_MATCH_1} COMMAND ${script_dir}/emulated.sh
    ${CMAKE_MATCH_1} ${CMAKE_MATCH_2} $<TARGET_FILE:kernels_test> *Kernels.MatchTheDefinition*)
  set_tests_properties(emulated.${CMAKE_MATCH_1} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
endforeach()
