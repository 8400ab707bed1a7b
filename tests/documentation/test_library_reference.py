"""docs/library.md and the library tell the same."""

import ast

from documentation import library_reference
from toolkit.environment import ROOT

TEXT = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")


def test_it_is_what_the_docstrings_make():
    assert library_reference.reference() == TEXT, (
        "run: python3 tests/documentation/library_reference.py > docs/library.md"
    )


def test_every_public_name_is_there():
    assert {"Server", "Response", "FileResponse", "route"} == set(library_reference.public_names())
    for name in library_reference.public_names():
        assert f"`{name}(" in TEXT


def test_every_parameter_is_explained():
    tree = ast.parse(library_reference.SOURCE.read_text(encoding="utf-8"))
    functions = [
        member
        for node in tree.body
        if getattr(node, "name", "") in library_reference.public_names()
        for member in (node.body if isinstance(node, ast.ClassDef) else [node])
        if getattr(member, "name", "") in ("__init__", "start", "route")
    ]
    assert len(functions) >= 5
    for function in functions:
        for argument in function.args.args:
            if argument.arg != "self":
                assert f"- `{argument.arg}`" in TEXT, f"{function.name}: {argument.arg}"
