"""The settings.toml that the project ships, made from the schema.

    python3 tests/app/shipped_settings.py > settings.toml

A test compares the file with what this makes of the schema, so neither can change alone.
"""

import itertools
import json
import pathlib
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]

HEAD = """\
# The settings of the data logger. Change them here over USB, or in the browser.
# NAME = value, one per line: texts in double quotes, whole numbers without. Yes is 1 and no is 0,
# and numbers with a point stand in quotes, because CircuitPython 9 reads nothing else.

# Memory for nested calls, in bytes. Read by CircuitPython itself.
CIRCUITPY_PYSTACK_SIZE = 4096
"""


def read_schema():
    """The content of settings_schema.json."""
    return json.loads((ROOT / "lib/datalogger/settings_schema.json").read_text("utf-8"))


def shipped_settings(schema, encode):
    """The text of the file. schema: the content of settings_schema.json; encode: as in
    toml_subset."""
    lines = [HEAD]
    for group in schema["groups"]:
        lines.append(f"\n# --- {group['label']} ---\n")
        for row in schema["settings"]:
            if row["group"] == group["name"]:
                lines.append(f"\n{comment(row)}{row['key']} = {encode(row['default'])}\n")
    return "".join(lines)


def comment(row):
    """What stands above a setting."""
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
        values = f"{row['min']} to {row['max']} {row['unit']}".strip()
    text = f"{row['label']} ({values}). {row['help']}"
    if row["restart"]:
        text += " Takes effect at the next start."
    return (
        textwrap.fill(" ".join(text.split()), 98, initial_indent="# ", subsequent_indent="# ")
        + "\n"
    )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "lib"))
    from datalogger.rare.toml_subset import encode

    sys.stdout.write(shipped_settings(read_schema(), encode))
