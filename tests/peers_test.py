"""The comparison with peers: what follows from its results, and the worker on tiny layers. Arguments: the folder
bench/peers, the program conv1d_peers_worker, then unittest's."""
import contextlib
import io
import math
import os
import sys
import tempfile
import unittest

sys.path.insert(0, sys.argv[1])
WORKER = sys.argv[2]
try:
    import numpy  # noqa: F401
except ImportError:
    print("skipped: NumPy is not installed")
    sys.exit(77)

import new_lengths
import options
import other_load
import plot
import results
import tables
from contender import Contender, is_behind, least_seconds
from worker import Arrays, Problem, Worker, WorkerError


def cell(layer="a", order="scb", threads=1, **seconds):
    return {"layer": layer, "order": order, "threads": threads, "padding": "zeros", "kind": "dense", "flops": 2e9, "bytes": 1e6,
            "kernel": "k", "load": 0.0, "seconds": {name.replace("_", "/"): s for name, s in seconds.items()},
            "refused": {}}


def some_results():
    cells = [cell("dense", ours=0.02, onednn_1d=0.03, onednn_2d=0.025, pytorch_eager=0.05),
             cell("few", ours=0.02, onednn_1d=0.01) | {"padding": "replicate", "bytes": 1e9},
             cell("few", "cbt", 2, ours=0.02), cell("dense", "cbt", 2, ours=0.01, xnnpack_2d=0.04)]
    cells[0]["refused"]["openvino/1d"] = "2 of 8 elements"
    about = {"date": "2000-01-01", "processor": "P", "processors": 2, "target": "t", "versions": ["oneDNN 2"],
             "commit": "c", "command": "scripts/peers.sh", "rounds": 3, "turn_seconds": 0.005, "overhead": "ours 1 us",
             "lengths": 200, "load_mean": 0.1, "load_most": 0.2,
             "ceilings": {"1": {"gflops": 100.0, "gbs": 10.0}, "2": {"gflops": 200.0, "gbs": 20.0}}}
    lengths = [{"layer": "dense", "who": "ours", "create": 1e-3, "first": 1e-3, "prepare": 0.0, "fresh": 0.2,
                "again": 0.1, "allocations": 0}]
    return {"about": about, "cells": cells, "lengths": lengths}


class Results(unittest.TestCase):
    def test_best_peer_is_the_quickest_way_of_anyone_else(self):
        c = cell(ours=0.02, onednn_1d=0.03, onednn_2d=0.025, pytorch_eager=0.05)
        self.assertEqual(results.best_peer(c), ("onednn/2d", 0.025))
        self.assertEqual(results.best_of_each(c)["onednn"], ("onednn/2d", 0.025))
        self.assertAlmostEqual(results.ratio(c), 1.25)
        self.assertIsNone(results.ratio(cell(ours=1.0)))

    def test_memory_bound(self):
        ceilings = {"gflops": 100.0, "gbs": 10.0}
        self.assertFalse(results.is_memory_bound(cell(ours=1.0), ceilings))
        self.assertTrue(results.is_memory_bound(cell(ours=1.0) | {"bytes": 1e9}, ceilings))

    def test_targets(self):
        ceilings = {"gflops": 100.0, "gbs": 10.0}
        slow, fast = cell(ours=0.03, onednn_1d=0.025), cell(ours=0.0215, onednn_1d=0.021)
        self.assertEqual([results.target(slow, ceilings), results.target(fast, ceilings)], [1.0, 0.95])
        self.assertEqual([results.is_met(slow, ceilings), results.is_met(fast, ceilings)], [False, True])
        self.assertEqual(results.target(slow | {"order": "cbt"}, ceilings), 0.95)
        for kind in ("depthwise", "few channels"):
            self.assertEqual(results.target(slow | {"kind": kind}, ceilings), 1.5)
            self.assertEqual(results.target(slow | {"kind": kind, "order": "cbt"}, ceilings), 1.2)
        bound_by_memory = slow | {"bytes": 1e9, "kind": "depthwise"}
        self.assertTrue(results.is_met(bound_by_memory, ceilings))
        self.assertTrue(results.is_met(cell(ours=1.0), ceilings), "no peer")

    def test_geometric_mean(self):
        self.assertAlmostEqual(results.geometric_mean([0.5, 8]), 2)
        self.assertTrue(math.isnan(results.geometric_mean([])))


class Report(unittest.TestCase):
    def test_markdown_has_what_was_measured(self):
        text = tables.markdown(some_results(), "p.png")
        for expected in ["| dense | k | 20 | 100 |", "| few (0) | k | 20 | 100 | 500 m | onednn/1d | 10 | 0.50 | 0.95 |",
                         "behind on 1: few 0.50", "mean 0.10 processors", "- dense, scb, 1 thread(s), openvino/1d: 2 of 8",
                         "| `SCB` (ncw) | 1 | 2 | 0.79 | 1 | 0 | 1 | 0.50 | 2 |", "![ratio per layer](p.png)",
                         "| dense | ours | 1 | 1 | 200 | 100 | 2.00 | 0 |"]:
            self.assertIn(expected, text)

    def test_plot_has_a_panel_an_order_and_a_mark_a_layer(self):
        script = plot.script(some_results()["cells"], "p.png")
        self.assertIn("set multiplot layout 2,1", script)
        self.assertIn("('few' 0, 'dense' 1)", script)
        self.assertIn("0 0.5000\n1 1.2500\n", script)


