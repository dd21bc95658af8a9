"""codegen_test.py --objdump=PROGRAM --tiles=FILE --list=FILE --objects=FOLDER --target=NAME...

What the compiler made of the dense schedules: each innermost loop that sums, which is to say that its vectors are only
loaded, broadcast and added to by FMAs, must hold exactly one FMA per vector of the schedule's register tile, and no
vector that went to or comes from the stack. (The loops of the activations multiply, compare and divide as well.)
Where vectors run over positions, the code for an incomplete block of filters never stores the last filter of the tile, and
the compiler leaves that filter out.
Prints a table of these loops. Exits 77, which CTest counts as skipped, without objdump or the folder of the objects.
"""
import argparse
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SKIPPED = 77


@dataclass
class InstructionSet:
    """How a disassembly looks. The patterns match an instruction's text."""
    register_bits: int
    fma: re.Pattern  # of whole vectors
    move: re.Pattern  # an instruction that loads, broadcasts or stores, or counts lanes for a mask
    vector: re.Pattern
    stack: re.Pattern
    frame_pointer: re.Pattern  # an instruction that makes one
    frame: re.Pattern  # an operand relative to it
    jump: re.Pattern  # its group is the address


def x86(register_bits, register):
    return InstructionSet(register_bits, re.compile(rf"vfmadd\d+p[sd] .*%{register}\d+$"), re.compile(r"vmov|vp?broadcast|vpadd|vpcmp"),
                          re.compile(r"%[xyz]mm\d"), re.compile(r"\(%rsp"), re.compile(r"mov +%rsp,%rbp"), re.compile(r"\(%rbp"),
                          re.compile(r"j[a-z]+ +([0-9a-f]+)"))


SETS = {
    "x86-64-avx512": x86(512, "zmm"),
    "x86-64-avx2": x86(256, "ymm"),
    "arm-64": InstructionSet(128, re.compile(r"fmla +v\d+\.(4s|2d)"), re.compile(r"ld|st|mov|dup"),
                             re.compile(r"\b[vqds]\d+\b"), re.compile(r"\[sp\b"),
                             re.compile(r"(mov|add) +x29, sp"), re.compile(r"\[x29\b"),
                             re.compile(r"(?:b\.?[a-z]*|cbn?z [^ ]+|tbn?z [^ ]+ [^ ]+) +([0-9a-f]+)(?: <|$)")),
}


@dataclass
class Loop:
    first: int
    last: int
    lines: list
    frame: bool  # the function has a frame pointer

    def fmas(self, isa):
        return sum(bool(isa.fma.match(line)) for line in self.lines)

    def sums(self, isa):
        """It has FMAs, and its vectors meet nothing else but loads, broadcasts and stores."""
        vectors = [line for line in self.lines if isa.vector.search(line)]
        return self.fmas(isa) > 0 and all(isa.fma.match(line) or isa.move.match(line) for line in vectors)

    def loads(self):
        """Vectors from memory, if it stores none; `ldp` loads two."""
        return sum(2 if line.startswith("ldp") else 1 for line in self.lines if re.search(r"\(%|\[x\d", line))

    def stack_moves(self, isa):
        """Instructions with a vector register and a place on the stack, operands of FMAs included."""
        return [line for line in self.lines if isa.vector.search(line) and
                (isa.stack.search(line) or (self.frame and isa.frame.search(line)))]


def disassemble(objdump, path):
    """Yields each function as a list of (address, instruction)."""
    text = subprocess.run([objdump, "-d", "--no-show-raw-insn", path], check=True, capture_output=True, text=True).stdout
    for function in re.split(r"^[0-9a-f]+ <.*>:\n", text, flags=re.M)[1:]:
        lines = re.findall(r"^ *([0-9a-f]+):\t(.*?)\s*$", function, flags=re.M)
        yield [(int(address, 16), " ".join(line.split())) for address, line in lines]


def innermost_loops(function, isa):
    """From the target of each jump backwards to the jump, unless another such loop lies inside."""
    frame = any(isa.frame_pointer.match(line) for _, line in function)
    spans = set()
    for address, line in function:
        jump = isa.jump.match(line)
        if jump and int(jump.group(1), 16) <= address:
            spans.add((int(jump.group(1), 16), address))
    for first, last in sorted(spans):
        if not any((a, b) != (first, last) and first <= a and b <= last for a, b in spans):
            yield Loop(first, last, [line for at, line in function if first <= at <= last], frame)


