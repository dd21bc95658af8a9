#!/usr/bin/env python3
"""Runs one kind of fenced block of README.md, and fails if a block does not do what the README says.

    cpp     compiled as C++17 against the library and run. A block without main() is a function body.
    c       compiled as C11 against the library and run.
    sh      run by bash in a folder that looks like the repository after a build, with the Python that has NumPy if one has.
            Of the scripts and of presets only the existence is checked: CTest and .ci/run run them.
    A `text` block that follows one of these is its output, but for spaces at the ends of lines and the name of the
    processor's target.
    cmake   a CMakeLists.txt beside the first cpp block as app.cpp and the repository as conv1d/: configured. What it finds
            by find_package(Conv1d) is what the build was installed as for the tests of the package.
    all     every block is of one of these kinds, every text block follows a cpp, c or sh block, and what the README links to
            in the repository is there.
"""
import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Block:
    kind: str
    line: int
    text: str


def read_blocks(readme):
    """The fenced blocks of a Markdown file, in order."""
    blocks, block = [], None
    for number, line in enumerate(readme.read_text().splitlines(), 1):
        fence = re.fullmatch(r"```(\S*)", line)
        if fence and block is None:
            block = Block(fence.group(1), number, "")
        elif fence:
            blocks.append(block)
            block = None
        elif block:
            block.text += line + "\n"
    if block:
        sys.exit(f"README.md:{block.line}: the block has no end")
    return blocks


def run(block, command, **options):
    """Output of a command; ends the test with it if the command fails."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if result.returncode != 0:
        sys.exit(f"README.md:{block.line}: {shlex.join(command)} failed:\n{result.stdout}")
    return result.stdout


def whole_program(text):
    if "int main(" in text:
        return text
    includes = '#include "conv1d/layers.h"\n#include <algorithm>\n#include <cstdio>\n#include <iterator>\n#include <stdexcept>\n'
    return includes + f"int main() {{\nusing namespace conv1d;\n{text}}}\n"


def lines_of(text):
    return [re.sub(r"x86-64[-\w]*", "x86-64", line.rstrip()) for line in text.splitlines()]


def check_c(block, expected, setup, folder):
    source, program, part = folder / "app.c", folder / "app", folder / "app.o"
    source.write_text(block.text)
    include = setup.source / "runtime" / "include"
    run(block, [setup.c_compiler, "-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror", f"-I{include}", "-c", str(source),
                "-o", str(part)])
    run(block, [setup.compiler, str(part), "-o", str(program), *map(str, setup.library), "-pthread", "-ldl"])
    check_output(expected, run(block, [str(program)], cwd=folder))


def check_output(expected, output):
    if expected is not None and lines_of(output) != lines_of(expected.text):
        sys.exit(f"README.md:{expected.line}: the README says\n{expected.text}")


def check_cpp(block, expected, setup, folder):
    source, program = folder / "app.cpp", folder / "app"
    source.write_text(whole_program(block.text))
    include = setup.source / "runtime" / "include"
    run(block, [setup.compiler, "-std=c++17", "-Wall", "-Wextra", "-Werror", f"-I{include}", str(source), "-o",
                str(program), *map(str, setup.library), "-pthread", "-ldl"])
    output = run(block, [str(program)], cwd=folder)
    print(f"README.md:{block.line}: printed\n{output}")
    check_output(expected, output)


def check_long_command(block, line, setup):
    """True if the line is a command that is not run here; ends the test if it could not be run."""
    script = re.match(r"scripts/\S+\.sh", line)
    if script and not os.access(setup.source / script.group(), os.X_OK):
        sys.exit(f"README.md:{block.line}: {script.group()} is not an executable file")
    preset = re.match(r"(?:cmake|ctest) .*--preset (\S+)", line)
    if preset:
        known = run(block, [setup.cmake, "--list-presets=all"], cwd=setup.source)
        if f'"{preset.group(1)}"' not in known:
            sys.exit(f"README.md:{block.line}: preset {preset.group(1)} is none of\n{known}")
    return bool(script or preset)


def has_numpy(python):
    return python is not None and subprocess.run([python, "-c", "import numpy"], stderr=subprocess.DEVNULL).returncode == 0


def check_sh(block, expected, setup, folder):
    path = os.environ["PATH"]
    if "import numpy" in block.text:
        if not has_numpy(setup.python):
            print(f"skipped: no Python with NumPy, README.md:{block.line} was not run")
            return 77
        path = os.path.dirname(setup.python) + os.pathsep + path
    for entry in setup.source.iterdir():
        if entry.name != "build":
            (folder / entry.name).symlink_to(entry)
    (folder / "build").symlink_to(setup.build)
    lines = [line for line in block.text.splitlines() if not check_long_command(block, line, setup)]
    output = run(block, ["bash", "-ec", "\n".join(lines)], cwd=folder, env=os.environ | {"PATH": path})
    print(f"README.md:{block.line}: ran\n{output}")
    check_output(expected, output)
    return 0


def check_cmake(block, _, setup, folder):
    (folder / "CMakeLists.txt").write_text(block.text)
    (folder / "app.cpp").write_text(next(b.text for b in read_blocks(setup.readme) if b.kind == "cpp"))
    (folder / "conv1d").symlink_to(setup.source)
    print(run(block, [setup.cmake, "-S", str(folder), "-B", str(folder / "build")] + setup.cmake_option))


def check_kinds(blocks):
    for before, block in zip([None] + blocks, blocks):
        if block.kind == "text" and (before is None or before.kind not in ("cpp", "c", "sh")):
            sys.exit(f"README.md:{block.line}: the text block follows no cpp, c or sh block, so nothing checks it")
        if block.kind not in ("cpp", "c", "sh", "cmake", "text"):
            sys.exit(f"README.md:{block.line}: the block is '{block.kind}'; expected cpp, c, sh, cmake or text")
        print(f"README.md:{block.line}: {block.kind}")


def check_links(setup):
    for link in re.findall(r"\]\(([^)#]+)\)", setup.readme.read_text()):
        if not link.startswith("https://") and not (setup.source / link).exists():
            sys.exit(f"README.md: links to {link}, which is not there")


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["all", "cpp", "c", "sh", "cmake"])
    for folder in ("source", "build"):
        parser.add_argument(f"--{folder}", type=Path, required=True)
    parser.add_argument("--library", type=Path, action="append", help="in the order of linking")
    parser.add_argument("--compiler")
    parser.add_argument("--c-compiler")
    parser.add_argument("--cmake", default="cmake")
    parser.add_argument("--python", help="one that may have NumPy")
    parser.add_argument("--cmake-option", action="append", default=[])
    setup = parser.parse_args()
    setup.readme = setup.source / "README.md"
    return setup


def main():
    setup = read_arguments()
    blocks = read_blocks(setup.readme)
    if setup.kind == "all":
        check_kinds(blocks)
        return check_links(setup)
    check = {"cpp": check_cpp, "c": check_c, "sh": check_sh, "cmake": check_cmake}[setup.kind]
    chosen = [(b, after) for b, after in zip(blocks, blocks[1:] + [None]) if b.kind == setup.kind]
    if not chosen:
        return f"README.md has no {setup.kind} block"
    status = 0
    for block, after in chosen:
        expected = after if after is not None and after.kind == "text" else None
        with tempfile.TemporaryDirectory() as folder:
            status = check(block, expected, setup, Path(folder)) or status
    return status


if __name__ == "__main__":
    sys.exit(main())
