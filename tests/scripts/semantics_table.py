#!/usr/bin/env python3
"""Prints the rows of the layers' meaning, each with the test named after it and its result.

usage: semantics_table.py ROWS.csv [EMULATOR...] TEST_PROGRAM

Fails if a test fails, a row has no test, or a test of a suite Semantics<section> has no row.
"""
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path


def results(command):
    """{"Semantics1.Name": "passed" | "FAILED" | "skipped: why"} of what ran."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        subprocess.run([*command, "--gtest_filter=Semantics*", f"--gtest_output=json:{report}"],
                       stdout=subprocess.DEVNULL, check=False)
        suites = json.loads(report.read_text())["testsuites"]
    found = {}
    for suite in suites:
        for test in suite["testsuite"]:
            failed = "failures" in test
            found[f'{suite["name"]}.{test["name"]}'] = (
                "FAILED" if failed else "skipped" if test["result"] == "SKIPPED" else "passed")
    return found


def main():
    rows_file, *command = sys.argv[1:]
    found = results(command)
    bad = 0
    with open(rows_file, newline="") as file:
        rows = list(csv.DictReader(file))
    width = max(len(row["row"]) for row in rows)
    for row in rows:
        name = f'Semantics{row["section"]}.{row["test"]}'
        result = found.pop(name, "NO SUCH TEST")
        bad += result not in ("passed", "skipped")
        print(f'{row["section"]}  {row["row"]:{width}}  {name:70} {result}')
    for name in found:
        print(f"{name} has no row in {rows_file}")
    print(f"{len(rows)} rows, {bad} without a passing test, {len(found)} tests without a row")
    return 1 if bad or found else 0


if __name__ == "__main__":
    sys.exit(main())
