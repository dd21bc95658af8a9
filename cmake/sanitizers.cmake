# CONV1D_SANITIZE: AddressSanitizer and UndefinedBehaviorSanitizer for all that is compiled here, and Halide's own
# instrumentation for the kernels and Halide's runtime. An error ends the program.
set(CONV1D_HALIDE_FEATURES "") # Halide's target features for kernels and runtime, besides those of the target
if(NOT CONV1D_SANITIZE)
  return()
endif()
if(NOT CONV1D_GENERATOR)
  message(FATAL_ERROR "CONV1D_GENERATOR is empty; with CONV1D_SANITIZE it is expected to name the conv1d_generate of "
                      "another build, as the generator itself runs without sanitizers")
endif()
set(CONV1D_HALIDE_FEATURES asan)
add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
add_link_options(-fsanitize=address,undefined)
