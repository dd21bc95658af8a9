"""ONNX Runtime: input and output bound to memory beforehand, weights packed when the session is made."""
import numpy as np
import onnxruntime

from contender import Way
from onnx_models import model

NAME = "onnxruntime"


def version():
    return f"ONNX Runtime {onnxruntime.__version__}"


def session_of(serialized, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(serialized, options, providers=["CPUExecutionProvider"])


def ways(problem, arrays, threads):
    return {f"{NAME}/1d": lambda: way(problem, arrays, threads, False),
            f"{NAME}/2d": lambda: way(problem, arrays, threads, True)}


def way(problem, arrays, threads, two_dimensional):
    session = session_of(model(problem, arrays, two_dimensional), threads)
    x = arrays.input.reshape(problem.posed(problem.input_shape, two_dimensional))
    y = np.full(problem.posed(problem.output_shape, two_dimensional), np.nan, np.float32)
    binding = session.io_binding()
    binding.bind_input("x", "cpu", 0, np.float32, x.shape, x.ctypes.data)
    binding.bind_output("y", "cpu", 0, np.float32, y.shape, y.ctypes.data)

    def call(keep=x):  # the binding holds addresses only
        session.run_with_iobinding(binding)
    return Way(call, lambda: y.reshape(problem.output_shape))


def any_length(problem, arrays, threads, two_dimensional):
    """A function of an input of any length."""
    session = session_of(model(problem, arrays, two_dimensional, any_length=True), threads)
    return lambda x: session.run(None, {"x": x})[0]
