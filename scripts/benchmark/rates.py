"""Requests per second, with four clients that never wait, in rounds that go round all servers."""

import itertools

from .contenders import LIMIT
from .enough_heap import heap_note, with_enough_heap
from .load import Crowd, WrongAnswer, check_work, keeps_connections
from .server_process import HEAP, ServerError

# name of the figure: (request, over kept connections)
KINDS = {
    "new": ("json", False),
    "kept": ("json", True),
    "file": ("file", False),
    "file_kept": ("file", True),
    "post": ("post", False),
}
_CLIENTS = 4
_WARM_UP_REQUESTS = 40
_LIFE_SECONDS = 120


def measure(contenders, setting):
    """{"rates": {kind: {name: [a rate or None per round]}}, "problems": {name: sentence}} in one interpreter."""
    rates = {kind: {contender.name: [] for contender in contenders} for kind in KINDS}
    problems = {}
    for number in range(setting.plan.rounds):
        turn = number % len(contenders)
        for contender in [*contenders[turn:], *contenders[:turn]]:
            setting.progress.step(
                f"requests per second, {setting.vm}, round {number + 1}: {contender.name}"
            )
            for keep_alive in (False, True):
                kinds = [kind for kind, (_, kept) in KINDS.items() if kept == keep_alive]
                if keep_alive and not contender.keep_alive:
                    found = {}
                else:
                    found = _one_process(contender, setting, kinds, keep_alive, problems)
                for kind in kinds:
                    rates[kind][contender.name].append(found.get(kind))
    return {"rates": rates, "problems": problems}


def _one_process(contender, setting, kinds, keep_alive, problems):
    """{kind: rate}, as far as the server gets."""
    name = contender.name
    found = {}

    def attempt(server):
        found.clear()
        if not keep_alive:
            check_work(server.port, setting.files.data)
        elif not keeps_connections(server.port):
            return
        for kind in kinds:
            found[kind] = _rate(server.port, kind, setting)

    options = {"keep_alive": keep_alive} if name == LIMIT else {}
    try:
        _, heap = with_enough_heap(
            attempt, contender, setting, "beside_serve", _LIFE_SECONDS, options=options
        )
        if heap > HEAP:
            problems[name] = heap_note(name, heap)
    except ServerError as error:
        problems[name] = f"{name}: {error}"
    return found


def _rate(port, kind, setting):
    plan = setting.plan
    request, keep_alive = KINDS[kind]
    crowd = Crowd(port, itertools.repeat(request), setting.files.data, _CLIENTS, keep_alive)
    crowd.run(plan.rate_seconds, _WARM_UP_REQUESTS)
    answers, seconds = crowd.run(plan.rate_seconds, plan.most_requests)
    if crowd.failed:
        raise WrongAnswer(f"{crowd.failed} connections of {crowd.failed + answers} broke")
    if not answers:
        raise WrongAnswer(f"no answer to {request} in {seconds:.1f} s")
    return answers / seconds
