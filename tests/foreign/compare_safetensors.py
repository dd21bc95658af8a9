"""Files of the safetensors package, with the names, shapes and types of PyTorch's state_dict, through the layers."""
import subprocess
import tempfile

import numpy
import safetensors.numpy


def run(arguments):
    random = numpy.random.default_rng(arguments.seed)

    def array(*shape, dtype=numpy.float32):
        return random.standard_normal(shape).astype(dtype)

    arrays = {
        "encoder.0.weight": array(6, 2, 5), "encoder.0.bias": array(6),
        "encoder.1.weight": array(4, 6, 3),  # of bias=False
        "up.weight": array(4, 2, 4), "up.bias": array(4),
        "wide.weight": array(3, 2, 2, dtype=numpy.float64), "wide.bias": array(3, dtype=numpy.float64),
        "steps": numpy.arange(3),
    }
    arrays["up.bias"][:] = numpy.nan, -0.0, numpy.inf, 1e-45
    with tempfile.TemporaryDirectory() as folder:
        given, copied = f"{folder}/given.safetensors", f"{folder}/copied.safetensors"
        safetensors.numpy.save_file(arrays, given, metadata={"format": "pt"})
        subprocess.run([arguments.tool, given, copied], check=True)
        copies = safetensors.numpy.load_file(copied)
    del arrays["steps"]
    arrays["encoder.1.bias"] = numpy.zeros(4, numpy.float32)
    assert copies.keys() == arrays.keys(), sorted(copies)
    for name, values in arrays.items():
        copy = copies[name]
        assert copy.dtype == values.dtype and copy.shape == values.shape, (name, copy.dtype, copy.shape)
        assert copy.tobytes() == values.tobytes(), name
    print(f"safetensors {safetensors.__version__}: {len(copies)} arrays read and written, all bits equal")
    return 0
