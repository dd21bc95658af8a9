# The installed package. What the build gives is installed once into a folder of it, for all of these tests.
if(CONV1D_SANITIZE)
  return() # it is the default build that is installed
endif()
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set(stage ${CMAKE_CURRENT_BINARY_DIR}/stage)
add_test(NAME ${CONV1D_TEST_PREFIX}package.stage
  COMMAND ${CMAKE_COMMAND} -DBUILD=${PROJECT_BINARY_DIR} -DSTAGE=${stage} -P ${CMAKE_CURRENT_LIST_DIR}/stage.cmake)
set_tests_properties(${CONV1D_TEST_PREFIX}package.stage PROPERTIES FIXTURES_SETUP ${CONV1D_TEST_PREFIX}stage)

set(package_options --stage=${stage} --build=${PROJECT_BINARY_DIR} --cmake=${CMAKE_COMMAND} --make-program=${CMAKE_MAKE_PROGRAM}
    --c-source=${CMAKE_CURRENT_SOURCE_DIR}/c_api_test.c --readelf=${CMAKE_READELF})
if(CMAKE_CROSSCOMPILING)
  list(APPEND package_options --cmake-option=-DCMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE}
       --cmake-option=-DCONV1D_GENERATOR=${CONV1D_GENERATOR} --halide=in-the-generator
       --cmake-option=-DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=BOTH --emulator=${CMAKE_CROSSCOMPILING_EMULATOR})
else()
  list(APPEND package_options --halide=$<TARGET_FILE_DIR:Halide::Halide>)
endif()

function(package_test name class)
  set(test ${CONV1D_TEST_PREFIX}package.${name})
  add_test(NAME ${test} COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/package_test.py ${class} ${package_options})
  set_tests_properties(${test} PROPERTIES FIXTURES_REQUIRED ${CONV1D_TEST_PREFIX}stage TIMEOUT 300)
endfunction()
package_test(built_in BuiltIn)
package_test(generated Generated)
if(NOT CMAKE_CROSSCOMPILING)
  package_test(errors Errors)
  package_test(debian Debian)
endif()
