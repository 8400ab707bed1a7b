"""docs/library.md and the library agree."""

import ast

from toolkit.environment import ROOT
from toolkit.generated import library_reference

TEXT = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")


def test_every_public_name_is_there():
    assert {"Server", "Response", "FileResponse", "route"} == set(
        library_reference.public_names(ROOT)
    )
    for name in library_reference.public_names(ROOT):
        assert f"`{name}(" in TEXT


def test_every_parameter_is_explained():
    tree = ast.parse((ROOT / library_reference.SOURCE).read_text(encoding="utf-8"))
    functions = [
        member
        for node in tree.body
        if getattr(node, "name", "") in library_reference.public_names(ROOT)
        for member in (node.body if isinstance(node, ast.ClassDef) else [node])
        if getattr(member, "name", "") in ("__init__", "start", "route")
    ]
    assert len(functions) >= 5
    for function in functions:
        for argument in function.args.args:
            if argument.arg != "self":
                assert f"- `{argument.arg}`" in TEXT, f"{function.name}: {argument.arg}"
