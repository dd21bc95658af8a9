#!/usr/bin/env python3
"""The installed package, as other projects meet it: found by Debian's CMake where that is installed, in an environment
that has no Halide but what CONV1D_HALIDE_DIR names for the generator.

usage: package_test.py NAME... with what read_arguments() lists; NAME is a test of unittest, e.g. Generated
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent
SETUP = None


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="+")
    parser.add_argument("--stage", type=Path, required=True, help="what `cmake --install` gave")
    parser.add_argument("--build", type=Path, required=True, help="the build that was installed")
    parser.add_argument("--cmake", required=True, help="used where Debian's is not installed")
    parser.add_argument("--make-program", required=True, help="Ninja")
    parser.add_argument("--halide", type=Path, help="the folder of libHalide")
    parser.add_argument("--c-source", type=Path, help="a program that tests the C header")
    parser.add_argument("--cmake-option", action="append", default=[], help="of consumers")
    parser.add_argument("--emulator", default="")
    parser.add_argument("--readelf", default="readelf")
    return parser.parse_args()


def run(command, expected=0, **options):
    """Output of a command in an environment without Halide."""
    env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **options.pop("env", {})}
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=env, **options)
    if (done.returncode == 0) != (expected == 0):
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class PackageTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.stage = SETUP.stage

    def cmake(self, *arguments, **options):
        program = "/usr/bin/cmake" if os.access("/usr/bin/cmake", os.X_OK) else SETUP.cmake
        return run([program, *arguments], **options)

    def configure(self, project, *more, **options):
        return self.cmake("-S", project, "-B", self.folder / "build", "-GNinja",
                          f"-DCMAKE_MAKE_PROGRAM={SETUP.make_program}", f"-DCMAKE_PREFIX_PATH={self.stage}",
                          *SETUP.cmake_option, *more, **options)

    def build(self, *arguments):
        return self.cmake("--build", self.folder / "build", *arguments)

    def program(self, name, **options):
        return run([*SETUP.emulator.split(), self.folder / "build" / name], cwd=self.folder, **options)

    def exported(self, library):
        """What a shared library exports but for the C++ library's templates of types that are not conv1d's, such as
        std::vector<float>: those are whoever's that uses them. GNU's linker lists the ends of sections, too, as hidden ones,
        which nothing finds."""
        names = set()
        for line in run([SETUP.readelf, "-W", "--dyn-syms", library]).splitlines():
            symbol = re.fullmatch(r" *\d+: \w+ +\w+ \w+ +(?:GLOBAL|WEAK|UNIQUE) +(\w+) +(\w+) (\S+)", line)
            standard = symbol and re.match(r"_Z(N?K?|T[ISV])(St|Sa|Ss|9__gnu_cxx)", symbol[3]) and "6conv1d" not in symbol[3]
            if symbol and symbol[1] != "HIDDEN" and symbol[2] != "UND" and not standard:
                names.add(symbol[3])
        return names


class BuiltIn(PackageTest):
    """Projects on the library's own kernels."""
    OUTPUT = "0 0 1 2 1 0 0 0 built-in 8\n"

    def test_cmake(self):
        self.configure(HERE / "builtin", f"-DC_SOURCE={SETUP.c_source}")
        self.build()
        self.assertEqual(self.program("consumer"), self.OUTPUT)
        self.program("c_consumer")
        if (self.folder / "build" / "gpu_consumer").exists():
            self.program("gpu_consumer")

    def test_pkg_config(self):
        found = list(self.stage.glob("lib/**/pkgconfig"))
        self.assertEqual(len(found), 1)
        flags = run(["pkg-config", "--cflags", "--libs", "conv1d_files"], env={"PKG_CONFIG_PATH": str(found[0])}).split()
        (self.folder / "build").mkdir()
        compiler = self.compiler("CXX")
        run([compiler, "-std=c++17", HERE / "builtin" / "main.cpp", "-o", self.folder / "build" / "consumer", *flags])
        self.assertEqual(self.program("consumer"), self.OUTPUT)
        flags = run(["pkg-config", "--cflags", "--libs", "conv1d"], env={"PKG_CONFIG_PATH": str(found[0])}).split()
        run([self.compiler("C"), "-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror", SETUP.c_source, "-o",
             self.folder / "build" / "c_consumer", *flags])
        self.program("c_consumer")

    @staticmethod
    def compiler(language):
        for option in SETUP.cmake_option:
            if "TOOLCHAIN" in option:
                return "aarch64-linux-gnu-" + {"C": "gcc", "CXX": "g++"}[language]
        return {"C": "gcc", "CXX": "g++"}[language]

    def test_has_no_path_of_the_build(self):
        paths = {str(SETUP.build), str(HERE.parent.parent), str(SETUP.halide)}
        for file in self.stage.rglob("*"):
            if file.is_file() and file.suffix != ".a":
                text = file.read_bytes()
                self.assertEqual([path for path in paths if path.encode() in text], [], file)

    def test_components(self):
        project = HERE / "builtin"
        options = f"-DC_SOURCE={SETUP.c_source}"
        self.configure(project, options, "-DCOMPONENTS=conv1d;files;OPTIONAL_COMPONENTS;nonsense")
        output = " ".join(self.configure(project, options, "-DCOMPONENTS=files;nonsense", expected=1).split())
        self.assertIn("component 'nonsense' is not in this package; expected one of conv1d files", output)

    def test_headers_hide_the_namespace(self):
        for file in self.headers():
            self.assertNotRegex(file.read_text(), r"(?m)^namespace conv1d", file)

    def headers(self):
        return [file for file in (self.stage / "include" / "conv1d").iterdir() if file.suffix == ".h"]

    def test_needs_no_compiler_of_halide(self):
        dev = [file for file in self.stage.rglob("*") if file.is_file() and "include" in file.parts]
        self.assertGreater(len(dev), 15)
        for file in dev:
            self.assertNotRegex(file.read_text(), r'#include [<"]Halide\.h', file)


