#!/usr/bin/env python3
"""usage: upsample_test.py [--short] [EMULATOR...] PROGRAM"""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "common"))
import example_test


class Upsample(example_test.TrainingExample):
    def test_beats_linear_interpolation(self):
        text = self.trained({"upsample.safetensors", "upsample.svg", "upsample.wav"})
        linear = self.number(r"linear interpolation (\S+) dB", text)
        learned = self.number(r"learned (\S+) dB", text)
        picture = (self.output / "upsample.svg").read_text()
        ticks = [float(text) for text in re.findall(r">\s*(-0\.\d+)<", picture)]  # of the waves: a loss is positive
        self.assertLess(min(ticks, default=0), -0.01, "the waves that are drawn are silent")
        # The signals lie on each other: a shift by one sample would leave less than 20 dB of sox's, too.
        self.assertGreater(self.number(r"sox's rate (\S+) dB", text), linear)
        if not example_test.SHORT:
            self.assertGreater(learned, linear + 1)

    def test_refuses_wrong_input(self):
        self.refuses_wrong_input([])
        self.refuses_wrong_input(["--held-out"])
        self.refused("--steps", 0, naming="--steps")

    def test_refuses_where_it_cannot_work(self):
        self.refuses_missing_programs()
        self.refuses_a_wrong_folder()

    def test_pictures(self):
        self.refuses_cut_off_pictures()
        self.keeps_odd_folders()


if __name__ == "__main__":
    example_test.main()
