"""How long a client waits for an answer while one client dribbles its request and another doesn't read its answer."""

import time

from .contenders import LIMIT
from .device import work
from .enough_heap import with_enough_heap
from .load import ask
from .server_process import ServerError
from .slow_clients import SlowClients

_WARM_UP_REQUESTS = 5
_TIMEOUT_SECONDS = 5
_SETTLE_SECONDS = 0.2
_MOST_FAILURES = 3


def measure(contenders, setting):
    """{name: [per round: {"p50", "p90", "p99", "longest" in ms, "count", "failed"} or {"problem": text}]}"""
    found = {contender.name: [] for contender in contenders}
    for number in range(setting.plan.latency_rounds):
        for contender in contenders:
            rounds = found[contender.name]
            if rounds and "problem" in rounds[-1]:
                continue
            setting.progress.step(
                f"latency beside slow clients, {setting.vm}, round {number + 1}: {contender.name}"
            )
            try:
                rounds.append(_one(contender, setting))
            except ServerError as error:
                rounds.append({"problem": str(error)})
    return found


def _one(contender, setting):
    seconds = setting.plan.latency_seconds

    def attempt(server):
        return _ask_beside_slow_clients(server, seconds)

    options = {"keep_alive": False} if contender.name == LIMIT else {}
    life = seconds + 6 * _TIMEOUT_SECONDS
    (durations, failed), heap = with_enough_heap(
        attempt, contender, setting, "beside_serve", life, options=options
    )
    durations.sort()

    def percentile(share):
        return 1000 * durations[min(len(durations) - 1, int(share * len(durations)))]

    return {
        "p50": percentile(0.5),
        "p90": percentile(0.9),
        "p99": percentile(0.99),
        "longest": 1000 * durations[-1],
        "count": len(durations),
        "failed": failed,
        "heap": heap,
    }


def _ask_beside_slow_clients(server, seconds):
    """(seconds of each answer, number of questions without one)"""
    request = work.request_of("json", False)
    durations = []
    failed = 0
    for _ in range(_WARM_UP_REQUESTS):
        ask(server.port, request, _TIMEOUT_SECONDS)
    with SlowClients(server.port):
        time.sleep(_SETTLE_SECONDS)
        end = time.monotonic() + seconds
        while time.monotonic() < end and failed < _MOST_FAILURES:
            start = time.perf_counter()
            answer = ask(server.port, request, _TIMEOUT_SECONDS)
            if answer.status == 200 and answer.body == work.JSON_BODY.encode():
                durations.append(time.perf_counter() - start)
            else:
                failed += 1
                if not durations:
                    break
    if not durations:
        raise ServerError(f"no answer within {_TIMEOUT_SECONDS} s")
    return durations, failed
