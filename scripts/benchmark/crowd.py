"""A board with all its places taken: what a client waits, and what the program beside the server feels."""

from .load import crowd, slow_clients
from .server_process import ServerError, ServerProcess
from .topic import LOWER, Figure, Topic, milliseconds

_DISCARD_SECONDS = 0.3
_MAX_TIMES = 4  # that a run may last as long as planned, on a machine that makes it wait


def _measure(contender, setting):
    measured = setting.choose(2, 0.4)
    more = {"discard_seconds": _DISCARD_SECONDS, "measure_seconds": measured}
    life = (_DISCARD_SECONDS + measured) * _MAX_TIMES
    with ServerProcess(contender, "beside_steps", setting, life, **more) as server:
        server.wait_until_listening()
        names = ("json", "file", "post")
        with slow_clients(server.port):
            visits, *_ = crowd(server.port, names, setting, lambda: not server.is_over("steps"))
        steps = server.result("steps")
    if not steps["frames"]:
        raise ServerError("not a single frame in time")
    return {
        **_waiting(visits),
        "step": steps["longest"] / 1000,
        "lost": steps["lost"] / steps["frames"],
    }


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
    "animation with a frame every 20 ms; of the frames that fall into one step of the server all but one are lost. Less is better.",
    (
        Figure("wait", "waiting, median", LOWER, milliseconds),
        Figure("wait99", "waiting, 99 %", LOWER, milliseconds),
        Figure("unanswered", "no answer", LOWER, "{:.1%}".format),
        Figure("step", "longest step", LOWER, milliseconds),
        Figure("lost", "frames lost", LOWER, "{:.0%}".format),
    ),
    _measure,
    rounds=(5, 1),
)
