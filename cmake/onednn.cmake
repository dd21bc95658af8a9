# The target conv1d_onednn, if oneDNN of version 2 (Debian's libdnnl-dev) and OpenMP are found, else a variable
# CONV1D_NO_ONEDNN that says why not. oneDNN's own CMake package is not used: it stops where OpenCL's headers, which
# are not needed here, are missing.
find_path(CONV1D_ONEDNN_INCLUDE oneapi/dnnl/dnnl.hpp)
find_library(CONV1D_ONEDNN_LIBRARY dnnl)
mark_as_advanced(CONV1D_ONEDNN_INCLUDE CONV1D_ONEDNN_LIBRARY)
find_package(OpenMP QUIET COMPONENTS CXX)

set(CONV1D_NO_ONEDNN "")
if(NOT CONV1D_ONEDNN_INCLUDE OR NOT CONV1D_ONEDNN_LIBRARY)
  set(CONV1D_NO_ONEDNN "oneDNN was not found (libdnnl-dev)")
elseif(NOT OpenMP_CXX_FOUND)
  set(CONV1D_NO_ONEDNN "OpenMP, which sets oneDNN's threads, was not found")
else()
  file(STRINGS ${CONV1D_ONEDNN_INCLUDE}/oneapi/dnnl/dnnl_version.h version REGEX "define DNNL_VERSION_MAJOR 2$")
  if(NOT version)
    set(CONV1D_NO_ONEDNN "oneDNN in ${CONV1D_ONEDNN_INCLUDE} is not of version 2")
  endif()
endif()
if(NOT CONV1D_NO_ONEDNN AND NOT TARGET conv1d_onednn)
  add_library(conv1d_onednn INTERFACE)
  target_include_directories(conv1d_onednn SYSTEM INTERFACE ${CONV1D_ONEDNN_INCLUDE})
  target_link_libraries(conv1d_onednn INTERFACE ${CONV1D_ONEDNN_LIBRARY} OpenMP::OpenMP_CXX)
endif()
