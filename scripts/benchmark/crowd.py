"""A board with all its places taken: what a client waits, and what the program beside the server feels."""

from .load import Crowd, SlowClients
from .server_process import ServerError, with_enough_heap
from .topic import LOWER, Figure, Topic, milliseconds

_DISCARD_SECONDS = 0.3
_MAX_TIMES = 4  # that a run may last as long as planned, on a machine that makes it wait


def _measure(contender, setting):
    measured = setting.choose(2, 0.4)
    more = {"discard_seconds": _DISCARD_SECONDS, "measure_seconds": measured}

    def attempt(server):
        crowd = Crowd(server.port, ("json", "file", "post"), setting)
        with SlowClients(server.port):
            visits, *_ = crowd.run(lambda: not server.is_over("steps"))
        steps = server.result("steps")
        if not steps["frames"]:
            raise ServerError("not a single frame in time")
        figures = {key: steps[key] / 1000 for key in ("step", "p50", "p99", "latest")}
        return {**figures, **_waiting(visits), "lost": steps["lost"] / steps["frames"]}

    seconds = (_DISCARD_SECONDS + measured) * _MAX_TIMES
    return with_enough_heap(attempt, contender, "beside_steps", setting, seconds, **more)


def _waiting(visits):
    answered = sum(right for _, right in visits)
    if not answered:
        return {"wait": "no answer"}
    waits = sorted(1000 * seconds for seconds, _ in visits)
    return {
        "wait": waits[len(waits) // 2],
        "wait99": waits[int(len(waits) * 0.99)],
        "unanswered": 1 - answered / len(visits),
    }


TOPIC = Topic(
    "crowd",
    "Five clients at once",
    "One asks for small answers, one for files, one posts, one sends its request byte by byte and one doesn't read its "
    "answer. Waiting: of the first, from opening its connection to the end of the answer, 5 s at most. Beside the server runs an "
    "animation with a frame every 20 ms. Less is better.",
    (
        Figure("wait", "waiting, median", LOWER, milliseconds),
        Figure("wait99", "waiting, 99 %", LOWER, milliseconds),
        Figure("unanswered", "no answer", LOWER, "{:.1%}".format),
        Figure("step", "longest step", LOWER, milliseconds),
        Figure("p50", "frame late, median", LOWER, milliseconds),
        Figure("p99", "frame late, 99 %", LOWER, milliseconds),
        Figure("latest", "frame late, longest", LOWER, milliseconds),
        Figure("lost", "frames lost", LOWER, "{:.0%}".format),
    ),
    _measure,
    rounds=(5, 1),
)
