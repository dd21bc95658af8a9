# The library's own kernels and Halide's runtime as object files.
include(${PROJECT_SOURCE_DIR}/cmake/in_tree_generator.cmake)
set(CONV1D_KERNEL_DIR ${PROJECT_BINARY_DIR}/kernels)
file(MAKE_DIRECTORY ${CONV1D_KERNEL_DIR})

# Sets `chosen` to those of a platform's targets that CONV1D_TARGETS asks for, and the last of them.
function(conv1d_choose_targets chosen platform_targets)
  foreach(target IN LISTS CONV1D_TARGETS)
    if(NOT target IN_LIST platform_targets)
      list(JOIN platform_targets ", " expected)
      message(FATAL_ERROR "CONV1D_TARGETS has '${target}'; expected some of ${expected}")
    endif()
  endforeach()
  if(CONV1D_TARGETS)
    list(GET platform_targets -1 last)
    foreach(target IN LISTS platform_targets)
      if(NOT target IN_LIST CONV1D_TARGETS AND NOT target STREQUAL last)
        list(REMOVE_ITEM platform_targets ${target})
      endif()
    endforeach()
  endif()
  set(${chosen} "${platform_targets}" PARENT_SCOPE)
endfunction()

# Adds those of the kernels (CONV1D_KERNELS or CONV1D_GRADIENT_KERNELS) that are for the given targets, and the table of
# them called `table`, to a library. `type` is Kernel or GradientKernel. Beside each object: its C header, the seconds it
# took, and for a GPU the device code.
function(conv1d_add_built_in_kernels library table type kernels targets)
  conv1d_generator_programs()
  foreach(kernel IN LISTS kernels)
    conv1d_kernel_columns(k "${kernel}")
    if(NOT k_target IN_LIST targets)
      continue()
    endif()
    set(emit object,c_header)
    if(k_target MATCHES "cuda|opencl")
      string(APPEND emit ,device_code)
    endif()
    conv1d_add_kernel_object(${library} ${CONV1D_KERNEL_DIR} "${kernel}" ${emit} ${k_function})
  endforeach()
  set(table_file ${CMAKE_CURRENT_BINARY_DIR}/${table}.cpp)
  conv1d_write_kernel_table(${table_file} ${table} ${type} "${kernels}" TRUE "${targets}")
  target_sources(${library} PRIVATE ${table_file})
endfunction()

# Adds Halide's own runtime for a Halide target to a library. One a program.
function(conv1d_add_halide_runtime library halide_target)
  conv1d_generator_programs()
  set(object ${CONV1D_KERNEL_DIR}/halide_runtime.o)
  if(CONV1D_HALIDE_FEATURES)
    string(APPEND halide_target -${CONV1D_HALIDE_FEATURES})
  endif()
  add_custom_command(
    OUTPUT ${object}
    COMMAND ${CONV1D_GENERATOR_COMMAND} -r halide_runtime -o ${CONV1D_KERNEL_DIR} -e object target=${halide_target}
    DEPENDS ${CONV1D_GENERATOR_COMMAND}
    COMMENT "Generating Halide's runtime for ${halide_target}"
    VERBATIM)
  target_sources(${library} PRIVATE ${object})
endfunction()
