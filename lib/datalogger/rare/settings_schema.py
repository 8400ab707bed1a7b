"""Reads settings_schema.json: key, type, range, default, help and more, one setting per line. It is
read when needed, because memory is scarce. What a line lacks of unit, help and restart is empty."""

import json

from micropython import const

from ..on_demand import on_demand

_LINES = const(27)  # of the file as it is shipped: with another number it may lack some
_PATH = __file__.rsplit("/", 2)[0] + "/settings_schema.json"  # beside settings.py


def groups():
    """The groups of settings as JSON text."""
    with open(_PATH, "rb") as file:
        line = file.readline().decode().strip()
    return line[line.find("[") : -1]


def rows(log=None):
    """All settings as dicts, as GET /api/settings tells them but for their values (a generator,
    to be run to its end). In the place of lines that can't be read come the defaults that the app
    was made with. log: a Log that is told of such."""
    keys = []
    for line in _lines():
        if line.startswith(b'{"key"'):
            try:
                row = {"unit": "", "help": "", "restart": False}
                row.update(json.loads(line[: line.rfind(b"}") + 1]))
                _check(row)
            except (ValueError, KeyError, TypeError):
                continue
            keys.append(row["key"])
            yield row
    if len(keys) == _LINES:
        return
    for row in on_demand("settings_defaults").missing(keys):
        if log:
            log.error("The list of settings lacks %s; deploy again." % row["key"])
        yield row


def _lines():
    try:
        with open(_PATH, "rb") as file:
            yield from file
    except OSError:  # the file itself is not there
        pass


def _check(row):
    """Raises KeyError, TypeError or ValueError where a row lacks what the app works with."""
    kind = row["type"]
    kinds = {"int": int, "float": (int, float), "bool": bool, "text": str, "choice": str}[kind]
    texts = (row["key"], row["group"], row["unit"], row["label"], row["help"])
    if not isinstance(row["default"], kinds) or not isinstance("".join(texts), str):
        raise ValueError
    if kind == "choice" and row["default"] not in row["choices"]:
        raise ValueError
    if kind in ("int", "float", "text") and not row["min"] <= row["max"]:
        raise ValueError
    row["secret"]
