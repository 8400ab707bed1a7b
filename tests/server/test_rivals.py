"""Faults that other small servers have, one test each."""

import errno
import itertools
import socket
import time

import pytest

from .cases import HOST, get, post, request
from .cases_files import LARGE
from .client import Client
from .conftest import BENCHES
from .harness import load
from .test_contract import answer_bystander, check_ended, settle

FAILING = [(vm, kind) for vm, kind in BENCHES if kind in ("limited", "unpollable")]


def both(params):
    return pytest.mark.parametrize("bench", params, indirect=True, ids="-".join)


def ok(answer, body=b"hello"):
    assert answer is not None and (answer.status, answer.body) == (200, body)


def patient(client, data, milliseconds=1000):
    """The answer to data, which must come within that time; it passes 10 ms at a time.

    Time before the server's system has accepted the connection does not count.
    """
    for _ in range(2000):
        if client.connected():
            break
        client.step(10)
        client.bench.advance(10)
        time.sleep(0.005)
    client.send(data)
    for _ in range(milliseconds // 10):
        client.read()
        if client.received or client.closed:
            break
        client.step(10)
        client.bench.advance(10)
    return client.answer()


def wait_for_more(client):
    """Let the server work until something came or it closed the connection."""
    before = len(client.received)
    client.wait(lambda: len(client.received) > before or client.closed)


def test_stale_bytes_are_not_searched_for_the_line_end(bench):
    """A short segment after a long request: what lies beyond it in the buffer is old."""
    with Client(bench) as client:
        ok(client.request(get("/hello", *[b"X: y"] * 20)))
        for data in (get("/hello"), get("/hello", b"X: " + b"\r\n".join([b"Y: z"] * 4))):
            for cut in (3, 4, 14, 20, len(data) - 1):
                client.send(data[:cut])
                client.step(5)
                client.send(data[cut:])
                ok(client.answer())
    for _ in range(5):  # also in the buffer of a connection that is gone
        with Client(bench) as client:
            client.send(b"GET /hel")
            client.step(5)
            client.send(get("/hello")[8:])
            ok(client.answer())
    settle(bench)


@pytest.mark.parametrize("path", ["/raise", "/raise-midway", "/nothing", "/raise-stop"])
def test_an_exception_in_a_handler_ends_nothing(bench, path):
    for _ in range(3):
        with Client(bench) as client:
            client.send(get(path))
            client.answer()
            answer_bystander(bench)
    settle(bench)


def test_default_headers_are_not_shared(bench):
    with Client(bench) as client:
        first = client.request(get("/shared-default")).body
        assert client.request(get("/shared-default")).body == first
        assert b"X-Kept" not in first
        assert "x-added" not in client.request(get("/hello")).headers


def test_headers_given_by_the_program_are_not_changed(bench):
    """One dict for several files: no header of one gets into the next."""
    with Client(bench) as client:
        for path, coded in (("only.html", True), ("plain.txt", False), ("one.bin", False)):
            answer = client.request(get("/shared-headers/" + path))
            assert answer.status == 200
            assert ("content-encoding" in answer.headers) == coded
            assert answer.headers["cache-control"] == "no-cache"
        ok(client.request(get("/shared-headers/one.bin")), b"1")
        assert client.request(get("/shared-headers/missing")).status == 404
        answer = client.request(get("/shared-headers/one.bin"))
        assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("count", [5, 50])
def test_idle_connections_lock_nobody_out(bench, count):
    """Silent connections delay others by half a second for each place and for each connection that
    waits in line before theirs: 16 at most."""
    idle = []
    for _ in range(count):
        idle.append(Client(bench))
        bench.advance(20)
        bench.step(4)
    with Client(bench) as client:
        ok(patient(client, get("/hello"), 1000 if count == 5 else 3000))
    for other in idle:
        other.close()
    with Client(bench) as client:  # until the system has forgotten those that it kept waiting
        ok(patient(client, get("/hello"), 3000))
    settle(bench)


def test_idle_connections_end_without_a_word(bench):
    """Browsers open connections in advance: it is no fault when their time is up."""
    with Client(bench) as fresh, Client(bench) as kept:
        ok(kept.request(get("/hello")))
        bench.advance(5100)
        assert fresh.wait_closed()
        assert kept.wait_closed()
        assert not fresh.received
    assert bench.report()["messages"] == ["Connection closed: time limit"] * 2
    settle(bench)


def test_kept_connections_lock_nobody_out(bench):
    """A browser that keeps its connections open gives way to another one."""
    kept = [Client(bench) for _ in range(5)]
    for client in kept:
        ok(patient(client, get("/hello")))
    with Client(bench) as client:
        ok(patient(client, get("/hello")))
    for client in kept:
        client.close()
    settle(bench)


def test_a_kept_connection_that_gives_way_is_not_the_busy_one(bench):
    """With four idle and one at work, an idle one goes."""
    busy = Client(bench)
    busy.send(get("/hello")[:-2])
    kept = [Client(bench) for _ in range(4)]
    for client in kept:
        ok(client.request(get("/hello")))
    with Client(bench) as client:
        ok(patient(client, get("/hello")))
    busy.send(b"\r\n")
    ok(busy.answer())
    for client in (*kept, busy):
        client.close()
    settle(bench)


def test_a_truncated_body_is_not_handed_over(bench):
    handled = bench.report()["handled"]
    for body in (b"", b"four", b"eight by"):
        with Client(bench) as client:
            client.send(request(b"POST", "/echo", b"Content-Length: 9", body=body))
            client.step(40)
            client.half_close()
            client.wait_closed()
    assert bench.report()["handled"] == handled
    settle(bench)


def test_a_long_download_outlasts_the_time_limit(bench):
    """A client that reads a little every eight seconds gets the whole file."""
    with Client(bench, receive_buffer=8192) as client:
        client.send(get("/file/large.bin"))
        elapsed = 0
        while len(client.received) < len(LARGE) and not client.closed:
            bench.step(20)
            wait_for_more(client)
            bench.advance(8000)
            elapsed += 8
        ok(client.answer(), LARGE)
    if bench.kind != "stock":  # stock sockets take the whole file at once
        assert elapsed > 20
    settle(bench)


def test_a_client_that_does_not_read_is_cut(bench):
    with Client(bench, receive_buffer=4096) as client:
        client.send(get("/endless"))
        bench.step(12000)  # until all buffers are full
        taken = bench.report()["taken"]
        seconds = 0  # since it took anything
        while seconds < 11:
            bench.advance(1000)
            bench.step(60)
            report = bench.report()
            # The system now and then finds room for more
            seconds = seconds + 1 if report["taken"] == taken else 0
            taken = report["taken"]
            if seconds < 10:
                assert report["connections"] == 1
        assert report["connections"] == 0
        answer_bystander(bench)
    settle(bench)


def test_several_that_do_not_read_harm_nobody(bench):
    """Four clients that stopped reading and one that wants an answer."""
    stuck = [Client(bench, receive_buffer=4096) for _ in range(4)]
    for client in stuck:
        client.send(get("/file/large.bin"))
    for _ in range(5):
        answer_bystander(bench)
        bench.step(200)
    for client in stuck:
        client.close()
    settle(bench)


def test_a_quiet_stream_is_not_cut(bench):
    """A body that has nothing to send for a minute goes on after it."""
    with Client(bench) as client:
        client.send(get("/quiet-for-a-while"))
        for _ in range(6):
            bench.step(20)
            bench.advance(11000)
        ok(client.answer(), b"firstlast")
    settle(bench)


def test_event_streams_leave_room_for_others(bench):
    streams = [Client(bench) for _ in range(3)]
    for stream in streams:
        stream.send(get("/events"))
    for _ in range(10):
        answer_bystander(bench)
        bench.advance(5000)
    for stream in streams:
        stream.received.clear()
        wait_for_more(stream)
        assert b"data: " in stream.received
        stream.close()
    settle(bench)


def test_events_arrive_one_by_one(bench):
    """A piece is sent although the next one is not there yet."""
    with Client(bench) as client:
        client.send(get("/quiet"))
        assert client.wait(lambda: b": opened\n\n" in client.received)
        client.step(200)
        assert not client.closed
    settle(bench)


def test_a_quiet_stream_that_is_flooded_ends_in_time(bench):
    """The full buffer hides that its client is gone; the time limit ends it."""
    client = Client(bench)
    client.send(get("/quiet"))
    assert client.wait(lambda: b": opened\n\n" in client.received)
    client.try_send(b"x" * 8192)
    client.step(20)
    client.close()
    bench.step(50)
    bench.advance(11000)
    settle(bench)


_ERRORS = ("ECONNRESET", "ENOTCONN", "ECONNABORTED", "EBADF", "ETIMEDOUT", "EHOSTUNREACH", "EPIPE")


@both(FAILING)
@pytest.mark.parametrize("name", _ERRORS)
@pytest.mark.parametrize("operation", ["recv", "send"])
def test_a_broken_connection_ends_only_itself(bench, operation, name):
    with Client(bench) as client, Client(bench) as other:
        ok(other.request(get("/hello")))
        bench.tell("fail", operation, getattr(errno, name))
        client.send(get("/hello"))
        assert client.wait_closed()
        ok(other.request(get("/hello")))
    settle(bench)


@both(FAILING)
@pytest.mark.parametrize("number", [0, *(getattr(errno, n) for n in _ERRORS), errno.ENOMEM])
def test_a_failing_accept_ends_nothing(bench, number):
    with Client(bench) as kept:
        ok(kept.request(get("/hello")))
        bench.tell("fail", "accept", number)
        with Client(bench) as lost:
            assert lost.wait_closed()
        ok(kept.request(get("/hello")))
        answer_bystander(bench)
    settle(bench)


@both(FAILING)
def test_out_of_sockets_for_a_while(bench):
    """The rest of the program holds six of the eight sockets, then gives them back."""
    with Client(bench) as kept:
        ok(kept.request(get("/hello")))
        bench.tell("reserve", 6)
        for _ in range(3):
            with Client(bench) as lost:
                lost.wait_closed(200)
            ok(kept.request(get("/hello")))
        bench.tell("reserve", -6)
        answer_bystander(bench)
        ok(kept.request(get("/hello")))
    settle(bench)


def test_a_slow_request_within_its_time_is_served(bench):
    with Client(bench) as client:
        data = post("/echo", b"hello")
        client.send(data[:1])
        for byte in data[1:-4]:
            bench.advance(9000 // len(data))
            client.send(bytes([byte]))
        client.send(data[-4:])
        ok(client.answer())
    settle(bench)


def test_a_slow_client_is_served_among_fast_ones(bench):
    with Client(bench) as slow:
        data = get("/hello")
        for number, byte in enumerate(data):
            slow.send(bytes([byte]))
            if number % 8 == 0:
                answer_bystander(bench)
        ok(slow.answer())
    settle(bench)


def test_more_clients_than_connections_are_served_in_turn(bench):
    """Eight at once, five places: all are answered without waiting for a time limit."""
    clients = [Client(bench) for _ in range(8)]
    for client in clients:
        ok(patient(client, get("/hello", b"Connection: close")))
        client.close()
    settle(bench)


def test_resets_in_rows_leave_nothing(bench):
    for number in range(60):
        client = Client(bench)
        client.try_send(get("/big")[: number % 40])
        if number % 3:
            bench.step(number % 5)
        client.abort()
        bench.step()
    bench.step(200)  # until the queue has room again
    answer_bystander(bench)
    settle(bench)


def test_an_answer_is_not_lost_by_the_close_after_it(bench):
    """A refusal can be read although the client was still sending."""
    with Client(bench) as client:
        client.send(request(b"POST", "/echo", b"Content-Length: 9000", body=b"a" * 1000))
        answer = client.answer()
        assert answer is not None and answer.status == 413
    settle(bench)


def test_requests_after_a_refusal_are_not_read_as_such(bench):
    """What follows a request that can't be understood is not taken for another one."""
    handled = bench.report()["handled"]
    with Client(bench) as client:
        client.send(
            b"GET /hello HTTP/1.1\r\n" + HOST + b"Content-Length: x\r\n\r\n" + get("/hello")
        )
        assert client.answer().status == 400
        check_ended(client)
    assert bench.report()["handled"] == handled
    settle(bench)


def test_idle_connections_give_way_when_the_sockets_run_out(make_bench):
    """A program has more places than there are sockets left; idle clients have all of those."""
    bench = make_bench("micropython", "limited", connections=8)
    idle = [Client(bench) for _ in range(7)]
    for client in idle:
        ok(client.request(get("/hello")))
    bench.advance(1000)
    for _ in range(3):  # on the board the first ones are lost
        with Client(bench) as client:
            client.step(20)
            client.try_send(get("/hello"))
            client.wait(lambda: client.received or client.closed, 60)
            if client.received:
                break
    assert client.received
    for client in idle:
        client.close()
    bench.close()


@pytest.mark.parametrize("platform", ["RP2040", "RP2350", "Espressif", "linux"])
def test_when_small_pieces_are_put_together(platform, monkeypatch):
    """Nagle's algorithm keeps a short segment until the client acknowledges those before it, which
    clients do 40 to 200 ms later; but it puts the small pieces of a stream together. It is on for
    streams only. On a Pico W it always is, as no option may be set: CircuitPython's setsockopt()
    crashes the board when the client has reset the connection, and it may do so between any two calls.
    """
    accepted = []

    class Listener(socket.socket):
        def accept(self):
            connection, address = super().accept()
            accepted.append(connection)
            return connection, address

    monkeypatch.setattr("sys.platform", platform)
    library = load()["ehttpserver"]
    monkeypatch.undo()

    class Program(library.Server):
        @library.route("/small")
        def _small(self, path, query_params, headers, body):
            return library.Response("small")

        @library.route("/pieces")
        def _pieces(self, path, query_params, headers, body):
            return library.Response(iter([b"piece", None, b"piece"]))

        @library.route("/events")
        def _events(self, path, query_params, headers, body):
            return library.Response(itertools.repeat(b"event"))

        @library.route("/file")
        def _file(self, path, query_params, headers, body):
            return library.FileResponse(__file__)

    with Listener() as listener:
        steps = Program().start(listener, ("127.0.0.1", 0))
        next(steps)
        with socket.create_connection(listener.getsockname()) as client:
            while not accepted:
                next(steps)

            def at_once_during(path):
                """Whether TCP_NODELAY was set after each step, without repetitions."""
                client.sendall(get(path))
                seen = []
                for _ in range(200):
                    next(steps)
                    yes = bool(accepted[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                    if seen[-1:] != [yes]:
                        seen.append(yes)
                return seen

            if platform.startswith("RP"):
                expected = [[False]] * 4
            else:
                expected = [[True], [True], [True, False, True], [True, False]]
            for _ in range(2):
                assert at_once_during("/small") == expected[0]
                assert at_once_during("/file") == expected[1]
                assert at_once_during("/pieces") == expected[2]
            assert at_once_during("/events") == expected[3]
        steps.close()
