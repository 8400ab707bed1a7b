"""Python modules without comments and docstrings, which CircuitPython doesn't keep either.

It saves a third of their size on the drive. Every statement stays on its line, so that tracebacks from the board
name the lines of the source. The result is compared with the source as a syntax tree: nothing but docstrings may differ.
"""

import ast
import io
import re
import tokenize

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_INDENT = 4
_LICENCE = re.compile(r"SPDX|copyright|licen[cs]e", re.IGNORECASE)


def compact(source: bytes) -> bytes:
    """Return a module with the same statements on the same lines; the source itself where that can't be done."""
    try:
        text = source.decode("utf-8-sig").replace("\r\n", "\n")
        result = _shortened(text)
        if _meaning(result) == _meaning(text):
            return result.encode()
    except (SyntaxError, UnicodeDecodeError, tokenize.TokenError):
        pass  # The board will say what is wrong with it.
    return source


def _shortened(text: str) -> str:
    tree = ast.parse(text)
    docstrings = set().union(*(_lines(node) for node in _docstrings(tree)), ())
    in_strings = set().union(*(_lines(node)[1:] for node in _long_strings(tree)), ())
    comments = _comments(text)
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if number in docstrings:
            line = ""
        elif number not in in_strings:
            line = _indented(line[: comments.get(number, len(line))].rstrip())
        lines.append(line)
    return "\n".join(lines).rstrip("\n") + "\n"


def _lines(node) -> range:
    return range(node.lineno, node.end_lineno + 1)


def _docstrings(tree) -> list:
    """Return the docstrings that a further statement follows; alone, one is the body."""
    found = []
    for node in ast.walk(tree):
        if (
            isinstance(node, _DOCUMENTED)
            and len(node.body) > 1
            and ast.get_docstring(node) is not None
        ):
            one_of_line = node.body[1].lineno > node.body[0].end_lineno
            own_line = isinstance(node, ast.Module) or node.body[0].lineno > node.lineno
            if one_of_line and own_line:
                found.append(node.body[0])
    return found


def _long_strings(tree) -> list:
    kinds = (ast.Constant, ast.JoinedStr)
    return [
        node for node in ast.walk(tree) if isinstance(node, kinds) and node.end_lineno > node.lineno
    ]


def _comments(text: str) -> dict[int, int]:
    """Return {line: column} of the comments, but not of those that tell the licence."""
    return {
        token.start[0]: token.start[1]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT and not _LICENCE.search(token.string)
    }


def _indented(line: str) -> str:
    """One blank for each level."""
    blanks = len(line) - len(line.lstrip(" "))
    return " " * -(-blanks // _INDENT) + line[blanks:]


def _meaning(text: str) -> tuple:
    """Return the syntax tree without docstrings, and the line of each of its parts."""
    tree = ast.parse(text)
    docstrings = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED):
            node.body = [part for part in node.body if part not in docstrings]
    lines = [
        (type(node).__name__, node.lineno) for node in ast.walk(tree) if hasattr(node, "lineno")
    ]
    return ast.dump(tree), lines
