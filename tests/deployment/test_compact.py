"""Modules without comments and docstrings: the same statements on the same lines."""

import ast

import pytest
from toolkit.environment import ROOT
from toolkit.payload.compact import compact

SOURCE = b'''\
# SPDX-License-Identifier: MIT
"""Docstring
of the module."""

import os  # why

VALUE = "# no comment"  # a comment
TEXT = """several
    lines   # kept
"""


class Thing:
    """Docstring."""

    size = 3  # mm

    def empty(self):
        """Only a docstring."""

    def area(self, other=(1,
                          2)):
        """Docstring."""
        # explains
        return f"{self.size:>{other[0]}} #" if self.size > \\
            2 else ""


def one_line(): "alone"; return 1
'''


def test_comments_and_docstrings_go_and_the_lines_stay():
    lines = compact(SOURCE).decode().splitlines()
    assert lines[0] == "# SPDX-License-Identifier: MIT"
    assert lines[1:3] == ["", ""]
    assert lines[4] == "import os"
    assert lines[6] == 'VALUE = "# no comment"'
    assert lines[8] == "    lines   # kept"
    assert lines[13:15] == ["", ""]
    assert lines[15] == " size = 3"
    assert lines[18] == '  """Only a docstring."""'
    assert lines[23] == ""


def test_the_result_runs_alike():
    results = []
    for source in (SOURCE, compact(SOURCE)):
        names = {}
        exec(compile(source, "module", "exec"), names)  # noqa: S102 - the sample above
        thing = names["Thing"]()
        results.append(
            (names["VALUE"], names["TEXT"], thing.area(), thing.empty(), names["one_line"]())
        )
    assert results[0] == results[1]


def test_it_is_smaller_and_compacting_again_changes_nothing():
    once = compact(SOURCE)
    assert len(once) < len(SOURCE) * 0.8
    assert compact(once) == once


@pytest.mark.parametrize(
    "source",
    [
        b"def broken(:\n",
        b"x = '\xff'\n",
        b"if x:\n\ty = 1\n        z = 2\n",
        b"match x:\n  case 1 ->\n",
    ],
)
def test_what_python_cannot_read_is_left_for_the_board_to_tell(source):
    assert compact(source) == source


@pytest.mark.parametrize("indent", ["  ", "\t", "   ", "     "])
def test_any_indentation_keeps_its_meaning(indent):
    source = f"if 1:\n{indent}# note\n{indent}if 2:\n{indent * 2}x = 1\n{indent}y = 2\n".encode()
    assert ast.dump(ast.parse(compact(source))) == ast.dump(ast.parse(source))


@pytest.mark.parametrize("file", sorted((ROOT / "lib").rglob("*.py")), ids=lambda file: file.name)
def test_every_module_of_the_project_keeps_its_statements(file):
    source = file.read_bytes()
    result = compact(source)
    assert statements(result) == statements(source)
    only_text = not statements(source)  # it stays: without it the module would be empty
    assert len(result) < len(source) or only_text or b"#" not in source and b'"""' not in source


def statements(source):
    """Every statement with its line, but for docstrings."""
    tree = ast.parse(source)
    return [
        (type(node).__name__, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and not is_text(node)
    ]


def is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
