"""Whatever clients send and whenever they leave, the server goes on and leaks nothing."""

import pytest
from hypothesis import HealthCheck, given, settings

from .cases_requests import LIMIT
from .client import Client, Malformed, parse
from .harness import VMS
from .plans import CONNECTIONS, PLANS
from .test_contract import CASES, answer_bystander, run_case, settle

PAST_THE_LIMIT = 11000  # ms, more than request_timeout_seconds
BRIEF = 100  # examples per bench that always run
BENCHES = [(vm, kind) for vm in VMS for kind in ("limited", "stock", "unpollable")]
# The board's sockets in both interpreters; a few examples are enough for the other kinds.
THOROUGH = [("cpython", "limited", 2000), ("micropython", "limited", 2000)]


def _examples(count):
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("vm_and_kind", BENCHES, ids="-".join)
def test_nothing_harms_the_server(make_bench, vm_and_kind):
    _try_plans(make_bench, *vm_and_kind, BRIEF)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("vm", "kind", "count"), THOROUGH)
def test_nothing_harms_the_server_thoroughly(make_bench, vm, kind, count):
    _try_plans(make_bench, vm, kind, count)


def _try_plans(make_bench, vm, kind, count):
    bench = make_bench(vm, kind)

    @_examples(count)
    @given(plan=PLANS)
    def try_plan(plan):
        nonlocal bench
        bench.forget()
        try:
            _carry_out(bench, plan)
        except BaseException:
            bench.close()
            bench = make_bench(vm, kind)  # the next example must not suffer from this one
            raise

    try:
        try_plan()
    finally:
        bench.close()


def _carry_out(bench, plan):
    if bench.kind == "limited":
        bench.tell("script", plan.sends, plan.receives)
    clients = [None] * CONNECTIONS
    try:
        for event in plan.events:
            _act(bench, clients, event)
        answer_bystander(bench)
        for client in clients:
            if client:
                client.step(20)
                client.read()
    finally:
        for client in clients:
            if client:
                client.close()
    if bench.kind == "limited":
        bench.tell("script", [], [])
    if any(_sent(plan, number) > LIMIT for number in range(CONNECTIONS)):
        # While the buffer is full, only the time limit notices that a client is gone
        bench.advance(PAST_THE_LIMIT)
    settle(bench)
    for client in clients:
        if client:
            check_well_formed(bytes(client.received), client.closed)


def _sent(plan, connection):
    """Bytes that a client tries to send."""
    size = 0
    for event in plan.events:
        if event.connection == connection and event.what in ("send", "cut"):
            size += len(event.value if event.what == "send" else event.value[0])
    return size


def _act(bench, clients, event):
    if event.what == "step":
        bench.step(event.value)
        return
    if event.what == "advance":
        bench.advance(event.value)
        bench.step(3)
        return
    client = clients[event.connection]
    if client is None:
        client = clients[event.connection] = Client(bench)
        bench.step(2)
    if event.what == "send":
        client.try_send(event.value)
    elif event.what == "cut":
        data, size = event.value
        for start in range(0, len(data), size):
            client.try_send(data[start : start + size])
            bench.step()
    elif event.what == "read":
        client.read(event.value)
    elif event.what == "half_close":
        client.half_close()
    else:
        client.abort() if event.what == "abort" else client.close()
        check_well_formed(bytes(client.received), client.closed)
        clients[event.connection] = None
        bench.step(3)


def check_well_formed(data, closed):
    """The bytes are responses, one after the other; the last one may be cut.

    The request is not known, so each response may be that to a HEAD.
    """
    if not data:
        return
    fault = None
    for method in ("GET", "HEAD"):
        try:
            parsed = parse(data, method, closed)
            if parsed is not None and parsed[0].complete:
                check_well_formed(data[parsed[1] :], closed)
            return
        except Malformed as error:
            fault = fault or error
    raise fault


def test_malformed_answers_are_noticed():
    good = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    check_well_formed(good + good, True)
    check_well_formed(good + b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" + good, True)  # HEAD
    check_well_formed(good + good[:9], False)
    for bad in (
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200\r\n\r\n",
        good + b"rest" + good,
        good.replace(b"Content-Length: 2", b"Content Length: 2"),
        good.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"),
        good.replace(b"Content-Length: 2", b"X: a\nY: b"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ):
        with pytest.raises(Malformed):
            check_well_formed(bad, True)


@pytest.mark.slow
@pytest.mark.parametrize("vm", ["cpython", "micropython"])
def test_all_cases_leak_no_memory(make_bench, vm):
    """The third run of all cases of the contract leaves no more in use than the second."""
    bench = make_bench(vm, "limited")
    cases = [
        parameters.values[1] for parameters in CASES if parameters.values[0] == (vm, "limited")
    ]
    used = []
    try:
        for _ in range(3):
            for case in cases:
                try:
                    run_case(bench, case)
                except AssertionError:
                    pass  # test_contract reports it
            bench.forget()
            used.append(bench.memory())
    finally:
        bench.close()
    assert used[2] - used[1] <= (64 if vm == "cpython" else 512), used
