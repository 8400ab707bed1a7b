"""Reads settings_schema.json: key, type, range, default, help and more, one setting per line. It is
read when needed, because memory is scarce."""

import json

_PATH = __file__.rsplit("/", 2)[0] + "/settings_schema.json"  # beside settings.py


def groups():
    """The groups of settings as JSON text."""
    with open(_PATH, "rb") as file:
        return file.readline().decode().strip()[len('{"groups": ') : -1]


def rows():
    """All settings as dicts, as in GET /api/settings but without their values (a generator, to be
    run to its end)."""
    with open(_PATH, "rb") as file:
        for line in file:
            if line.startswith(b'{"key"'):
                yield json.loads(line.strip().rstrip(b","))
