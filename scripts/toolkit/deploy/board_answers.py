"""What a board answers, taken only when it has the form that docs/api.md says: it may be broken, or none at all."""

import json
import re
from pathlib import PurePosixPath

from ..errors import ToolkitError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class OddAnswer(ToolkitError):
    """Whoever answers is no data logger."""

    def __init__(self, url: str):
        super().__init__(f"{url} answers, but not as a data logger. Is the address right?")


def decoded(url: str, body: bytes):
    """Return the JSON value of an answer; None for an empty one."""
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        raise OddAnswer(url) from None


def status(url: str, answer) -> dict:
    """Return the status: every part of it that a deployment reads is there or absent, but never of a wrong type."""
    if not isinstance(answer, dict) or not answer:
        raise OddAnswer(url)
    for part, names in (("board", ("name", "id", "uid", "firmware")), ("drive", ("owner",))):
        values = answer.get(part, {})
        if not isinstance(values, dict):
            raise OddAnswer(url)
        if not all(_is_line(values.get(name, "")) for name in names):
            raise OddAnswer(url)
    if not _is_line(answer.get("update", "")):
        raise OddAnswer(url)
    if not _is_number(answer.get("uptime_s", 0)):
        raise OddAnswer(url)
    return answer


def listing(url: str, answer) -> dict:
    """Return GET /api/deploy: "files" and "waiting" as {path: {"size", "sha256"}}, "state", "free" (bytes)."""
    try:
        files = {PurePosixPath(file["path"]): file for file in answer["files"]}
        found = answer.get("waiting")
        waiting = {PurePosixPath(file["path"]): file for file in found or ()}
        there = [*files.values(), *(one for one in waiting.values() if one["sha256"] is not None)]
        sound = all(_is_size(file["size"]) for file in [*there, *waiting.values()])
        sound = sound and all(_SHA256.fullmatch(file["sha256"]) for file in there)
        sound = sound and all(_is_line(str(path)) for path in (*files, *waiting))
        free, state = answer["free"], answer.get("state", "")
    except (TypeError, KeyError, AttributeError):
        raise OddAnswer(url) from None
    if not sound or not _is_size(free) or not _is_line(state):
        raise OddAnswer(url)
    if found is None:
        raise ToolkitError(
            "The version on the board can't take an update in one step yet. Deploy by cable once."
        )
    return {"files": files, "waiting": waiting, "state": state, "free": free}


def commit(url: str, answer) -> dict:
    """Return what POST /api/deploy says: "restarting" and "way_back"."""
    if not isinstance(answer, dict) or not all(
        isinstance(answer.get(name), bool) for name in ("restarting", "way_back")
    ):
        raise OddAnswer(url)
    return answer


def error_of(answer) -> str:
    """Return the reason that a refusal gives; empty when it gives none."""
    reason = answer.get("error", "") if isinstance(answer, dict) else ""
    return " ".join(reason.split()) if isinstance(reason, str) else ""


def _is_line(value) -> bool:
    """Whether it is a text that can't pass for lines of the script that shows it."""
    return isinstance(value, str) and "\n" not in value


def _is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_size(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**40