@unittest.skipIf("--halide" not in " ".join(sys.argv), "no generator in this build")
class Generated(PackageTest):
    """A project that generates kernels for its layers."""
    MODEL = """{} libraries, a table
convolution: specialised, the same bits
upsampling: specialised, the same bits
causal: specialised, the same bits
other: built-in, the same bits
"""

    def halide(self):
        return f"-DCONV1D_HALIDE_DIR={SETUP.halide}"

    def generated(self, output):
        return re.findall(r"Generating (\S+) for (\S+)", output)

    def test_a_model(self):
        project = self.folder / "project"
        shutil.copytree(HERE / "generated", project)
        self.configure(project, self.halide())
        self.assertEqual(len(self.generated(self.build())), 4)
        self.assertEqual(self.program("model"), self.MODEL.format(2))
        self.assertEqual(self.program("model_without_unused_sections"), self.MODEL.format(2))
        self.assertEqual(self.program("model_lto"), self.MODEL.format(2))
        self.assertEqual(self.program("model_over_a_library"), "11\n")
        self.assertEqual(self.program("model_over_shared_libraries"), "5 6\n")
        for library, namespace in {"shared": "5model", "shared_with_others": "6others"}.items():
            names = self.exported(self.folder / "build" / f"lib{library}.so")
            self.assertIn(f"_ZN{namespace}5tiersEv", names)
            self.assertEqual([name for name in names if not re.match(f"_ZNK?{namespace}", name)], [])
        self.assertEqual(self.exported(self.folder / "build" / "libshared_in_c.so"), {"is_specialised"})
        self.rebuild(project)

    def rebuild(self, project):
        self.assertEqual(self.generated(self.build()), [])
        layers = project / "layers.txt"
        layers.write_text(layers.read_text().replace("f4_k4", "f6_k4"))
        self.assertEqual([layer for layer, _ in self.generated(self.build("--target", "model"))],
                         ["tconv_c16_f6_k4_s2_p1x1"])
        self.assertIn("upsampling: built-in", self.program("model"))
        self.assertIn("convolution: specialised", self.program("model"))
        layers.write_text(layers.read_text() + "conv_c3_q2\n")
        output = self.cmake("--build", self.folder / "build", expected=1)
        self.assertIn("layers.txt:4: problem string 'conv_c3_q2'", " ".join(output.split()))

    def test_targets(self):
        if "TOOLCHAIN" in " ".join(SETUP.cmake_option):
            self.skipTest("arm-64 has one target")
        self.configure(HERE / "generated", self.halide(), "-DTARGETS=x86-64-cuda;x86-64")
        done = self.generated(self.build("--target", "model"))
        self.assertEqual({target for layer, target in done if layer.startswith("tconv")}, {"x86-64-cuda", "x86-64"})
        self.assertIn("other: built-in", self.program("model"))