class Turns(unittest.TestCase):
    def test_who_is_far_behind_takes_no_more_turns(self):
        turns = []

        def contender(name, seconds):
            return Contender(name, lambda _: turns.append(name) or seconds)
        least = least_seconds([contender("ours", 1.0), contender("a/1d", 2.0), contender("a/2d", 3.5),
                               contender("b/1d", 5.0)], rounds=5, seconds=0.1)
        self.assertEqual(least, {"ours": 1.0, "a/1d": 2.0, "a/2d": 3.5, "b/1d": 5.0})
        self.assertEqual({name: turns.count(name) for name in least}, {"ours": 5, "a/1d": 5, "a/2d": 3, "b/1d": 3})

    def test_behind_the_same_peer_or_ours(self):
        least = {"ours": 1.0, "a/1d": 2.0, "a/2d": 2.9}
        self.assertFalse(is_behind(Contender("a/2d", None), least))
        self.assertTrue(is_behind(Contender("a/2d", None), least | {"a/2d": 3.1}))


class Lengths(unittest.TestCase):
    def test_all_differ(self):
        for length in (1, 5, 100, 399, 3000, 16001):
            lengths = new_lengths.lengths_around(length, 200)
            self.assertEqual(len(set(lengths) - {length}), 200)
            self.assertGreaterEqual(min(lengths), 1)


class OtherLoad(unittest.TestCase):
    def test_all_but_idle_and_waiting(self):
        self.assertEqual(other_load.busy_seconds("cpu  100 20 30 4000 500 6 7 8 0 0\n"), 171 / other_load.TICKS)

    def test_own_work_is_none(self):
        load = other_load.OtherLoad([os.getpid()])
        self.assertGreaterEqual(load.sample(), 0)


class Options(unittest.TestCase):
    def test_errors_name_the_option_the_value_and_what_was_expected(self):
        for argv, message in [
                (["--threads", "0"], "--threads is '0'; expected some of 1"),
                (["--orders", "scb,ncw"], "--orders is 'scb,ncw'; expected some of scb,cbt"),
                (["--rounds", "x"], "--rounds is 'x'; expected a positive integer"),
                (["--layers", "("], "--layers is '('; expected a regular expression"),
                (["--peers", "me"], "--peers is 'me'; expected some of onednn,"),
                (["--output", "no/such/p"], "--output is 'no/such/p'; expected a prefix in a folder that exists")]:
            with self.assertRaises(options.UsageError) as raised:
                options.arguments(argv)
            self.assertIn(message, str(raised.exception))

    def test_unknown_option(self):
        with contextlib.redirect_stderr(io.StringIO()) as text, self.assertRaises(SystemExit):
            options.arguments(["--fast"])
        self.assertIn("--fast", text.getvalue())


class TheWorker(unittest.TestCase):
    """Its every contender is right on a few tiny layers."""

    @classmethod
    def setUpClass(cls):
        cls.worker = Worker(WORKER)

    @classmethod
    def tearDownClass(cls):
        cls.worker.close()

    def test_contenders_are_right(self):
        about = self.worker.ask("about")
        for text in ("conv_c20_l50_f33_k3_s2_d2_p2x1", "tconv_n2_c8_l20_f6_k4_s3_g2_p1x0_o1",
                     "conv_c6_l30_f6_k5_g6_p4x0"):
            for order in ("scb", "cbt"):
                problem = Problem(**self.worker.ask("describe", problem=text, order=order))
                with tempfile.TemporaryDirectory() as folder:
                    answer = self.worker.ask("prepare", problem=problem.problem, threads=2, folder=folder)
                    arrays = Arrays(folder, problem)
                self.assertEqual([c["wrong"] for c in answer["contenders"]], [""] * len(answer["contenders"]))
                self.assertEqual(arrays.difference(arrays.output), "")
                self.assertIn("instead of", arrays.difference(arrays.output + 1))
                peers = {c["name"].split("/")[0] for c in answer["contenders"]}
                expected = {"ours"} | ({"onednn"} if about["onednn"] else set())
                if about["xnnpack"] and order == "cbt":
                    expected.add("xnnpack")
                self.assertEqual(peers, expected)
                self.assertGreater(self.worker.ask("time", contender="ours", seconds=1e-4)["seconds"], 0)

    def test_new_lengths_allocate_nothing(self):
        times = self.worker.ask("lengths", problem="conv_c8_l100_f8_k3", threads=1, lengths=[90, 110, 4000, 3])
        self.assertEqual(times["ours"]["allocations"], 0)

    def test_other_padding_is_described_and_posed_with_zeros(self):
        description = self.worker.ask("describe", problem="conv_l8_k3_p1x1_pad-replicate", order="cbt")
        self.assertEqual(description["padding"], "replicate")
        self.assertEqual(description["problem"], "conv_cbt_l8_k3_p1x1")

    def test_layers_come_from_the_shapes_file(self):
        layers = self.worker.ask("layers", shapes="")["layers"]
        self.assertIn({"name": "kws_small", "problem": "conv_c40_l100_f64_k9_p4x4"}, layers)

    def test_errors(self):
        for order, message in [(("layers", {"shapes": "no.csv"}), "shapes file 'no.csv' cannot be read"),
                               (("describe", {"problem": "conv_k0", "order": "scb"}), "conv_k0"),
                               (("describe", {"problem": "conv_l8", "order": "x"}), "order is 'x'; expected scb"),
                               (("time", {"contender": "me", "seconds": 1}), "contender is 'me'; expected one"),
                               (("prepare", {"problem": "conv_l8_act-relu", "threads": 1, "folder": "."}), "relu"),
                               (("dance", {}), "command is 'dance'; expected about")]:
            with self.assertRaises(WorkerError) as raised:
                self.worker.ask(order[0], **order[1])
            self.assertIn(message, str(raised.exception))

    def test_a_worker_that_ends_is_reported(self):
        with self.assertRaisesRegex(WorkerError, "ended with status 0 at 'about'"):
            Worker("true").ask("about")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
