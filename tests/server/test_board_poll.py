"""The server copes with what select.poll reports on a Pico W.

CircuitPython reports a listening socket as always readable (adafruit/circuitpython issue 8964), and
a connection that was reset as never readable.
"""

import pytest

from .cases import get, request
from .client import Client
from .test_contract import answer_bystander, settle
from .test_pressure import pass_time
from .test_rivals import ok

pytestmark = pytest.mark.parametrize(
    "bench", [("micropython", "board-poll")], indirect=True, ids="-".join
)

_UPLOAD = request(b"PUT", "/upload/a", b"Content-Length: 9", body=b"abc")
GONE = {
    "idle": b"",
    "in the line": b"GET / HT",
    "in an upload": _UPLOAD,
    "in a big answer": get("/big"),
    "in the events": get("/events"),
}


def test_connections_are_kept(bench):
    pass_time(bench, 2000)
    with Client(bench) as client:
        for _ in range(3):
            answer = client.request(get("/hello"))
            ok(answer)
            assert "connection" not in answer.headers
    settle(bench)


@pytest.mark.parametrize("where", GONE)
def test_a_reset_is_noticed_within_the_time_limits(bench, where):
    client = Client(bench)
    client.step(5)
    client.send(GONE[where])
    client.step(60)
    client.abort()
    for _ in range(25):  # the request's limit and then its answer's
        bench.advance(1000)
        bench.step(20)
    answer_bystander(bench)
    settle(bench)