@unittest.skipIf("--halide" not in " ".join(sys.argv), "no generator in this build")
class Errors(PackageTest):
    """Wrong calls of conv1d_add_kernels(), each an error of CMake that names what is wrong."""

    def test_wrong_calls(self):
        halide = f"-DCONV1D_HALIDE_DIR={SETUP.halide}"
        layers = self.folder / "layers.txt"
        layers.write_text("# a model\n\nconv_c3_f4_k3\nconv_c3_f4_k3_l55\n")
        empty = self.folder / "empty.txt"
        empty.write_text("# nothing\n")
        wrong = {
            "builtin_kernels LAYERS conv_c3": "the name is one of conv1d, or of the compiler",
            "linux LAYERS conv_c3": "the name is one of conv1d, or of the compiler",
            "k LAYERS conv_c3 TARGET x86-64": "keyword 'TARGET' is unknown; expected LAYERS, TARGETS or SCHEDULE",
            "k conv_c3": "argument 'conv_c3' is unknown",
            "k TARGETS x86-64": "LAYERS is missing",
            "k LAYERS": "LAYERS is missing or empty",
            "k LAYERS layers.txt conv_c3": "LAYERS has 'layers.txt' and others; expected a single file",
            "k LAYERS CMakeLists.txt": "CMakeLists.txt:2: problem string 'cmake_minimum_required(VERSION 3.25)'",
            "k LAYERS conv_act-relu_act-slope-0.1": "act-slope-0.1 is given; expected act-leaky-relu with it",
            "k LAYERS tconv_c3_pad-replicate": "pad- is given; expected a convolution",
            "k LAYERS conv_pad-1e39": "1e+39 is beyond float32; expected at most 3.4e38",
            "k LAYERS conv_c3_act-reluu": "'act-reluu' is not understood; expected act- with one of none relu",
            "k-2 LAYERS conv_c3": "the name is 'k-2'",
            "export LAYERS conv_c3": "the name is a keyword of C++",
            "k LAYERS conv_k3 conv_k2000000000_d9": "LAYERS, entry 2: problem string 'conv_k2000000000_d9'",
            "k LAYERS conv_n16_c64_l3_f64_k3_s4 TARGETS x86-64-avx512 SCHEDULE x86/avx512_positions":
                "schedule 'x86/avx512_positions' rejects the problem: its stride is not 1",
            "k LAYERS conv_c3 conv_z9": "LAYERS, entry 2: problem string 'conv_z9': 'z9' is not understood",
            "k LAYERS conv_c4_g3": "LAYERS, entry 1: problem string 'conv_c4_g3': channels is 4",
            "k LAYERS nowhere.txt": "nowhere.txt: is no file that can be read; expected a file of layers, or problem strings",
            f"k LAYERS {layers}": f"{layers}:4: conv_c3_f4_k3 is a layer of {layers}:3, too",
            f"k LAYERS {empty}": f"{empty}: has no layer",
            "k LAYERS conv_c3 TARGETS x86-64-avx9": "target 'x86-64-avx9' is unknown; expected one of x86-64",
            "k LAYERS conv_c3 TARGETS x86-64 x86-64": "target 'x86-64' is given twice",
            "k LAYERS conv_c3 TARGETS arm-64": "target 'arm-64' is not for CMAKE_SYSTEM_PROCESSOR 'x86_64'",
            "k LAYERS conv_c3 SCHEDULE x86/magic": "schedule 'x86/magic' is unknown; expected one of",
            "k LAYERS conv_c3_f8 conv_c3_f8_k3_s2 TARGETS x86-64-avx2 SCHEDULE x86/avx2_positions":
                "LAYERS, entry 2: conv_c3_f8_k3_s2: on x86-64-avx2, schedule 'x86/avx2_positions' rejects the problem: "
                "its stride is not 1",
            "k LAYERS conv_float64_c3 TARGETS x86-64-cuda": "conv_float64_c3 has no schedule for x86-64-cuda",
        }
        for call, sentence in wrong.items():
            with self.subTest(call):
                output = self.configure(HERE / "errors", halide, "-DCALL=" + call.replace(" ", ";"), expected=1)
                self.assertIn(" ".join(sentence.split()), " ".join(output.split()))
        self.configure(HERE / "errors", halide, "-DCALL=k;LAYERS;conv_c3;SCHEDULE;")
        output = self.configure(HERE / "errors", halide, "-DCALL=k;LAYERS;conv_c3;SCHEDULE;portable/any\\;x86/rows", expected=1)
        self.assertIn("SCHEDULE is 'portable/any;x86/rows'; expected one row", " ".join(output.split()))

    def test_cross_builds_name_their_targets(self):
        cross = ("-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=x86_64", f"-DCONV1D_HALIDE_DIR={SETUP.halide}")
        for call, sentence in (("k;LAYERS;conv_c3", "TARGETS is missing; a cross build for x86-64 needs it"),
                               ("k;LAYERS;conv_c3;TARGETS;host", "target 'host' is the processor that configures")):
            output = self.configure(HERE / "errors", *cross, f"-DCALL={call}", expected=1)
            self.assertIn(sentence, " ".join(output.split()))

    def test_names_of_files_and_libraries(self):
        """A file may begin like a problem string, and a library may have the name that one would think of first."""
        layers = self.folder / "conv_layers.txt"
        layers.write_text("conv_c3_f4_k3\n")
        self.configure(HERE / "errors", f"-DCONV1D_HALIDE_DIR={SETUP.halide}", f"-DCALL=kernels;LAYERS;{layers}")
        self.assertIn("Generating conv_c3_f4_k3", self.build())

    def test_files_with_a_byte_order_mark(self):
        for text in ("\ufeffconv_c3_f4_k3\n", "\ufeff# a model\nconv_c3_f4_k3\n"):
            layers = self.folder / "layers.txt"
            layers.write_text(text, encoding="utf-8")
            self.configure(HERE / "errors", f"-DCONV1D_HALIDE_DIR={SETUP.halide}", f"-DCALL=k;LAYERS;{layers}")
        self.assertIn("Generating conv_c3_f4_k3", self.build())

    def test_again_after_the_generator_changed(self):
        """The variable of the environment is kept for the build, which looks at the program that the script runs."""
        stage = self.folder / "stage"
        shutil.copytree(self.stage, stage)
        self.stage = stage
        self.configure(HERE / "errors", "-DCALL=k;LAYERS;conv_c3", env={"CONV1D_HALIDE_DIR": str(self.home())})
        self.assertIn("Generating conv_c3", self.build())
        self.assertNotIn("Generating", self.build())
        (stage / "libexec" / "conv1d" / "conv1d_generate").touch()
        self.assertIn("Generating conv_c3", self.build())

    def test_without_halide(self):
        call = "-DCALL=k;LAYERS;conv_c3"
        output = " ".join(self.configure(HERE / "errors", call, expected=1).split())
        self.assertIn("CONV1D_HALIDE_DIR is not set; expected the folder of Halide", output)
        output = " ".join(self.configure(HERE / "errors", call, "-DCONV1D_HALIDE_DIR=/usr", expected=1).split())
        self.assertIn("CONV1D_HALIDE_DIR is '/usr', which has no libHalide.so", output)
        output = " ".join(self.configure(HERE / "errors", call, "-UCONV1D_HALIDE_DIR", env={"CONV1D_HALIDE_DIR": "usr"},
                                         expected=1).split())
        self.assertIn("CONV1D_HALIDE_DIR is 'usr'; expected an absolute path", output)
        self.configure(HERE / "errors", call, "-UCONV1D_HALIDE_DIR", env={"CONV1D_HALIDE_DIR": str(self.home())})

    def test_halide_from_where_cmake_is_started(self):
        self.configure(HERE / "errors", "-DCALL=k;LAYERS;conv_c3", f"-DCONV1D_HALIDE_DIR={self.home().name}",
                       cwd=self.home().parent)
        self.assertIn("Generating conv_c3", self.build())

    @staticmethod
    def home():
        """The folder above that of the library, as its Python package has it."""
        return SETUP.halide.parent if SETUP.halide.name in ("lib", "lib64") else SETUP.halide

    def test_without_the_generator(self):
        dev = self.folder / "dev"
        shutil.copytree(self.stage, dev, ignore=shutil.ignore_patterns("bin", "libexec"))
        self.stage = dev
        output = " ".join(self.configure(HERE / "errors", "-DCALL=k;LAYERS;conv_c3", expected=1).split())
        self.assertIn("bin/conv1d_generate is not there; expected the package conv1d-generator", output)


