"""Understanding the JSON that a request brings. Used on demand."""

import json

from micropython import const

_MAX_ITEMS = const(300)  # of a JSON body; deeper or longer ones would fill the memory


def parse(body):
    """The object in a request's body as a dict; raises ValueError with a sentence."""
    content = bytes(body)
    if sum(content.count(mark) for mark in (b"[", b"{", b",")) > _MAX_ITEMS:
        raise ValueError("The body has too many app.")
    try:
        value = json.loads(content)
    except (ValueError, RuntimeError):  # RuntimeError: nested too deeply
        raise ValueError("The body is not valid JSON.")
    if not isinstance(value, dict):
        raise ValueError("The body is not a JSON object.")
    return value
