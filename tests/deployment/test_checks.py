"""Mistakes in a payload that are found before it travels."""

import json
import re

import pytest
from deployment import samples
from toolkit.environment import ROOT
from toolkit.errors import ToolkitError
from toolkit.payload import checks, ladder, mpy

SCHEMA = (ROOT / checks.SCHEMA).read_text("utf-8")


def problem_of(files):
    with pytest.raises(ToolkitError) as error:
        checks.refuse_broken(samples.paths(files))
    return error.value.message


def test_the_project_is_sound():
    checks.refuse_missing(ROOT)
    checks.refuse_broken(samples.paths({str(checks.SCHEMA): SCHEMA, "code.py": "x = 1\n"}))


@pytest.mark.parametrize("compiler", [True, False], ids=["mpy-cross", "Python's own"])
@pytest.mark.parametrize("path", ["boot.py", "code.py", "lib/app/one.py"])
def test_a_mistake_is_named_with_file_line_and_reason(path, compiler, monkeypatch):
    monkeypatch.setattr(mpy, "is_available", lambda: compiler)
    problem = problem_of({path: "x = 1\n\nreturn return\n"})
    assert re.fullmatch(rf"{path}, line 3: SyntaxError: .*", problem)


def test_what_only_the_board_can_not_read_is_found():
    assert "code.py, line 1: SyntaxError" in problem_of({"code.py": "match x:\n case 1: pass\n"})


def test_all_problems_are_named_at_once():
    broken = {"code.py": "(", "lib/a.py": ")", "lib/a.json": "{,}", "lib/good.py": "x = 1"}
    names = [line.partition(",")[0] for line in problem_of(broken).splitlines()]
    assert names == ["code.py", "lib/a.py", "lib/a.json"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1\n "b": 2}', "lib/a.json, line 2: Expecting ',' delimiter."),
        ("", "lib/a.json, line 1: Expecting value."),
        ("[" * 100_000, "lib/a.json: nested too deeply."),
    ],
)
def test_json_that_does_not_parse_is_named_with_its_line(text, problem):
    assert problem_of({"lib/a.json": text}) == problem


def test_json_in_another_encoding_is_refused():
    (path,) = samples.paths({"lib/a.json": ""})
    assert checks.json_problems(path, b'"\xe4"') == ["lib/a.json: not UTF-8 text (byte 1)."]


def changed(setting, **values):
    """The schema with one setting changed; a value of None removes the field."""
    lines = SCHEMA.splitlines()
    for number, line in enumerate(lines):
        if f'"key": "{setting}"' in line:
            row = {**json.loads(line.rstrip(",")), **values}
            row = {name: value for name, value in row.items() if value is not None}
            lines[number] = json.dumps(row) + ("," if line.endswith(",") else "")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("key", "values", "problem"),
    [
        ("SAMPLE_SECONDS", {"default": 0}, "the default 0 is outside min and max"),
        ("SAMPLE_SECONDS", {"default": "60"}, "the default '60' is not of type int"),
        ("SAMPLE_SECONDS", {"default": True}, "the default True is not of type int"),
        ("SAMPLE_SECONDS", {"max": None}, "min or max is missing"),
        ("SAMPLE_SECONDS", {"label": None}, "label is missing or of the wrong type"),
        ("SAMPLE_SECONDS", {"restart": 1}, "restart is missing or of the wrong type"),
        ("SAMPLE_SECONDS", {"type": "number"}, "there is no type number"),
        ("SAMPLE_SECONDS", {"group": "elsewhere"}, "there is no group elsewhere"),
        ("WIFI_MODE", {"default": "both"}, "the default 'both' is none of the choices"),
        ("ADMIN_PASSWORD", {"default": "short"}, "the default 'short' is outside min and max"),
        ("AP_SSID", {"key": "AP_PASSWORD"}, "AP_PASSWORD is there twice"),
    ],
)
def test_an_unsound_schema_is_named_with_its_line(key, values, problem):
    found = problem_of({str(checks.SCHEMA): changed(key, **values)})
    assert re.fullmatch(rf"{checks.SCHEMA}, line \d+: (\w+: )?{re.escape(problem)}\.", found)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "it has no list of settings"),
        (json.dumps(json.loads(SCHEMA)), "each setting on one of its own"),
        (json.dumps(json.loads(SCHEMA), indent=1), "each setting on one of its own"),
    ],
)
def test_a_schema_that_the_board_can_not_read_by_lines_is_refused(text, problem):
    assert problem in problem_of({str(checks.SCHEMA): text})


@pytest.mark.parametrize("name", checks.NEEDED)
def test_what_every_board_needs_may_not_be_missing(tmp_path, name):
    (tmp_path / "www").mkdir()
    for other in checks.NEEDED:
        (tmp_path / other).write_text("x = 1\n")
    (tmp_path / name).unlink()
    with pytest.raises(ToolkitError, match=f"{name} is missing in"):
        checks.refuse_missing(tmp_path)


OWN = {
    "boot.py": "from rescue import power_up\n",
    "lib/rescue/power_up.py": "from .update import needs\nneeds.is_ladder('')\n",
    "lib/rescue/update/needs.py": "def is_ladder(path):\n    pass\n",
    "lib/datalogger/__init__.py": "__version__ = '1'\n",
    "lib/datalogger/app.py": "from . import __version__\nfrom .web.access import Access\nimport json\njson.x\n",
    "lib/datalogger/web/access.py": "try:\n    pass\nexcept ValueError:\n    Access = None\n",
}


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("lib/rescue/power_up.py", None, "boot.py, line 1: there is no power_up in lib/rescue."),
        (
            "lib/rescue/update/needs.py",
            "def is_step():\n    is_ladder = 1\n",
            "lib/rescue/power_up.py, line 2: there is no is_ladder in lib/rescue/update/needs.py.",
        ),
        (
            "lib/datalogger/web/access.py",
            "class Gate:\n    pass\n",
            "lib/datalogger/app.py, line 2: there is no Access in lib/datalogger/web/access.py.",
        ),
        (
            "lib/datalogger/__init__.py",
            "",
            "lib/datalogger/app.py, line 1: there is no __version__ in lib/datalogger.",
        ),
    ],
)
def test_what_a_module_takes_from_another_one_must_be_there(path, text, problem):
    checks.refuse_broken(samples.paths(OWN))
    changed = {one: OWN[one] for one in OWN if one != path}
    if text is not None:
        changed[path] = text
    assert problem_of(changed) == problem


def test_a_module_in_another_encoding_is_refused():
    files = {**samples.paths({"code.py": ""}), **samples.paths({"lib/a.py": ""})}
    (path,) = samples.paths({"lib/a.py": ""})
    files[path] = b"x = '\xe4'\n"
    with pytest.raises(ToolkitError, match="lib/a.py, line 1: "):
        checks.refuse_broken(files)


def test_what_the_rescue_page_stands_on_may_not_be_missing():
    with pytest.raises(ToolkitError, match="lib/ehttpserver.py is missing"):
        ladder.complete(samples.paths({"lib/rescue/__init__.py": ""}))
