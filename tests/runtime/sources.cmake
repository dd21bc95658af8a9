# The tests of runtime/, built into one program. Paths are relative to tests/.
set(CONV1D_RUNTIME_TESTS
    runtime/geometry_test.cpp
    runtime/tensor_test.cpp
    runtime/options_test.cpp
    runtime/layers_test.cpp
    runtime/layer_errors_test.cpp
    runtime/layer_execution_test.cpp)
