#!/usr/bin/env python3
"""usage: vocoder_test.py [--kernels ARCHIVE] [EMULATOR...] PROGRAM: a few frames, nothing timed"""
import importlib.util
import re
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path

KERNELS = sys.argv[2] if sys.argv[1] == "--kernels" else None
COMMAND = sys.argv[3 if KERNELS else 1:]
EMULATED = len(COMMAND) > 1
FRAMES = 2 if EMULATED else 16  # an emulator is slow
# Minimal filtering, which no emulated processor has, wants more positions than the first layer's.
SPECIALISED = (78 if EMULATED else 77) if KERNELS else 0


class Vocoder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_program(self, *more, output=None):
        return subprocess.run([*COMMAND, "--output", output or self.folder, "--rounds", "1", "--frames", str(FRAMES), *map(str, more)],
                              capture_output=True, text=True)

    def test_makes_sound(self):
        done = self.run_program()
        self.assertEqual(done.returncode, 0, done.stderr)
        print(done.stdout)
        self.assertIn(f"{SPECIALISED} of 78 layers specialised", done.stdout)
        self.assertIn("0 of 78 layers specialised", done.stdout)
        largest, difference = map(float, re.search(r"largest sample (\S+), difference of the two (\S+)", done.stdout).groups())
        self.assertGreater(largest, 0.01)
        self.assertLess(largest, 0.999)
        self.assertLess(difference, 1e-5)
        self.assertEqual((self.folder / "mel.f32").stat().st_size, 4 * 80 * FRAMES)
        self.assertGreater((self.folder / "vocoder.wav").stat().st_size, 4 * 256 * FRAMES)

    def test_threads_change_nothing(self):
        sounds = []
        for threads in (1, 2):
            self.assertEqual(self.run_program("--threads", threads).returncode, 0)
            file = (self.folder / "vocoder.wav").read_bytes()
            sounds.append(file[file.index(b"data"):])  # before them is the time
        self.assertEqual(*sounds)

    def test_refuses_wrong_input(self):
        path = self.folder / "short.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 48000, 0, "NONE", ""))
            file.writeframes(b"\1\2" * 100)
        self.refused(self.folder / "no.wav", naming="no.wav")
        self.refused("--rounds", 0, naming="--rounds")
        self.refused(path, naming="the sound has 100 samples")
        self.refused(output=self.folder / "nowhere", naming="nowhere")

    def refused(self, *arguments, naming, output=None):
        done = self.run_program(*arguments, output=output)
        self.assertGreater(done.returncode, 0)
        self.assertIn(naming, done.stderr)

    @unittest.skipUnless(KERNELS and all(map(importlib.util.find_spec, ("numpy", "onnx", "onnxruntime", "safetensors"))),
                         "no ONNX Runtime here, or no specialised kernels")
    def test_agrees_with_onnx_runtime(self):
        done = subprocess.run([sys.executable, Path(__file__).parent / "onnx_peer.py", "--rounds=1", f"--frames={FRAMES}",
                               f"--kernels={KERNELS}", *COMMAND], capture_output=True, text=True)
        print(done.stdout)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(int(re.search(r"code of the specialised kernels: (\d+)", done.stdout)[1]), 3_000_000)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
