#!/usr/bin/env python3
"""Runs the vocoder and the same network in ONNX Runtime in turns, compares what they give, and prints a table.

usage: onnx_peer.py [--rounds N] [--threads N] [--frames N] [--kernels ARCHIVE] PROGRAM...

PROGRAM... is the vocoder, with an emulator before it if it needs one; ARCHIVE its library of specialised kernels, for
their size. The weights and the spectrogram are those that the program writes. Needs numpy, onnx, onnxruntime and
safetensors.
"""
import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

FIRST_BLOCK = 32  # frames, as in main.cpp
UPSAMPLINGS = ((8, 16), (8, 16), (2, 4), (2, 4))
BLOCK_TAPS = (3, 7, 11)
DILATIONS = (1, 3, 5)


class Network:
    """The nodes of HiFi-GAN V1 over the arrays of a safetensors file."""

    def __init__(self, arrays):
        self.nodes, self.initializers = [], [numpy_helper.from_array(array, name) for name, array in arrays.items()]

    def add(self, kind, inputs, **attributes):
        output = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def leaky(self, x, slope):
        return self.add("LeakyRelu", [x], alpha=slope)

    def conv(self, x, name, taps, dilation=1):
        padding = (taps - 1) // 2 * dilation
        return self.add("Conv", [x, name + ".weight", name + ".bias"], kernel_shape=[taps], dilations=[dilation],
                        pads=[padding, padding])

    def block(self, x, name, taps):
        for i, dilation in enumerate(DILATIONS):
            inner = self.conv(self.leaky(x, 0.1), f"{name}.convs1.{i}", taps, dilation)
            x = self.add("Add", [self.conv(self.leaky(inner, 0.1), f"{name}.convs2.{i}", taps), x])
        return x

    def stage(self, x, number):
        stride, taps = UPSAMPLINGS[number]
        crop = (taps - stride) // 2
        x = self.add("ConvTranspose", [self.leaky(x, 0.1), f"ups.{number}.weight", f"ups.{number}.bias"],
                     kernel_shape=[taps], strides=[stride], pads=[crop, crop])
        blocks = [self.block(x, f"resblocks.{3 * number + b}", taps) for b, taps in enumerate(BLOCK_TAPS)]
        total = self.add("Add", [self.add("Add", blocks[:2]), blocks[2]])
        return self.add("Div", [total, "three"])

    def model(self):
        self.initializers.append(numpy_helper.from_array(np.array(3, np.float32), "three"))
        x = self.conv("mel", "conv_pre", 7)
        for number in range(len(UPSAMPLINGS)):
            x = self.stage(x, number)
        sound = self.add("Tanh", [self.conv(self.leaky(x, 0.01), "conv_post", 7)])
        graph = helper.make_graph(self.nodes, "hifi-gan",
                                  [helper.make_tensor_value_info("mel", TensorProto.FLOAT, [1, 80, None])],
                                  [helper.make_tensor_value_info(sound, TensorProto.FLOAT, [1, 1, None])], self.initializers)
        return helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 21)]).SerializeToString()


def new_session(model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def seconds_of(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def read_sound(path):
    """Samples of a WAV of floats, which Python's own module does not read."""
    data = path.read_bytes()
    start = data.index(b"data") + 8
    return np.frombuffer(data[start:start + int.from_bytes(data[start - 4:start], "little")], np.float32)


class Peer:
    """The network in ONNX Runtime."""

    def __init__(self, folder, threads):
        self.model, self.threads = Network(load_file(folder / "vocoder.safetensors")).model(), threads
        self.mel = np.fromfile(folder / "mel.f32", np.float32).reshape(1, 80, -1)
        block = np.ascontiguousarray(self.mel[:, :, :FIRST_BLOCK])
        self.first_sample, self.session = seconds_of(lambda: self.begin(block))
        self.seconds = float("inf")

    def begin(self, block):
        session = new_session(self.model, self.threads)
        session.run(None, {"mel": block})
        return session

    def measure(self):
        seconds, (sound,) = seconds_of(lambda: self.session.run(None, {"mel": self.mel}))
        self.seconds = min(self.seconds, seconds)
        return sound.reshape(-1)

    @property
    def factor(self):
        return self.seconds / (self.mel.shape[2] * 256 / 22050)


def run_vocoder(settings, folder, filtering):
    """What one run with that filtering prints: (real-time factor, milliseconds to the first sample, workspace bytes) of each tier."""
    command = [*settings.program, "--output", folder, "--rounds", "1", "--threads", settings.threads, "--frames",
               settings.frames, "--filtering", filtering]
    text = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout
    found = re.findall(r"^(any|built-in) +real-time factor (\S+),.* first sample after (\S+) ms, workspace (\d+)", text, re.M)
    return text, {tier: tuple(map(float, numbers)) for tier, *numbers in found}


def least(runs, tier, which):
    return min(run[tier][which] for run in runs)


def code_bytes(archive):
    lines = subprocess.run(["size", archive], check=True, capture_output=True, text=True).stdout.splitlines()[1:]
    return sum(int(line.split()[0]) for line in lines)


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--frames", type=int, default=100000)
    parser.add_argument("--kernels", type=Path)
    parser.add_argument("program", nargs="+")
    return parser.parse_args()


def main():
    settings = read_arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text, first = run_vocoder(settings, folder, "minimal")
        runs, direct, peer = [first], [], Peer(folder, settings.threads)
        for _ in range(settings.rounds):
            sound = peer.measure()
            direct.append(run_vocoder(settings, folder, "direct")[1])
            runs.append(run_vocoder(settings, folder, "minimal")[1])
        own = read_sound(folder / "vocoder.wav")
    error = float(np.max(np.abs(own - sound))) if own.shape == sound.shape else float("inf")
    print(text.splitlines()[0])
    print(f"{'':<26}{'real-time factor':>18}{'first sample, ms':>18}{'workspace, bytes':>18}")
    for title, of, tier in (("specialised kernels", runs, "any"), ("built-in kernels", runs, "built-in"),
                            ("built-in, direct", direct, "built-in")):
        factor, first, workspace = (least(of, tier, i) for i in range(3))
        print(f"{title:<26}{factor:>18.4f}{first:>18.1f}{workspace:>18.0f}")
    print(f"{'ONNX Runtime ' + onnxruntime.__version__:<26}{peer.factor:>18.4f}{1e3 * peer.first_sample:>18.1f}")
    print(f"ONNX Runtime's time over that of specialised kernels: {peer.factor / least(runs, 'any', 0):.2f}")
    if settings.kernels:
        print(f"code of the specialised kernels: {code_bytes(settings.kernels)} bytes")
    print(f"largest difference of a sample from ONNX Runtime's: {error:.1e}")
    return 0 if error < 1e-4 else "the samples differ; expected at most 1e-4"


if __name__ == "__main__":
    sys.exit(main())
