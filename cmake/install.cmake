# What `cmake --install` and CPack give, in two components:
#
#   dev        headers, libraries with the built-in kernels and Halide's runtime, and the packages for CMake and pkg-config:
#              nothing of Halide's compiler, and no path of this machine
#   generator  what conv1d_add_kernels() runs, and the program conv1d; in builds that have a generator of their own
if(CMAKE_LIBRARY_ARCHITECTURE)
  set(CMAKE_INSTALL_LIBDIR lib/${CMAKE_LIBRARY_ARCHITECTURE} CACHE PATH "Libraries: of several processors side by side")
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_CURRENT_LIST_DIR}/package)
set(cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Conv1d)
set(written ${PROJECT_BINARY_DIR}/package)

set(libraries conv1d)
set(CONV1D_COMPONENTS conv1d)
foreach(library IN ITEMS conv1d_files conv1d_cuda conv1d_opencl)
  if(TARGET ${library})
    list(APPEND libraries ${library})
    string(REPLACE conv1d_ "" name ${library})
    set_target_properties(${library} PROPERTIES EXPORT_NAME ${name})
    list(APPEND CONV1D_COMPONENTS ${name})
  endif()
endforeach()
list(JOIN CONV1D_COMPONENTS " " CONV1D_COMPONENTS) # of find_package
install(TARGETS ${libraries} EXPORT Conv1dTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${CMAKE_INSTALL_INCLUDEDIR}/conv1d/halide)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/runtime/include/conv1d DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev
        FILES_MATCHING PATTERN *.h)
get_target_property(halide_include Halide::Runtime INTERFACE_INCLUDE_DIRECTORIES)
install(FILES ${halide_include}/HalideRuntime.h ${halide_include}/HalideBuffer.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/conv1d/halide COMPONENT dev)

install(EXPORT Conv1dTargets NAMESPACE Conv1d:: DESTINATION ${cmake_dir} COMPONENT dev)
set(CONV1D_GENERATOR_PATH ${CMAKE_INSTALL_BINDIR}/conv1d_generate)
set(programs ${CMAKE_INSTALL_LIBEXECDIR}/conv1d)
file(RELATIVE_PATH CONV1D_TO_PROGRAMS /prefix/${CMAKE_INSTALL_BINDIR} /prefix/${programs})
configure_package_config_file(${package_dir}/Conv1dConfig.cmake.in ${written}/Conv1dConfig.cmake
  INSTALL_DESTINATION ${cmake_dir} PATH_VARS CONV1D_GENERATOR_PATH NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${written}/Conv1dConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${written}/Conv1dConfig.cmake ${written}/Conv1dConfigVersion.cmake
        ${PROJECT_SOURCE_DIR}/cmake/Conv1dKernels.cmake ${PROJECT_SOURCE_DIR}/cmake/kernel_table.cmake
        ${PROJECT_SOURCE_DIR}/cmake/kernel_table.cpp.in
        DESTINATION ${cmake_dir} COMPONENT dev)

# conv1d_install_pkg_config(<package> <description> <requires> <libraries>): `package` is that of pkg-config and the library.
function(conv1d_install_pkg_config package description requires libraries)
  file(RELATIVE_PATH to_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
  configure_file(${package_dir}/conv1d.pc.in ${written}/${package}.pc @ONLY)
  install(FILES ${written}/${package}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
endfunction()
conv1d_install_pkg_config(conv1d "One-dimensional convolution layers" "" "-lstdc++ -lm -lpthread -ldl")
if(TARGET conv1d_files)
  conv1d_install_pkg_config(conv1d_files "Parameters of conv1d's layers in safetensors files" "Requires: conv1d" "")
endif()
if(TARGET conv1d_cuda)
  conv1d_install_pkg_config(conv1d_cuda "Kernels of conv1d for NVIDIA GPUs" "Requires: conv1d" "")
  conv1d_install_pkg_config(conv1d_opencl "Kernels of conv1d for OpenCL devices" "Requires: conv1d" "")
endif()

set(components dev)
if(NOT CONV1D_GENERATOR)
  list(APPEND components generator)
  configure_file(${package_dir}/conv1d_generate.in ${written}/conv1d_generate @ONLY)
  install(PROGRAMS ${written}/conv1d_generate DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT generator)
  install(TARGETS conv1d_generate RUNTIME DESTINATION ${programs} COMPONENT generator)
  install(TARGETS conv1d_list_kernels RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT generator)
  if(TARGET conv1d_program)
    install(TARGETS conv1d_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT generator)
  endif()
endif()

file(READ ${PROJECT_SOURCE_DIR}/LICENSE conv1d_licence)
file(READ ${package_dir}/halide_licence.txt halide_licence)
configure_file(${package_dir}/copyright.in ${written}/copyright @ONLY)
foreach(component IN LISTS components)
  install(FILES ${written}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/conv1d-${component} COMPONENT ${component})
endforeach()
include(${CMAKE_CURRENT_LIST_DIR}/debian_packages.cmake)
