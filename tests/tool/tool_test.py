#!/usr/bin/env python3
"""Runs the program `conv1d` as a user would: its commands, what they print, and files that cannot be written.

usage: tool_test.py [EMULATOR...] PROGRAM
"""
import json
import re
import resource
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

COMMAND = sys.argv[1:]
SIZES = ["--channels", "3", "--length", "40", "--filters", "5", "--taps", "3"]


def call(*arguments, stdout=subprocess.PIPE, most_bytes=None):
    def limit_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    return subprocess.run([*COMMAND, *map(str, arguments)], stdout=stdout, stderr=subprocess.PIPE, text=True,
                          stdin=subprocess.DEVNULL, preexec_fn=limit_files if most_bytes else None)


def results(*arguments):
    done = call(*arguments)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{arguments}: {done.returncode}, {done.stderr}")
    return done.stdout


def write_npy(path, shape, values):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple(shape)}, }}\n".encode()
    path.write_bytes(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header
                     + struct.pack(f"<{len(values)}f", *values))


def read_npy(path):
    data = path.read_bytes()
    start = 10 + struct.unpack("<H", data[8:10])[0]
    header = eval(data[10:start].decode(), {})  # of a file that the program wrote
    return header["shape"], struct.unpack(f"<{(len(data) - start) // 4}f", data[start:])


class Tool(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.arguments = ["run", "conv", "--input", self.folder / "x.npy", "--weights", self.folder / "w.npy",
                          "--output", self.folder / "y.npy"]

    def write_inputs(self, length):
        write_npy(self.folder / "x.npy", (1, 2, length), [i % 7 for i in range(2 * length)])
        write_npy(self.folder / "w.npy", (2, 2, 3), [1, 0, -1, 2, 0, 0, 0, 1, 0, 0, 0, 3])

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_convolves_files(self):
        length = 50
        self.write_inputs(length)
        printed = results(*self.arguments)
        shape, values = read_npy(self.folder / "y.npy")
        x = [i % 7 for i in range(2 * length)]
        first = [x[i] - x[i + 2] + 2 * x[length + i] for i in range(length - 2)]
        second = [x[i + 1] + 3 * x[length + i + 2] for i in range(length - 2)]
        self.assertEqual(shape, (1, 2, length - 2))
        self.assertEqual(list(values), first + second)
        self.assertRegex(printed, r"^\S+ for \S+: .*y\.npy has shape \(1, 2, 48\)\n$")
        self.assertEqual(self.names(), ["w.npy", "x.npy", "y.npy"])

    def test_gives_the_same_by_every_supported_target(self):
        self.write_inputs(50)
        targets = re.findall(r"^  (\S+) +supported", results("info"), re.M)
        self.assertGreater(len(targets), 0)
        outputs = set()
        for target in targets:
            self.assertIn(f" for {target}: ", results(*self.arguments, "--target", target))
            outputs.add(read_npy(self.folder / "y.npy"))
        self.assertEqual(len(outputs), 1)  # integers: nothing is rounded

    def test_writes_all_or_nothing(self):
        self.write_inputs(50000)
        done = call(*self.arguments, most_bytes=100000)
        self.assertEqual(done.returncode, 1)
        self.assertIn("y.npy cannot be written: File too large", done.stderr)
        self.assertEqual(self.names(), ["w.npy", "x.npy"])

        (self.folder / "y.npy").write_text("before")
        self.assertEqual(call(*self.arguments, most_bytes=100000).returncode, 1)
        self.assertEqual((self.folder / "y.npy").read_text(), "before")
        self.assertEqual(self.names(), ["w.npy", "x.npy", "y.npy"])

    def test_says_why_a_folder_takes_no_file(self):
        self.write_inputs(50)
        done = call(*self.arguments[:-1], "/proc/y.npy")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/proc/y.npy cannot be written: No such file or directory", done.stderr)

    def test_says_that_nobody_can_read_its_results(self):
        with open("/dev/full", "w") as full:
            done = call("info", stdout=full)
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot be written to the standard output", done.stderr)

    def test_times_in_json_and_in_words(self):
        for operation in ("conv", "transposed"):
            record = json.loads(results("time", operation, *SIZES, "--format", "CBT", "--threads", "2", "--json"))
            self.assertEqual(record["threads"], 2)
            self.assertTrue(record["kernel"].startswith(f"{operation}/float32/cbt/{record['instruction_set']}/"))
            self.assertTrue(record["kernel"].endswith(record["schedule"]))
            self.assertGreaterEqual(record["samples"], 5)
            self.assertGreater(record["minimum_ms"], 0)
            self.assertGreaterEqual(record["median_ms"], record["minimum_ms"])
            self.assertGreaterEqual(record["first_call_ms"], 0)
            self.assertGreater(record["fma_peak_gflops"], 0)
            self.assertGreater(record["gflops"], 0)
            table = results("time", operation, *SIZES, "--format", "CBT", "--threads", "2")
            for name in record:
                self.assertRegex(table, rf"(?m)^{name} +\S")

    def test_explains_what_it_runs(self):
        self.write_inputs(50)
        write_npy(self.folder / "w.npy", (5, 2, 3), range(30))
        used = results(*self.arguments).split()[0]
        sizes = ["--channels", "2", "--length", "50", "--filters", "5", "--taps", "3"]
        by_sizes = results("explain", "conv", *sizes)
        self.assertEqual(by_sizes, results("explain", "--problem", "conv_c2_l50_f5_k3"))
        self.assertRegex(by_sizes, rf"(?m)^kernel +{used}, the first of the table that applies$")
        self.assertIn("1 x 5 x 48 (batch, filters, length)", by_sizes)
        self.assertRegex(by_sizes, rf"(?m)^operations +{2 * 5 * 48 * 2 * 3} FLOP$")
        others = by_sizes.split("The other schedules:\n")[1].splitlines()
        listed = results("info").split("Kernels")[1].splitlines()[2:]
        self.assertEqual(sorted([line.split()[0] for line in others] + [used]),
                         sorted(line.split()[0] for line in listed))
        self.assertTrue(all(len(line.split()) > 2 for line in others), others)

    def test_explains_a_kernel_that_is_asked_for(self):
        problem = ["explain", "--problem", "conv_c16_l500_f64_k3", "--target", "x86-64-avx2"]
        self.assertRegex(results(*problem), r"(?m)^kernel +x86/avx2_wide_positions, the first")
        forced = results(*problem, "--kernel", "portable/any")
        self.assertRegex(forced, r"(?m)^kernel +portable/any, as --kernel says$")
        self.assertRegex(forced, r"(?m)^  x86/avx2_wide_positions +applies and comes first, but --kernel is portable/any$")
        self.assertRegex(forced, r"(?m)^  x86/avx2_phases +does not compute conv$")
        self.assertRegex(forced, r"(?m)^  arm/neon_filters +is for arm-64$")
        narrow = results("explain", "--problem", "conv_cbt_l500_k3_s2", "--target", "x86-64-avx2")
        self.assertRegex(narrow, r"(?m)^  x86/avx2_positions +does not take memory order cbt$")
        self.assertRegex(narrow, r"(?m)^  x86/avx2_filters +rejects the problem: the filters of a group fill less than half "
                                 r"of the register tiles$")

    def test_lists_the_targets_of_this_program(self):
        info = results("info")
        self.assertRegex(info, r"^conv1d \d+\.\d+\.\d+\n")
        self.assertEqual(len(re.findall(r"chosen unless --target is given", info)), 1)
        self.assertEqual(results("--version"), info.splitlines()[0] + "\n")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
