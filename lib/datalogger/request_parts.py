"""What the modules requests_….py have in common. Used on demand."""

import json

from micropython import const

_MOST_PARTS = const(300)  # of a JSON body; deeper or longer ones would fill the memory


def json_list(items):
    """Texts with commas between them (a generator); None passes through."""
    comma = ""
    try:
        for item in items:
            if item is None:
                yield None
            else:
                yield comma + item
                comma = ","
    finally:
        items.close()


def parse_object(body):
    """The JSON object in a request's body as a dict; raises ValueError with a sentence."""
    content = bytes(body)
    if sum(content.count(mark) for mark in (b"[", b"{", b",")) > _MOST_PARTS:
        raise ValueError("The body has too many parts.")
    try:
        value = json.loads(content)
    except (ValueError, RuntimeError):  # RuntimeError: nested too deeply
        raise ValueError("The body is not valid JSON.")
    if not isinstance(value, dict):
        raise ValueError("The body is not a JSON object.")
    return value


def query_value(query_params, name, default=None):
    """The value of `name` in a query string, "" when it has none; else default."""
    for pair in query_params.split("&"):
        key, _, value = pair.partition("=")
        if key == name:
            return value
    return default


def query_number(query_params, name):
    """The whole part of the number given as `name` in a query string, in tenths; -1 without."""
    whole, _, fraction = query_value(query_params, name, "").partition(".")
    if not whole.isdigit() or len(whole) > 9:
        return -1
    return int(whole) * 10 + (int(fraction[0]) if fraction[:1].isdigit() else 0)
