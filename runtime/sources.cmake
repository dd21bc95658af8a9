# The layer API: its sources and its installed headers.
set(CONV1D_LAYER_SOURCES
    src/tensor.cpp
    src/options.cpp
    src/option_reader.cpp
    src/error_text.cpp
    src/signal_layout.cpp
    src/layer_check.cpp
    src/layer.cpp
    src/convolution1d_layer.cpp
    src/transposed_convolution1d_layer.cpp)
set(CONV1D_LAYER_HEADERS
    include/conv1d/tensor.h
    include/conv1d/options.h
    include/conv1d/layer.h
    include/conv1d/layers.h)
