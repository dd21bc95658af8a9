# The layers against NumPy, SciPy, ONNX Runtime and the tests that the onnx package ships. scripts/test.sh installs these
# into build/venv; without them the tests are skipped.
if(CMAKE_CROSSCOMPILING OR NOT CONV1D_BUILD_TOOL)
  return()
endif()
find_program(CONV1D_FOREIGN_PYTHON python3 HINTS ${PROJECT_SOURCE_DIR}/build/venv/bin REQUIRED
  DOC "Python with NumPy, SciPy, onnx and onnxruntime, which the tests compare with")

# foreign_test(<comparison> [<option>...])
function(foreign_test comparison)
  add_test(NAME foreign.${comparison} COMMAND ${CONV1D_FOREIGN_PYTHON}
    ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/foreign_test.py ${comparison} --tool=$<TARGET_FILE:conv1d_program> ${ARGN})
  set_tests_properties(foreign.${comparison} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
endfunction()

foreign_test(numpy_padding --count=1000)
foreign_test(onnxruntime --count=400)
foreign_test(scipy --count=300)
foreign_test(onnx_node_tests)
