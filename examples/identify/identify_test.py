#!/usr/bin/env python3
"""usage: identify_test.py [--short] [EMULATOR...] PROGRAM"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "common"))
import example_test


class Identify(example_test.TrainingExample):
    def test_learns_the_response(self):
        text = self.trained({"identify.safetensors", "identify.svg"})
        misalignment = self.number(r"^misalignment (\S+) dB", text.split("\n", 1)[1])
        error = self.number(r"prediction error (\S+) dB", text)
        if not example_test.SHORT:
            self.assertLess(misalignment, -30)
            self.assertLess(error, -30)

    def test_a_short_response(self):
        text = self.trained({"identify.safetensors", "identify.svg"}, "--response-taps", 10, "--seed", 5)
        if not example_test.SHORT:
            self.assertLess(self.number(r"misalignment (\S+) dB", text), -30)

    def test_refuses_wrong_input(self):
        self.refuses_wrong_input([])
        self.refuses_wrong_input(["--held-out"])
        self.refused("--response-taps", 201, naming="--response-taps")
        self.refused("--steps", 0, naming="--steps")

    def test_refuses_where_it_cannot_work(self):
        self.refuses_missing_programs()
        self.refuses_a_wrong_folder()

    def test_pictures(self):
        self.refuses_cut_off_pictures()
        self.keeps_odd_folders()


if __name__ == "__main__":
    example_test.main()
