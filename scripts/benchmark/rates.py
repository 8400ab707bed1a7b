"""Requests per second, with four clients that never wait."""

import time
from itertools import chain

from .load import crowd
from .server_process import ServerError, ServerProcess
from .topic import HIGHER, Figure, Topic

# key of the figure: (title, request, over kept connections)
_KINDS = {
    "new": ("new connection", "json", False),
    "kept": ("keep-alive", "json", True),
    "file": ("30 KB file", "file", False),
    "file_kept": ("file, keep-alive", "file", True),
    "post": ("8 KB POST", "post", False),
}
_CLIENTS = 4
_WARM_UP_SECONDS = 0.03
_LIFE_SECONDS = 60


def _measure(contender, setting):
    found = {}
    for keep_alive in (False, True) if contender.keep_alive else (False,):
        process = ServerProcess(
            contender, "beside_serve", setting, _LIFE_SECONDS, keep_alive=keep_alive
        )
        try:
            with process as server:
                server.wait_until_listening()
                for key, (_, request, kept) in _KINDS.items():
                    if kept == keep_alive:
                        found[key] = _rate(server, request, keep_alive, setting)
        except ServerError as error:
            if not keep_alive:
                raise
            found["problem"] = str(error)
    return found


def _rate(server, request, keep_alive, setting):
    for seconds in (_WARM_UP_SECONDS, setting.choose(0.15, 0.06)):
        start = time.perf_counter()
        end = start + seconds
        visits = crowd(
            server.port,
            [request] * _CLIENTS,
            setting,
            lambda end=end: time.perf_counter() < end,
            keep_alive,
        )
        passed = time.perf_counter() - start
    answered = [right for _, right in chain(*visits)]
    if not all(answered):
        raise ServerError(f"not all requests for {request} are answered")
    return len(answered) / passed


TOPIC = Topic(
    "rates",
    "Requests per second",
    "As a share of what the limit reaches in the same round, where it is measured too. More is better; no entry: it can't. "
    "The limit sends one TCP segment a step, as is safe on a board; a server that reads a file whole and sends more at once "
    "can be ahead of it.",
    tuple(
        Figure(key, title, HIGHER, "{:,.0f}".format, of_limit=True)
        for key, (title, _, _) in _KINDS.items()
    ),
    _measure,
    rounds=(15, 2),
)
