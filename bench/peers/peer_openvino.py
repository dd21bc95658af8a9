"""OpenVINO: one stream for latency, float32, input and output tensors set beforehand."""
import numpy as np
import openvino

from contender import Way
from onnx_models import model

NAME = "openvino"

core = openvino.Core()


def version():
    return f"OpenVINO {openvino.__version__.split('-')[0]}"


def compiled(serialized, threads):
    return core.compile_model(core.read_model(serialized), "CPU", {
        "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": "f32", "ENABLE_CPU_PINNING": False})


def ways(problem, arrays, threads):
    return {f"{NAME}/1d": lambda: way(problem, arrays, threads, False),
            f"{NAME}/2d": lambda: way(problem, arrays, threads, True)}


def way(problem, arrays, threads, two_dimensional):
    request = compiled(model(problem, arrays, two_dimensional), threads).create_infer_request()
    x = arrays.input.reshape(problem.posed(problem.input_shape, two_dimensional))
    y = np.full(problem.posed(problem.output_shape, two_dimensional), np.nan, np.float32)
    request.set_input_tensor(openvino.Tensor(x, shared_memory=True))
    request.set_output_tensor(openvino.Tensor(y, shared_memory=True))
    return Way(request.infer, lambda: y.reshape(problem.output_shape))


def any_length(problem, arrays, threads, two_dimensional):
    """A function of an input of any length."""
    request = compiled(model(problem, arrays, two_dimensional, any_length=True), threads).create_infer_request()

    def call(x):
        request.set_input_tensor(openvino.Tensor(x, shared_memory=True))
        request.infer()
        return request.get_output_tensor().data
    return call
