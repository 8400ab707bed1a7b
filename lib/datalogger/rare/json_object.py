"""Receives and parses the JSON body of a request."""

import json

from micropython import const

from ..web.answers import refusal

MAX_BYTES = const(1024)  # of a body: no allocation shall be larger; the page sends a form in parts
# Brackets, braces and commas of a body: more could fill the memory.
_MAX_ITEMS = const(64)


def receive(headers):
    """Take a body that comes in pieces (a generator). Returns it, or the Response that refuses
    it."""
    too_large = refusal(413, "The body is larger than %d bytes." % MAX_BYTES)
    if int(headers.get("content-length", 0)) > MAX_BYTES:
        return too_large
    body = bytearray()
    while True:
        piece = yield
        if not piece:
            return body
        if len(body) + len(piece) > MAX_BYTES:
            return too_large
        body += piece


def parse(body):
    """The object in a request's body as a dict; raises ValueError with a sentence."""
    content = bytes(body)
    if sum([content.count(mark) for mark in (b"[", b"{", b",")]) > _MAX_ITEMS:
        raise ValueError("The body has too many items.")
    try:
        value = json.loads(content)
    except (ValueError, RuntimeError):  # RuntimeError: nested too deeply
        raise ValueError("The body is not valid JSON.")
    if not isinstance(value, dict):
        raise ValueError("The body is not a JSON object.")
    for key in value:
        if isinstance(value[key], str):
            value[key] = _joined(value[key])
    return value


def _joined(text):
    """The text with pairs of surrogates, as JSON writes characters beyond U+FFFF, in one:
    MicroPython keeps the halves."""
    pieces = []
    start = high = 0
    for index, character in enumerate(text):
        code = ord(character)
        if high and 0xDC00 <= code < 0xE000:
            pieces.append(text[start : index - 1])
            pieces.append(chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00))
            start = index + 1
        high = code if 0xD800 <= code < 0xDC00 else 0
    return "".join(pieces) + text[start:]
