# What conv1d_add_kernels() needs where the library is a part of the build: the generator of this build, or the one that
# CONV1D_GENERATOR names, and the listing program, which has to be there when CMake runs.
include(${CMAKE_CURRENT_LIST_DIR}/Conv1dKernels.cmake)
set_property(GLOBAL PROPERTY CONV1D_TREE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR} "${CONV1D_GENERATOR}"
             "${CONV1D_HALIDE_FEATURES}" "${HalideHelpers_DIR}")

# Sets in the calling function: CONV1D_GENERATOR_COMMAND; CONV1D_GENERATOR_LAUNCH, a command to run it by; and Halide's
# features for all kernels, CONV1D_HALIDE_FEATURES.
macro(conv1d_generator_programs)
  get_property(tree GLOBAL PROPERTY CONV1D_TREE)
  list(GET tree 2 CONV1D_GENERATOR_COMMAND)
  list(GET tree 3 CONV1D_HALIDE_FEATURES)
  set(CONV1D_GENERATOR_LAUNCH "")
  set(CONV1D_GENERATOR_PROGRAM "")
  if(NOT CONV1D_GENERATOR_COMMAND)
    set(CONV1D_GENERATOR_COMMAND $<TARGET_FILE:conv1d_generate>)
  endif()
endmacro()

# Sets CONV1D_LISTER: the one beside CONV1D_GENERATOR, or one that is built here and now.
macro(conv1d_listing_program)
  get_property(tree GLOBAL PROPERTY CONV1D_TREE)
  list(GET tree 2 generator)
  if(generator)
    cmake_path(REPLACE_FILENAME generator conv1d_list_kernels OUTPUT_VARIABLE CONV1D_LISTER)
  else()
    conv1d_build_listing_program()
  endif()
endmacro()

function(conv1d_build_listing_program)
  get_property(tree GLOBAL PROPERTY CONV1D_TREE)
  list(GET tree 0 source)
  list(GET tree 1 binary)
  list(GET tree 4 helpers)
  set(folder ${binary}/list_kernels)
  set(CONV1D_LISTER ${folder}/conv1d_list_kernels PARENT_SCOPE)
  get_property(built GLOBAL PROPERTY CONV1D_LISTER_BUILT)
  if(built)
    return()
  endif()
  set_property(GLOBAL PROPERTY CONV1D_LISTER_BUILT TRUE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS # what the choice of schedules is made by
    ${source}/schedules/minimal_predicates.h ${source}/schedules/predicates.h ${source}/schedules/scratch.h
    ${source}/schedules/tuned_tiles.h
    ${source}/runtime/src/problem.cpp ${source}/runtime/src/problem_string.cpp)
  message(STATUS "Building conv1d_list_kernels")
  foreach(step IN ITEMS
          "-S;${source}/generators/list;-B;${folder};-G;${CMAKE_GENERATOR};-DCMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM};\
-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER};-DCMAKE_BUILD_TYPE=Debug;-DHalideHelpers_DIR=${helpers};\
-DCONV1D_ROWS_DIR=${binary}/schedules;-DCMAKE_RUNTIME_OUTPUT_DIRECTORY_DEBUG=${folder}"
          "--build;${folder};--config;Debug")
    execute_process(COMMAND ${CMAKE_COMMAND} ${step} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE failed)
    if(failed)
      message(FATAL_ERROR "conv1d_list_kernels could not be built:\n${output}")
    endif()
  endforeach()
endfunction()
