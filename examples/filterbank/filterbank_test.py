#!/usr/bin/env python3
"""Runs the filterbank as a user would: on the recorded speech, on several channels, and on everything that must fail.

usage: filterbank_test.py [EMULATOR...] PROGRAM
"""
import math
import os
import re
import resource
import stat
import struct
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path

COMMAND = sys.argv[1:]
LEAST_DECIBELS = 100  # float32 sums of 512 and 514 terms leave about 120


def run(*arguments, most_bytes=resource.RLIM_INFINITY):
    def limit_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          preexec_fn=None if most_bytes == resource.RLIM_INFINITY else limit_files)


def write_wave(path, channels, samples):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(16000)
        for i in range(samples):
            for channel in range(channels):
                file.writeframes(struct.pack("<h", int(9000 * math.sin(0.01 * (channel + 1) * i * (1 + i / samples)))))


class Filterbank(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def ratios(self, *arguments):
        output = self.folder / "out.wav"
        done = run("--output", output, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(output.is_file())
        self.assertRegex(done.stdout, r"real-time factor \d+")
        self.assertRegex(done.stdout, r"analysis: \S+ on \S+; synthesis: \S+ on \S+")
        ratios = [float(value) for value in re.findall(r"^SNR (\S+) dB", done.stdout, re.M)]
        self.assertGreater(min(ratios), LEAST_DECIBELS)
        return ratios

    def refused(self, *arguments, naming, **limits):
        before = sorted(self.folder.iterdir())
        done = run(*arguments, **limits)
        self.assertGreater(done.returncode, 0)
        self.assertIn(str(naming), done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertNotIn("SNR", done.stdout)
        self.assertEqual(sorted(self.folder.iterdir()), before)

    def test_recorded_speech(self):
        self.assertEqual(len(self.ratios()), 1)

    def test_several_channels_and_threads(self):
        write_wave(self.folder / "three.wav", 3, 5001)
        self.assertEqual(len(self.ratios(self.folder / "three.wav", "--threads", 2)), 3)

    def test_shorter_than_a_window(self):
        write_wave(self.folder / "short.wav", 1, 37)
        self.ratios(self.folder / "short.wav")

    def test_silence(self):
        with wave.open(str(self.folder / "silence.wav"), "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(bytes(2 * 4000))
        self.assertEqual(self.ratios(self.folder / "silence.wav"), [math.inf])

    def test_wrong_files(self):
        output = self.folder / "out.wav"
        missing, text, empty, silent = (self.folder / name for name in ("no.wav", "text.wav", "empty.wav", "none.wav"))
        text.write_text("not audio\n")
        empty.touch()
        write_wave(silent, 1, 0)
        boastful = self.folder / "boastful.flac"  # states 2**35 samples and has none
        boastful.write_bytes(b"fLaC" + struct.pack(">IHH6xQ16x", 0x80000022, 4096, 4096, 16000 << 44 | 15 << 36 | 1 << 35))
        for wrong in (missing, text, empty, silent, boastful, self.folder):
            with self.subTest(wrong.name):
                self.refused(wrong, "-o", output, naming=wrong)

    def test_unwritable_output(self):
        self.refused("-o", self.folder / "nowhere" / "out.wav", naming=self.folder / "nowhere" / "out.wav")
        folder = self.folder / "folder.wav"
        folder.mkdir()
        self.refused("-o", folder, naming=folder)
        pipe = self.folder / "pipe.wav"
        os.mkfifo(pipe)
        self.refused("-o", pipe, naming=pipe)
        self.assertTrue(stat.S_ISFIFO(pipe.stat().st_mode))

    def test_failed_write_keeps_the_old_output(self):
        output = self.folder / "out.wav"
        output.write_text("old\n")
        self.refused("-o", output, naming=output, most_bytes=16384)
        self.assertEqual(output.read_text(), "old\n")

    def test_output_through_a_link(self):
        link, output = self.folder / "link.wav", self.folder / "out.wav"
        output.touch()
        link.symlink_to(output)
        self.assertEqual(run("-o", link).returncode, 0)
        self.assertTrue(link.is_symlink())
        self.assertGreater(output.stat().st_size, 0)

    def test_wrong_target(self):
        self.refused("--target", "x86-64-avx3", "-o", self.folder / "out.wav", naming="x86-64-avx3")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
