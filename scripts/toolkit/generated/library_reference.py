"""docs/library.md, made from the docstrings of lib/ehttpserver.py."""

import ast
import re
from pathlib import Path

SOURCE = "lib/ehttpserver.py"

HEAD = """\
# The library

`lib/ehttpserver.py` is one file. It imports `adafruit_ticks` and what CircuitPython has built in. This page is made
from its docstrings by `python3 scripts/generate.py`. What the server answers to each kind of request is in
[http.md](http.md).

"""

_PARAMETER = re.compile(r"^:param (?:(\w+) )?(\w+): (.*)$")


def text(root: Path) -> str:
    """Return the text of docs/library.md for the project at `root`."""
    tree = ast.parse((root / SOURCE).read_text(encoding="utf-8"))
    introduction = ast.get_docstring(tree).split("\n\n")[1:]
    for_users = "\n\n".join(part for part in introduction if "``_" not in part)
    parts = [HEAD + _markdown(for_users)]
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and _is_public(node.name):
            parts += _of_class(node)
        elif isinstance(node, ast.FunctionDef) and _is_public(node.name):
            parts += [f"## `{_signature(node)}`", _markdown(ast.get_docstring(node))]
    return "\n\n".join(parts) + "\n"


def public_names(root: Path) -> list[str]:
    """Return the names that programs may import."""
    tree = ast.parse((root / SOURCE).read_text(encoding="utf-8"))
    kinds = (ast.ClassDef, ast.FunctionDef)
    return [n.name for n in tree.body if isinstance(n, kinds) and _is_public(n.name)]


def _is_public(name):
    return not name.startswith("_")


def _of_class(node):
    methods = [member for member in node.body if isinstance(member, ast.FunctionDef)]
    made_by = next((method for method in methods if method.name == "__init__"), None)
    arguments = _arguments(made_by) if made_by else ""
    bases = f", a {ast.unparse(node.bases[0])}" if node.bases else ""
    parts = [f"## `{node.name}({arguments})`{bases}", _markdown(ast.get_docstring(node))]
    for method in methods:
        if _is_public(method.name):
            parts += [f"### `{_signature(method)}`", _markdown(ast.get_docstring(method))]
    return parts


def _signature(function):
    return f"{function.name}({_arguments(function)})"


def _arguments(function):
    return ast.unparse(function.args).removeprefix("self, ").removeprefix("self")


def _markdown(docstring):
    """A docstring's paragraphs, parameters as a list and code in fences."""
    parts = []
    for paragraph in docstring.split("\n\n"):
        if paragraph.lstrip("\n").startswith("    "):
            code = "\n".join(line[4:] for line in paragraph.splitlines())
            if parts and parts[-1].endswith("```"):  # an empty line within the code
                parts[-1] = parts[-1][:-3] + f"\n{code}\n```"
            else:
                parts.append(f"```python\n{code}\n```")
        elif paragraph.startswith(":param"):
            parts.append(_parameters(paragraph))
        else:
            parts.append(paragraph.replace("``", "`").replace("::", ":"))
    return "\n\n".join(parts)


def _parameters(paragraph):
    lines = []
    for line in paragraph.splitlines():
        match = _PARAMETER.match(line)
        if match:
            kind = f" ({match[1]})" if match[1] else ""
            lines.append(f"- `{match[2]}`{kind}: {match[3]}")
        else:
            lines.append(line)
    return "\n".join(lines).replace("``", "`")
