# The layers against NumPy, SciPy, ONNX Runtime, safetensors and the tests that the onnx package ships. scripts/test.sh installs these
# into build/venv; without them the tests are skipped.
if(CMAKE_CROSSCOMPILING OR NOT CONV1D_BUILD_TOOL)
  return()
endif()
find_program(CONV1D_FOREIGN_PYTHON python3 HINTS ${PROJECT_SOURCE_DIR}/build/venv/bin REQUIRED
  DOC "Python with NumPy, SciPy, onnx and onnxruntime, which the tests compare with")

# foreign_test(<comparison> <target> [<option>...])
function(foreign_test comparison target)
  add_test(NAME foreign.${comparison} COMMAND ${CONV1D_FOREIGN_PYTHON}
    ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/foreign_test.py ${comparison} --tool=$<TARGET_FILE:${target}> ${ARGN})
  set_tests_properties(foreign.${comparison} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
endfunction()

foreign_test(numpy_padding conv1d_program --count=1000)
foreign_test(onnxruntime conv1d_program --count=400)
foreign_test(scipy conv1d_program --count=300)
foreign_test(onnx_node_tests conv1d_program)

add_executable(copy_parameters ${CMAKE_CURRENT_LIST_DIR}/copy_parameters.cpp)
target_compile_features(copy_parameters PRIVATE cxx_std_20)
target_link_libraries(copy_parameters PRIVATE Conv1d::files conv1d_warnings)
foreign_test(safetensors copy_parameters)