class Debian(PackageTest):
    """The packages that CPack makes."""

    def setUp(self):
        super().setUp()
        cpack = Path(SETUP.cmake).with_name("cpack")
        run([cpack, "-G", "DEB", "--config", SETUP.build / "CPackConfig.cmake", "-B", self.folder / "debs"])
        self.debs = {deb.name.split("_")[0]: deb for deb in (self.folder / "debs").glob("*.deb")}

    def field(self, package, name):
        return run(["dpkg-deb", "-f", self.debs[package], name]).strip()

    def files(self, package):
        lines = run(["dpkg-deb", "-c", self.debs[package]]).splitlines()
        for line in lines:
            self.assertRegex(line, r"^[-dl]rw[-x]r-[-x]r-[-x] (root/root|0/0) ", "only root writes")
        return {line.split()[5].lstrip(".") for line in lines if not line.endswith("/")}

    def test_packages(self):
        self.assertEqual(set(self.debs), {"conv1d-dev", "conv1d-generator"})
        for package in self.debs:
            self.assertEqual(self.field(package, "Package"), package)
            self.assertEqual(self.field(package, "Architecture"), run(["dpkg", "--print-architecture"]).strip())
            self.assertIn("conv1d developers", self.field(package, "Maintainer"))
            self.assertLess(len(self.field(package, "Description").splitlines()[0]), 80)
            self.assertIn(f"/usr/share/doc/{package}/copyright", self.files(package))
        self.assertEqual(self.field("conv1d-dev", "Depends"), "libc6-dev")
        self.assertRegex(self.field("conv1d-generator", "Depends"), r"libc6 \(>= .*libstdc\+\+6 \(>= ")
        self.assertIn("conv1d-dev (=", self.field("conv1d-generator", "Recommends"))

        dev = self.files("conv1d-dev")
        for pattern in (r"/usr/lib/\S+/libconv1d\.a", r"/usr/lib/\S+/libconv1d_files\.a", r"/usr/include/conv1d/conv1d\.h",
                        r"/usr/include/conv1d/halide/HalideRuntime\.h", r"/usr/lib/\S+/pkgconfig/conv1d\.pc",
                        r"/usr/lib/\S+/cmake/Conv1d/Conv1dConfig\.cmake", r"/usr/lib/\S+/cmake/Conv1d/Conv1dKernels\.cmake"):
            self.assertTrue([file for file in dev if re.fullmatch(pattern, file)], pattern)
        self.assertEqual([file for file in dev if "/bin/" in file or ".so" in file], [])
        programs = {"/usr/bin/conv1d", "/usr/bin/conv1d_generate", "/usr/bin/conv1d_list_kernels",
                    "/usr/libexec/conv1d/conv1d_generate", "/usr/share/doc/conv1d-generator/copyright"}
        self.assertEqual(self.files("conv1d-generator"), programs)
        self.unpacked()

    def unpacked(self):
        """What is unpacked is what `cmake --install` gave, and works where it lies."""
        for deb in self.debs.values():
            run(["dpkg-deb", "-x", deb, self.folder / "root"])
        root = self.folder / "root" / "usr"
        copyright = (root / "share/doc/conv1d-dev/copyright").read_text()
        for notice in ("The conv1d developers", "MIT CSAIL, Google, Facebook, Adobe, NVIDIA CORPORATION"):
            self.assertIn(notice, copyright)
        names = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
        self.assertEqual(names, {str(p.relative_to(SETUP.stage)) for p in SETUP.stage.rglob("*") if p.is_file()})
        self.assertNotIn("RUNPATH", run(["readelf", "-d", root / "libexec/conv1d/conv1d_generate"]))
        self.stage = root
        self.configure(HERE / "errors", f"-DCONV1D_HALIDE_DIR={SETUP.halide}", "-DCALL=k;LAYERS;conv_c3")
        self.assertIn("Generating conv_c3", self.build())
        self.assertIn("conv1d", run([root / "bin" / "conv1d", "--version"]))


if __name__ == "__main__":
    SETUP = read_arguments()
    unittest.main(argv=[sys.argv[0], *SETUP.names], verbosity=2)
