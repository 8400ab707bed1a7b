"""What a program beside the server feels: the longest step, and how late the frames of an animation are."""

import contextlib
from dataclasses import dataclass
from itertools import cycle

from .contenders import LIMIT, nothing
from .enough_heap import with_enough_heap
from .load import Crowd, WrongAnswer
from .server_process import ServerError
from .slow_clients import SlowClients

_DISCARD_SECONDS = 0.3
_MOST_TIMES = 4  # that a run may last as long as planned, on a machine that makes it wait


@dataclass(frozen=True)
class _Scene:
    """beside: module in device/ that measures, and tells it in `event`; plan: what the clients ask for in turn;
    slow: whether one that dribbles and one that doesn't read are there too.
    """

    title: str
    beside: str
    event: str
    plan: tuple
    clients: int
    slow: bool


_STEPS = _Scene(
    "longest step", "beside_steps", "steps", ("json", "file", "json", "post"), clients=3, slow=True
)
_FRAMES = _Scene(
    "20 ms animation", "beside_frames", "frames", ("file", "json", "json"), clients=5, slow=False
)


def measure_steps(contenders, setting):
    """{name: [per round: {"all": summary, "busy": summary} or {"problem": text}]}, durations in microseconds.

    Three clients ask without a pause, one dribbles, one doesn't read.
    """
    return _rounds(_STEPS, contenders, setting)


def measure_frames(contenders, setting):
    """{name: [per round: {"late": summary, "lost": frames} or {"problem": text}]}; five clients load pages."""
    return _rounds(_FRAMES, contenders, setting)


def _rounds(scene, contenders, setting):
    everyone = [nothing(), *contenders]
    found = {contender.name: [] for contender in everyone}
    for number in range(setting.plan.steps_rounds):
        for contender in everyone:
            setting.progress.step(
                f"{scene.title}, {setting.vm}, round {number + 1}: {contender.name}"
            )
            found[contender.name].append(_one(scene, contender, setting))
    return found


def _one(scene, contender, setting):
    seconds = (_DISCARD_SECONDS + setting.plan.steps_seconds) * _MOST_TIMES

    def attempt(server):
        if contender.program == nothing().program:
            return server.result(scene.event)
        crowd = Crowd(server.port, cycle(scene.plan), setting.files.data, scene.clients)
        with SlowClients(server.port) if scene.slow else contextlib.nullcontext():
            try:
                crowd.run(seconds, running=lambda: not server.has(scene.event))
            except WrongAnswer:  # one that the end of the process cut short is right
                if not server.has(scene.event):
                    raise
            return server.result(scene.event)

    more = {
        "options": {"keep_alive": False} if contender.name == LIMIT else {},
        "counting": scene.slow,
        "discard_seconds": _DISCARD_SECONDS,
        "measure_seconds": setting.plan.steps_seconds,
    }
    try:
        result, heap = with_enough_heap(attempt, contender, setting, scene.beside, seconds, **more)
    except ServerError as error:
        return {"problem": str(error)}
    result["heap"] = heap
    return result
