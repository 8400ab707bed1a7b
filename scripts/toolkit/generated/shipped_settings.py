"""The settings.toml that the project ships, made from the schema of the settings."""

import json
import textwrap
from pathlib import Path

from .. import board_code

HEAD = """\
# Settings of the data logger. The browser explains them. The board holds all of this in memory
# while it is saved: keep it short.

# Bytes of memory for Python, in one piece (the rest is the network's), and for nested calls.
CIRCUITPY_HEAP_START_SIZE = 139264
CIRCUITPY_PYSTACK_SIZE = 4096
"""


def text(root: Path) -> str:
    """Return the text of settings.toml for the project at `root`."""
    schema = read_schema(root)
    encode = board_code.load(root / "lib/datalogger/rare/toml_subset.py").encode
    lines = [HEAD]
    for group in schema["groups"]:
        lines.append(f"\n# --- {group['label']} ---\n\n")
        for row in schema["settings"]:
            if row["group"] == group["name"]:
                lines.append(f"{_comment(row)}{row['key']} = {encode(row['default'])}\n")
    return "".join(lines)


def read_schema(root: Path) -> dict:
    """Return the content of settings_schema.json."""
    return json.loads((root / "lib/datalogger/settings_schema.json").read_text("utf-8"))


def _comment(row: dict) -> str:
    """Return the comment above a setting: what it is, and what may be there. Only a text that is
    written in a certain way needs its help here, too."""
    kind = row["type"]
    if kind == "choice":
        values = " or ".join(f'"{choice}"' for choice in row["choices"])
    elif kind == "bool":
        values = "true or false"
    elif kind == "text":
        values = f"up to {row['max']} characters"
    else:
        values = f"{row['min']} to {row['max']} {row.get('unit', '')}".strip()
    sentence = f"{row['label']} ({values})"
    if "pattern" in row or "check" in row:
        sentence += f". {row['help']}"
    return textwrap.fill(sentence, 98, initial_indent="# ", subsequent_indent="# ") + "\n"
