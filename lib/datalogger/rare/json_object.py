"""Parses the JSON body of a request."""

import json

from micropython import const

# Brackets, braces and commas of a body: more could fill the memory.
_MAX_ITEMS = const(300)


def parse(body):
    """The object in a request's body as a dict; raises ValueError with a sentence."""
    content = bytes(body)
    if sum(content.count(mark) for mark in (b"[", b"{", b",")) > _MAX_ITEMS:
        raise ValueError("The body has too many items.")
    try:
        value = json.loads(content)
    except (ValueError, RuntimeError):  # RuntimeError: nested too deeply
        raise ValueError("The body is not valid JSON.")
    if not isinstance(value, dict):
        raise ValueError("The body is not a JSON object.")
    return value
