"""The settings.toml that the project ships, made from the schema of the settings."""

import itertools
import json
import textwrap
from pathlib import Path

from .. import board_code

HEAD = """\
# The settings of the data logger. Change them here over USB, or in the browser.
# NAME = value, one per line: texts in double quotes, whole numbers without. Yes is 1 and no is 0,
# and numbers with a point stand in quotes, because CircuitPython 9 reads nothing else.

# Memory for Python, in bytes and in one piece: the rest is the network's. Read by CircuitPython
# itself.
CIRCUITPY_HEAP_START_SIZE = 139264

# Memory for nested calls, in bytes. Read by CircuitPython itself.
CIRCUITPY_PYSTACK_SIZE = 4096
"""


def text(root: Path) -> str:
    """Return the text of settings.toml for the project at `root`."""
    schema = read_schema(root)
    encode = board_code.load(root / "lib/datalogger/rare/toml_subset.py").encode
    lines = [HEAD]
    for group in schema["groups"]:
        lines.append(f"\n# --- {group['label']} ---\n")
        for row in schema["settings"]:
            if row["group"] == group["name"]:
                lines.append(f"\n{_comment(row)}{row['key']} = {encode(row['default'])}\n")
    return "".join(lines)


def read_schema(root: Path) -> dict:
    """Return the content of settings_schema.json."""
    return json.loads((root / "lib/datalogger/settings_schema.json").read_text("utf-8"))


def _comment(row: dict) -> str:
    """Return the comment above a setting."""
    kind = row["type"]
    if kind == "choice":
        purposes = [f" to {label[0].lower()}{label[1:]}" for label in row.get("choice_labels", ())]
        choices = itertools.zip_longest(row["choices"], purposes, fillvalue="")
        values = " or ".join(f'"{choice}"{purpose}' for choice, purpose in choices)
    elif kind == "bool":
        values = "1 or 0"
    elif kind == "text":
        values = f"{row['min']} to {row['max']} characters"
        if row.get("optional"):
            values += ", or empty"
    else:
        values = f"{row['min']} to {row['max']} {row.get('unit', '')}".strip()
    sentence = f"{row['label']} ({values}). {row.get('help', '')}"
    if row.get("restart"):
        sentence += " Takes effect at the next start."
    return (
        textwrap.fill(" ".join(sentence.split()), 98, initial_indent="# ", subsequent_indent="# ")
        + "\n"
    )
