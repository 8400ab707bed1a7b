"""Builds answers, for all handlers."""

import json

from ehttpserver import Response
from micropython import const

_PIECE = const(400)  # characters of a streamed answer that are sent at once


def answer(body, status_code=200, content_type="application/json", headers=None):
    """A Response of the API. body: a dict, a text, bytes, a generator of texts, or an iterator of
    bytes that has a `close`."""
    if isinstance(body, dict):
        body = json.dumps(body)
    elif hasattr(body, "send"):
        body = batches(body)
    response = Response(body, status_code, content_type, headers)
    add = response.headers
    if "Cache-Control" not in add:
        add["Cache-Control"] = "no-store"
    harden(response)
    return response


class Watched:
    """The body of an answer that is made while it is sent. Its exceptions go to the log, because
    the server can only cut the connection by then."""

    def __init__(self, pieces, log, what, turn):
        """pieces: an iterator of bytes that has a `close`; log: a Log; what: method and path;
        turn: the Turn that ends with it, None without one."""
        self._pieces = pieces
        self._log = log
        self._what = what
        self._turn = turn

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return next(self._pieces)
        except StopIteration:
            raise
        except Exception as error:
            self._log.failure(self._what + " failed.", error)
            raise

    def close(self):
        """All is sent, or the client is gone."""
        if self._turn:
            self._turn.end()
        self._pieces.close()


def harden(response):
    """Add the headers of every answer: browsers trust its type, and pages of other sites can't load
    it."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"


def refusal(status_code, text, field=None, headers=None):
    """An error. text: a sentence for people; field: key of the input at fault."""
    body = {"error": text}
    if field:
        body["field"] = field
    return answer(body, status_code, headers=headers)


def batches(texts):
    """The texts as bytes, in pieces of about 400 bytes, unless a text is longer. For an empty text
    or None the piece is empty, and the server comes again in its next step."""
    pieces = []
    length = 0
    try:
        for text in texts:
            if not text:
                yield b""
                continue
            if length and length + len(text) > _PIECE:
                yield "".join(pieces).encode()
                pieces.clear()
                length = 0
            pieces.append(text)
            length += len(text)
        if pieces:
            yield "".join(pieces).encode()
    finally:
        texts.close()


def json_list(items):
    """Texts with commas between them (a generator); None stays None."""
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
