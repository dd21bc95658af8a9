# The tests of runtime/, built into one program. Paths are relative to tests/.
set(CONV1D_RUNTIME_TESTS
    runtime/geometry_test.cpp
    runtime/tensor_test.cpp
    runtime/halide_buffer_test.cpp
    runtime/format_check.cpp
    runtime/semantics_formats_test.cpp
    runtime/semantics_buffers_test.cpp
    runtime/semantics_layers_test.cpp
    runtime/semantics_options_errors_test.cpp
    runtime/semantics_padding_test.cpp
    runtime/semantics_parameters_test.cpp
    runtime/semantics_display_test.cpp
    runtime/semantics_extensions_test.cpp
    runtime/options_test.cpp
    runtime/layers_test.cpp
    runtime/layer_execution_test.cpp)
