"""How long and how often is measured."""

from dataclasses import dataclass

MEASURES = {
    "rates": "requests per second: new connections, keep-alive, a 30 KB file, an 8 KB POST",
    "latency": "time to an answer while two slow clients are there",
    "steps": "the longest step, with five clients of which one dribbles and one doesn't read",
    "frames": "how late a 20 ms animation is while five clients load pages",
    "memory": "bytes per request, heap after import, smallest heap that serves, bytecode (MicroPython)",
    "faults": "what is survived",
}


@dataclass(frozen=True)
class Plan:
    """Seconds are per server and interpreter; the rounds go round all servers, so that all see the same weather."""

    rounds: int
    rate_seconds: float
    most_requests: int
    latency_rounds: int
    latency_seconds: float
    steps_rounds: int
    steps_seconds: float
    requests_counted: int
    heap_resolution: int
    patience_seconds: float
    one_interpreter: bool


FULL = Plan(
    rounds=15,
    rate_seconds=0.15,
    most_requests=2000,
    latency_rounds=5,
    latency_seconds=1,
    steps_rounds=5,
    steps_seconds=2,
    requests_counted=200,
    heap_resolution=1024,
    patience_seconds=15,
    one_interpreter=False,
)
QUICK = Plan(
    rounds=2,
    rate_seconds=0.06,
    most_requests=500,
    latency_rounds=1,
    latency_seconds=0.5,
    steps_rounds=1,
    steps_seconds=0.4,
    requests_counted=50,
    heap_resolution=16384,
    patience_seconds=5,  # a client that finds no place in the queue comes again after 1 and 3 s
    one_interpreter=True,
)
