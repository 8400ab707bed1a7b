"""Every row of the contract, on every interpreter and kind of socket."""

import pytest

from . import cases_bodies, cases_files, cases_requests, cases_responses, cases_times
from .cases import CLOSED, EITHER, ENDED, KEPT, Abort, Each, Elapse, HalfClose, get
from .client import Client
from .conftest import BENCHES

_SETTLE = 60  # steps after each action
_LEAVE = 3000  # steps until a client that is gone must be forgotten

TABLES = {
    "requests": {**cases_requests.ALL, **cases_bodies.ALL, **cases_times.ALL},
    "responses": cases_responses.ALL,
    "files": cases_files.ALL,
}
CASES = [
    pytest.param((vm, kind), case, id=f"{vm}-{kind}-{table}-{row}-{case.name}".replace(" ", "_"))
    for vm, kind in BENCHES
    for table, rows in TABLES.items()
    for row, cases in rows.items()
    for case in cases
    if not case.only or kind in case.only
]


@pytest.mark.parametrize(("bench", "case"), CASES, indirect=["bench"])
def test_contract(bench, case):
    run_case(bench, case)


def run_case(bench, case):
    """Let a client do what the case says and check the outcome."""
    handled = bench.report()["handled"]
    bystanders = 0
    with Client(bench) as client:
        client.step(5)  # until it is accepted
        for number, action in enumerate(case.send):
            _act(client, action)
            if number == 0 or number == len(case.send) - 1:
                answer_bystander(bench)
                bystanders += 1
        answer = None
        for expected in case.expect:
            answer = client.answer(expected.method)
            expected.check(answer)
        followed = _check_end(client, case, answer)
    settle(bench)
    report = bench.report()
    if case.handled is not None:
        assert report["handled"] - handled - bystanders - followed == case.handled
    if case.more:
        case.more(report)


def _act(client, action):
    if isinstance(action, Each):
        for start in range(0, len(action.data), action.size):
            client.send(action.data[start : start + action.size])
    elif isinstance(action, Elapse):
        client.bench.advance(int(action.seconds * 1000))
        client.step(_SETTLE)
    elif isinstance(action, HalfClose):
        client.half_close()
        client.step(_SETTLE)
    elif isinstance(action, Abort):
        client.abort()
        client.closed = True
    else:
        client.send(action)
        client.step(_SETTLE)


def _check_end(client, case, answer):
    """Check that the connection is kept or closed as wanted; returns how many requests that took."""
    end = case.end
    if end == EITHER:
        end = ENDED if answer and answer.headers.get("connection") == "close" else KEPT
    if end == ENDED:
        check_ended(client)
    elif end == CLOSED:
        assert client.wait_closed(), "the connection is still open"
        assert not client.received, bytes(client.received[:300])
    elif end == KEPT:
        answer = client.request(get("/hello"))
        assert answer is not None, "the connection was closed"
        assert (answer.status, answer.body) == (200, b"hello")
        return 1
    return 0


def check_ended(client):
    """Nothing is answered any more, but the server waits: closing first would cost it memory."""
    client.step(_SETTLE)
    client.read()
    assert not client.closed, "the server closed first"
    client.try_send(get("/hello"))
    client.step(_SETTLE)
    client.half_close()
    assert client.wait_closed(), "the server doesn't notice that the client has closed"
    assert not client.reset
    assert not client.received, bytes(client.received[:300])


def answer_bystander(bench):
    """A normal request on another connection is answered."""
    with Client(bench) as other:
        answer = other.request(get("/bystander"))
        assert answer is not None and (answer.status, answer.body) == (200, b"here")


def settle(bench):
    """Once its clients are gone, the server keeps nothing of theirs; no step did too much."""
    for _ in range(_LEAVE // 50):
        bench.step(50)
        report = bench.report()
        if not report["connections"]:
            break
    assert report["connections"] == 0, "connections of clients that are gone"
    assert report["raised"] is None, report["raised"]
    assert report["generators_open"] == 0, "generators not closed"
    assert bench.open_files() == []
    assert report["violations"] == []