def read_tiles(path):
    """Positions and filters of each schedule's register tile: {"avx2_filters": (6, 16), ...}."""
    found = re.findall(r"Tile (\w+)_tile(?: = avx512_tile\(|\{)(\d+), (\d+), \d+[)}]", Path(path).read_text())
    return {name: (int(positions), int(filters)) for name, positions, filters in found}


def expected_fmas(schedule, tile, lanes):
    """Of a whole tile, then of an incomplete block, or tap, if that has fewer."""
    positions, filters = tile
    if schedule.endswith("_phase_vectors"):
        return [positions * 16 // lanes]  # a block of phases each
    if schedule.endswith("depthwise_taps"):
        return [2 * positions, positions]  # of a pair; of a tap without another
    if schedule.endswith("_channels"):
        return [positions * 4, 4]  # 4 vectors; of a single position at an edge
    if schedule.endswith("_paired_taps"):
        return [2 * positions // lanes, positions // lanes]  # of a pair; of a tap without another
    if schedule.endswith("_minimal"):
        positions //= 4  # places of 4 outputs each
    whole = positions * filters // lanes
    return [whole, whole - positions // lanes] if schedule.endswith("_positions") else [whole]


def read_kernels(path, targets):
    """(function, target, schedule, bits of an element) of every kernel of these targets whose schedule is written for vector registers."""
    def is_written_for_registers(schedule):
        return schedule.split("/")[0] in ("x86", "arm") or schedule == "portable/depthwise_taps"

    rows = [line.split("|") for line in Path(path).read_text().split()]
    return [(row[0], row[4], row[5], int(row[3].removeprefix("float"))) for row in rows if row[4] in targets and is_written_for_registers(row[5])]


def expected_loads(schedule, tile):
    """Of the loop over pairs of taps that are one sample apart, the weights of both included; none: nothing is expected."""
    return tile[0] + 3 if schedule.endswith("depthwise_taps") else None


def check_kernel(objdump, path, isa, expected, most_loads):
    """Prints a row for each loop. Returns what is wrong, as sentences."""
    if not path.exists():
        return [f"{path} is missing"]
    whole, *fewer = expected
    loops = [loop for function in disassemble(objdump, path) for loop in innermost_loops(function, isa)
             if loop.sums(isa)]
    wrong = []
    if not any(loop.fmas(isa) == whole for loop in loops):
        wrong.append(f"{path.stem} has no innermost loop with {whole} FMAs of whole vectors; expected at least one")
    if most_loads and not any(loop.fmas(isa) == whole and loop.loads() <= most_loads for loop in loops):
        wrong.append(f"{path.stem} has no innermost loop with {whole} FMAs for {most_loads} loads; expected at least one")
    for loop in loops:
        fmas, moves = loop.fmas(isa), loop.stack_moves(isa)
        note = "  incomplete" if fmas in fewer else ""
        print(f"{path.stem:56} {loop.first:8x} {len(loop.lines):12} {fmas:5} {whole:5} {len(moves):6}{note}")
        if fmas not in expected:
            wrong.append(f"{path.stem}: the loop at {loop.first:x} has {fmas} FMAs; "
                         f"expected {' or '.join(map(str, expected))}")
        if moves:
            wrong.append(f"{path.stem}: the loop at {loop.first:x} has '{moves[0]}'; expected no vectors on the stack")
    return wrong


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def main():
    parser = argparse.ArgumentParser()
    for option in ("objdump", "tiles", "list", "objects"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("--target", action="append", required=True, choices=SETS)
    options = parser.parse_args()
    if not shutil.which(options.objdump):
        skip(f"{Path(options.objdump).name} is not installed")
    kernels = read_kernels(options.list, options.target)
    objects = Path(options.objects)
    if not objects.is_dir():
        skip(f"{' and '.join(options.target)} not built: there is no {objects}")

    tiles = read_tiles(options.tiles)
    print(f"{'kernel':56} {'loop at':>8} {'instructions':>12} {'FMAs':>5} {'tile':>5} {'spills':>6}")
    wrong = []
    for function, target, schedule, element_bits in kernels:
        isa = SETS[target]
        tile = tiles[schedule.split("/")[1]]
        expected = expected_fmas(schedule, tile, isa.register_bits // element_bits)
        wrong += check_kernel(options.objdump, objects / f"{function}.o", isa, expected, expected_loads(schedule, tile))
    for sentence in wrong:
        print(f"failed: {sentence}")
    print(f"{len(kernels)} kernels, {len(wrong)} faults")
    sys.exit(1 if wrong or not kernels else 0)


if __name__ == "__main__":
    main()
