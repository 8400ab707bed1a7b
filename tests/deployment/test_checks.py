"""Mistakes in a payload that are found before it travels."""

import json
import re

import pytest
from deployment import samples
from toolkit.environment import ROOT
from toolkit.errors import ToolkitError
from toolkit.payload import checks, mpy

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
    for other in checks.NEEDED:
        (tmp_path / other).mkdir()
    (tmp_path / name).rmdir()
    with pytest.raises(ToolkitError, match=f"{name} is missing in"):
        checks.refuse_missing(tmp_path)
