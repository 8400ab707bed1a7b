"""Reads settings_schema.json: all that is known of each setting (key, type, range, default, help
...), one setting per line. It stays on the drive, because memory is scarce. Used on demand."""

import json

_PATH = __file__.rsplit("/", 2)[0] + "/settings_schema.json"  # beside settings.py


def groups():
    """The groups of settings as JSON text, as they stand in the schema."""
    with open(_PATH, "rb") as file:
        return file.readline().decode().strip()[len('{"groups": ') : -1]


def rows():
    """All settings as dicts, as GET /api/settings tells them but for their values (a generator,
    to be run to its end)."""
    with open(_PATH, "rb") as file:
        for line in file:
            if line.startswith(b'{"key"'):
                yield json.loads(line.strip().rstrip(b","))
