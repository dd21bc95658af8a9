# CONV1D_SANITIZE: AddressSanitizer and UndefinedBehaviorSanitizer for all that is compiled here, and Halide's own
# instrumentation for the kernels and Halide's runtime. An error ends the program.
set(CONV1D_HALIDE_FEATURES "") # Halide's target features for kernels and runtime, besides those of the target
if(NOT CONV1D_SANITIZE)
  return()
endif()
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "CMAKE_CXX_COMPILER is ${CMAKE_CXX_COMPILER_ID}; CONV1D_SANITIZE expects Clang, which has libFuzzer")
endif()
if(NOT CONV1D_GENERATOR)
  message(FATAL_ERROR "CONV1D_GENERATOR is empty; CONV1D_SANITIZE expects the path of another build's conv1d_generate")
endif()
set(CONV1D_HALIDE_FEATURES asan)
add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
add_link_options(-fsanitize=address,undefined)
if(NOT CONV1D_TARGETS AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # Instrumented kernels take more than twice as long to generate: only those that layers choose here, and those for all processors.
  set(CONV1D_TARGETS x86-64-avx2)
  file(STRINGS /proc/cpuinfo avx512 REGEX "^flags.* avx512vl( |$)" LIMIT_COUNT 1)
  if(avx512)
    set(CONV1D_TARGETS x86-64-avx512)
  endif()
  message(STATUS "Instrumenting the kernels for ${CONV1D_TARGETS} and x86-64 only")
endif()
