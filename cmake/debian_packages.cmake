# `cpack -G DEB`: conv1d-dev and conv1d-generator, of the components that install.cmake gives.
set(CPACK_PACKAGE_NAME conv1d)
set(CPACK_PACKAGE_VENDOR "The conv1d developers")
set(CPACK_PACKAGE_CONTACT "The conv1d developers <conv1d@invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL ${components})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
else()
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE amd64)
endif()

set(CPACK_DEBIAN_DEV_PACKAGE_NAME conv1d-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS libc6-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "conv1d-generator (= ${PROJECT_VERSION}), g++, cmake, pkgconf")
set(CPACK_COMPONENT_DEV_DESCRIPTION "one-dimensional convolution layers for C++ and C
 Layers of convolution and transposed convolution, with built-in kernels for all
 sizes and every instruction set of the processor.")

set(CPACK_DEBIAN_GENERATOR_PACKAGE_NAME conv1d-generator)
set(CPACK_DEBIAN_GENERATOR_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_GENERATOR_PACKAGE_RECOMMENDS "conv1d-dev (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_GENERATOR_PACKAGE_SHLIBDEPS ON)
if(TARGET Halide::Halide) # which no package has: it is found when the generator runs
  get_target_property(halide_library Halide::Halide IMPORTED_LOCATION_RELEASE)
  cmake_path(GET halide_library PARENT_PATH CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS)
endif()
set(CPACK_COMPONENT_GENERATOR_DESCRIPTION "generator of one-dimensional convolution kernels
 Makes kernels that are specialised for the layers of a model. It needs Halide,
 which CONV1D_HALIDE_DIR names.")
include(CPack)
