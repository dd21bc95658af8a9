# Tests of the project as a whole: README, set-up scripts, source format, cost of the kernels, and the arm-64 build.
# A script that exits 77 has printed why it was skipped.
if(CMAKE_CROSSCOMPILING)
  return() # the host's build has them
endif()
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set(scripts ${CMAKE_CURRENT_SOURCE_DIR}/scripts)
set(arm_build ${PROJECT_BINARY_DIR}/arm-64) # binaryDir of the preset arm-64, as seen from that of the default one

foreach(kind IN ITEMS all cpp c sh cmake)
  add_test(NAME readme.${kind} COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/readme/readme_test.py ${kind}
    --source=${PROJECT_SOURCE_DIR} --build=${PROJECT_BINARY_DIR} --library=$<TARGET_FILE:conv1d_files> --library=$<TARGET_FILE:conv1d>
    --compiler=${CMAKE_CXX_COMPILER} --c-compiler=${CMAKE_C_COMPILER} --cmake=${CMAKE_COMMAND} --cmake-option=-G${CMAKE_GENERATOR}
    --cmake-option=-DCMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM} --cmake-option=-DHalide_DIR=${Halide_DIR}
    --cmake-option=-DHalideHelpers_DIR=${HalideHelpers_DIR}
    --cmake-option=-DCMAKE_PREFIX_PATH=${CMAKE_CURRENT_BINARY_DIR}/stage
    --cmake-option=-DCONV1D_HALIDE_DIR=$<TARGET_FILE_DIR:Halide::Halide> --python=${CONV1D_FOREIGN_PYTHON})
endforeach()
set_tests_properties(readme.sh PROPERTIES SKIP_RETURN_CODE 77)
set_tests_properties(readme.cmake PROPERTIES FIXTURES_REQUIRED stage)

foreach(check IN ITEMS format shell)
  add_test(NAME project.${check} COMMAND ${scripts}/check_${check}.sh)
endforeach()
add_test(NAME project.run_again COMMAND ${scripts}/check_run_again.sh ${PROJECT_BINARY_DIR})
set_tests_properties(project.run_again PROPERTIES RUN_SERIAL ON TIMEOUT 300)

add_test(NAME project.unknown_target COMMAND ${CMAKE_COMMAND} -S ${PROJECT_SOURCE_DIR} -B ${CMAKE_CURRENT_BINARY_DIR}/unknown_target
  -G ${CMAKE_GENERATOR} -DCMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM} -DHalideHelpers_DIR=${HalideHelpers_DIR}
  -DCONV1D_GENERATOR=$<TARGET_FILE:conv1d_generate> -DCONV1D_BUILD_TESTS=OFF -DCONV1D_BUILD_BENCH=OFF -DCONV1D_BUILD_EXAMPLES=OFF
  -DCONV1D_TARGETS=avx3)
set_tests_properties(project.unknown_target PROPERTIES PASS_REGULAR_EXPRESSION
  "CONV1D_TARGETS has 'avx3'; expected[ \n]+some of (x86-64-avx512,[ \n]+x86-64-avx2|arm-64)")

list(JOIN CONV1D_KERNELS "\n" kernel_list)
list(JOIN CONV1D_GRADIENT_KERNELS "\n" gradient_kernel_list)
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/kernels.txt "${kernel_list}\n${gradient_kernel_list}\n")
add_test(NAME project.kernel_budget COMMAND Python3::Interpreter ${scripts}/kernel_budget.py
  ${CMAKE_CURRENT_BINARY_DIR}/kernels.txt ${PROJECT_BINARY_DIR}/kernels ${arm_build}/kernels)

if(TARGET filterbank)
  add_test(NAME arm_64.snr COMMAND Python3::Interpreter ${scripts}/arm_snr.py
    $<TARGET_FILE:filterbank> ${arm_build}/bin/filterbank)
  set_tests_properties(arm_64.snr PROPERTIES SKIP_RETURN_CODE 77)
endif()

# The tests of the builds for arm-64 and with sanitizers come after this build's, in one summary. They are read when
# CTest runs, if there are such builds in the folders of their presets, as seen from that of the default one.
foreach(other IN ITEMS arm-64 sanitize)
  set(folder ${PROJECT_BINARY_DIR}/${other})
  set(list ${CMAKE_CURRENT_BINARY_DIR}/${other}_tests.cmake)
  file(WRITE ${list} "if(EXISTS \"${folder}/CTestTestfile.cmake\")\n  subdirs(\"${folder}\")\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${list})
endforeach()

set_tests_properties(project.format project.shell project.run_again PROPERTIES SKIP_RETURN_CODE 77)
add_test(NAME project.semantics_table COMMAND ${scripts}/semantics_table.py
  ${CMAKE_CURRENT_SOURCE_DIR}/semantics_rows.csv $<TARGET_FILE:runtime_tests>)
