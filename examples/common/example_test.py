"""What the tests of the training examples share."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path


def arguments():
    """The command to run, and whether it is so slow that only a few steps are made: [--short] [EMULATOR...] PROGRAM."""
    short = sys.argv[1] == "--short"
    command = sys.argv[2 if short else 1:]
    return [shutil.which(command[0]) or command[0], *command[1:]], short  # found whatever PATH a test gives it


COMMAND, SHORT = arguments()


def write_wave(path, channels=1, rate=48000, samples=48000, value=1000):
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes((value if value else 0).to_bytes(2, "little") * channels * samples)


class TrainingExample(unittest.TestCase):
    """Of a program that trains on sound and leaves files in the folder of --output."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.output = self.folder / "output"
        self.output.mkdir()

    def run_program(self, *more, **environment):
        return subprocess.run([*COMMAND, "--output", self.output, *map(str, more)], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, env=environment or None)

    def trained(self, names, *more):
        """The text that a run prints; few steps if the program is slow."""
        done = self.run_program(*more, *(["--steps", 3] if SHORT else []))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")  # no progress bar without a terminal
        self.assertEqual({path.name for path in self.output.iterdir()}, names)
        picture = next(self.output.glob("*.svg")).read_text()
        self.assertTrue(picture.rstrip().endswith("</svg>") and picture.count("<path") > 4, picture[:200])
        print(done.stdout)
        return done.stdout

    def number(self, pattern, text):
        self.assertRegex(text, pattern)
        return float(re.search(pattern, text)[1])

    def refused(self, *more, naming, **environment):
        done = self.run_program(*more, **environment)
        self.assertGreater(done.returncode, 0)
        self.assertIn(str(naming), done.stderr)
        self.assertLessEqual(len(done.stderr.strip().splitlines()), 2, done.stderr)  # CLI11 adds one on --help
        self.assertEqual(list(self.output.glob("*")), [])

    def refuses_wrong_input(self, option):
        """option: the words before the name of a sound."""
        wrong = {"no.wav": None, "text.wav": None, "two.wav": {"channels": 2}, "slow.wav": {"rate": 16000},
                 "short.wav": {"samples": 100}, "silent.wav": {"value": 0}}
        for name, sound in wrong.items():
            path = self.folder / name
            if name == "text.wav":
                path.write_text("not audio\n")
            elif sound is not None:
                write_wave(path, **sound)
            with self.subTest(name):
                self.refused(*option, path, naming=path)

    def refuses_missing_programs(self):
        self.refused(PATH=str(self.folder), naming="sox is not installed")
        (self.folder / "sox").touch(mode=0o755)
        self.refused(PATH=str(self.folder), naming="gnuplot is not installed")

    def refuses_cut_off_pictures(self):
        """gnuplot succeeds even where the disk is full."""
        programs = self.folder / "programs"
        programs.mkdir()
        (programs / "gnuplot").write_text("#!/bin/sh\necho '<svg>'\n")
        (programs / "gnuplot").chmod(0o755)
        done = self.run_program("--steps", 2, PATH=f"{programs}:{os.environ['PATH']}")
        self.assertGreater(done.returncode, 0)
        self.assertIn("cut off", done.stderr)
        self.assertEqual(list(self.output.glob("*.svg*")), [])

    def keeps_odd_folders(self):
        self.output = self.folder / "a\n!touch escaped\n'; \"$HOME"
        self.output.mkdir()
        done = self.run_program("--steps", 2)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(list(self.output.glob("*.svg")))

    def refuses_a_wrong_folder(self):
        self.output = self.folder / "nowhere"
        self.refused(naming=self.output)


def main():
    unittest.main(argv=sys.argv[:1])
