"""Compiling for the board with CircuitPython's mpy-cross, and refusing any other."""

import stat
from pathlib import PurePosixPath

import pytest
from deployment import samples
from toolkit.errors import ToolkitError
from toolkit.payload import mpy

CIRCUITPYTHON = "CircuitPython 10.3.1 on 2026-07-02; mpy-cross emitting mpy v6.3"
MICROPYTHON = "MicroPython v1.29.0 on 2026-06-04; mpy-cross emitting mpy v6.3"


@pytest.fixture
def mpy_cross(tmp_path, monkeypatch):
    """Puts a stand-in for mpy-cross on PATH that says a version and writes what it was called with."""

    def install(version):
        program = tmp_path / "bin" / "mpy-cross"
        program.parent.mkdir()
        program.write_text(
            "#!/bin/sh\n"
            f'[ "$1" = --version ] && echo "{version}" && exit\n'
            'grep -q broken "$5" && echo "SyntaxError: invalid syntax" >&2 && exit 1\n'
            '{ echo "$1 $2"; cat "$5"; } > "$4"\n'
        )
        program.chmod(program.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setenv("PATH", str(program.parent), prepend=":")

    return install


@pytest.mark.parametrize("version", [(10, 0), (10, 3), (10, 9)])
def test_the_boards_major_version_fits(mpy_cross, version):
    mpy_cross(CIRCUITPYTHON)
    assert mpy.unusable(version) == ""


def test_another_major_version_does_not(mpy_cross):
    mpy_cross(CIRCUITPYTHON)
    assert mpy.unusable((9, 2)) == "mpy-cross is for CircuitPython 10, the board has 9"


def test_micropythons_does_not(mpy_cross):
    mpy_cross(MICROPYTHON)
    assert mpy.unusable((10, 3)).startswith(
        "the mpy-cross on PATH is not CircuitPython's, which is at"
    )


def test_none_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert mpy.unusable((10, 3)).startswith("there is no mpy-cross on PATH")


def test_libraries_are_compiled_and_the_rest_is_left(mpy_cross):
    mpy_cross(CIRCUITPYTHON)
    files = samples.paths(
        {"lib/app/one.py": "one", "lib/font.bin": "f", "code.py": "c", "boot.py": "b"}
    )
    compiled = mpy.compiled(files)
    assert compiled == samples.paths(
        {"lib/app/one.mpy": "-s one.py\none", "lib/font.bin": "f", "code.py": "c", "boot.py": "b"}
    )


def test_a_mistake_is_told_with_its_file(mpy_cross):
    mpy_cross(CIRCUITPYTHON)
    with pytest.raises(
        ToolkitError, match=r"lib/a\.py can't be compiled: SyntaxError: invalid syntax"
    ):
        mpy.compiled({PurePosixPath("lib/a.py"): b"broken"})
