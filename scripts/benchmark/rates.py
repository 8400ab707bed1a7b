"""Requests per second, with four clients that never wait."""

import time
from itertools import chain

from .load import Crowd, check_work, keeps_connections
from .server_process import ServerError, with_enough_heap
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

        def attempt(server, keep_alive=keep_alive):
            if not keep_alive:
                check_work(server.port, setting)
            elif not keeps_connections(server.port, setting):
                return {}
            return {
                key: _rate(server, request, keep_alive, setting)
                for key, (_, request, kept) in _KINDS.items()
                if kept == keep_alive
            }

        more = {"keep_alive": keep_alive}
        try:
            found |= with_enough_heap(
                attempt, contender, "beside_serve", setting, _LIFE_SECONDS, **more
            )
        except ServerError as error:
            found["problem"] = str(error)
    return found


def _rate(server, request, keep_alive, setting):
    crowd = Crowd(server.port, [request] * _CLIENTS, setting, keep_alive)
    for seconds in (_WARM_UP_SECONDS, setting.choose(0.15, 0.06)):
        start = time.perf_counter()
        visits = list(chain(*crowd.run(lambda end=start + seconds: time.perf_counter() < end)))
        passed = time.perf_counter() - start
    count = len(visits)
    missing = sum(not right for _, right in visits)
    if missing or not count:
        raise ServerError(f"{missing} of {count} requests for {request} were not answered")
    return count / passed


TOPIC = Topic(
    "rates",
    "Requests per second: share of the limit",
    "More is better; no entry: it can't. The limit sends one TCP segment a step, as is safe on a board; a server that "
    "reads a file whole and sends more at once can be ahead of it.",
    tuple(
        Figure(key, title, HIGHER, "{:,.0f}".format, of_limit=True)
        for key, (title, _, _) in _KINDS.items()
    ),
    _measure,
    rounds=(15, 2),
)
