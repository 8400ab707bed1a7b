"""When all places are taken and somebody waits: who gives way, and who doesn't."""

import time

import pytest

from .cases import get, post, request
from .cases_files import LARGE
from .client import Client
from .harness import SOCKET_KINDS
from .test_contract import answer_bystander, settle
from .test_rivals import ok, patient

PLACES = 5
# Arguments of Pool.trickle(); a socket sends once each millisecond
_A_SEGMENT_EACH_1500_MS = (1, 1460, 1500)
_SOON_10_BYTES_A_SECOND = (2, 1, 100)
_HALF = get("/hello")[:-2]


def on(*kinds):
    """On these kinds of sockets, in MicroPython: CPython's poll has no ipoll."""
    benches = [("micropython", kind) for kind in kinds]
    return pytest.mark.parametrize("bench", benches, indirect=True, ids="-".join)


everywhere = on(*SOCKET_KINDS, "board-poll")


def pass_time(bench, milliseconds):
    """A step each millisecond; fewer with board-poll, where MicroPython itself waits 1 ms in each."""
    steps = 5 if bench.kind == "board-poll" else 10
    for _ in range(milliseconds // 10):
        bench.step(steps)
        bench.advance(10)


def dribble(client):
    """Send some bytes of a request that never ends; returns whether the server still takes them."""
    client.try_send(b"X: y\r\n")
    client.step(2)
    client.read()
    return not client.closed


def half_requests(bench, count=PLACES, apart=100):
    clients = []
    for _ in range(count):
        client = Client(bench)
        client.send(_HALF)
        clients.append(client)
        pass_time(bench, apart)
    return clients


@everywhere
def test_half_requests_lock_nobody_out(bench):
    """Five clients dribble; a sixth is answered within two seconds."""
    slow = half_requests(bench)
    with Client(bench) as client:
        ok(patient(client, get("/hello"), 2000))
    settle_all(bench, slow)


@everywhere
def test_the_one_that_takes_longest_gives_way(bench):
    """And the others are still served."""
    slow = half_requests(bench)
    with Client(bench) as client:
        ok(patient(client, get("/hello", b"Connection: close"), 2000))
    first, *others = slow
    assert first.wait_closed()
    for client in others:
        client.send(b"\r\n")
        ok(client.answer())
    settle_all(bench, slow)


@pytest.mark.slow
@everywhere
def test_no_half_request_gives_way_while_idle_connections_can(bench):
    slow = half_requests(bench, PLACES - 1)
    idle = Client(bench)
    ok(idle.request(get("/hello")))
    pass_time(bench, 2000)
    with Client(bench) as client:
        ok(patient(client, get("/hello"), 2000))
    assert idle.wait_closed()
    for client in slow:
        client.send(b"\r\n")
        ok(client.answer())
    settle_all(bench, [*slow, idle])


@pytest.mark.slow
@everywhere
def test_no_half_request_gives_way_while_nobody_waits(bench):
    slow = half_requests(bench)
    pass_time(bench, 5000)
    for client in slow:
        client.send(b"\r\n")
        ok(client.answer())
    settle_all(bench, slow)


@everywhere
def test_requests_that_have_just_begun_stay(bench):
    """A client that waits for a place and leaves again does not harm them."""
    slow = half_requests(bench, apart=10)
    with Client(bench) as client:
        client.step(5)
        pass_time(bench, 40)
    for client in slow:
        client.send(b"\r\n")
        ok(client.answer())
    settle_all(bench, slow)


@everywhere
def test_empty_lines_lock_nobody_out(bench):
    slow = [Client(bench) for _ in range(PLACES)]
    with Client(bench) as client:
        for _ in range(200):
            for other in slow:
                other.try_send(b"\r\n")
            pass_time(bench, 10)
            if client.connected() and not client.received:
                client.try_send(get("/hello"))
            client.read()
        ok(client.answer())
    settle_all(bench, slow)


@everywhere
def test_many_half_requests_lock_nobody_out_for_long(bench):
    """Attackers wait in line as well."""
    slow = half_requests(bench)
    waiting = [Client(bench) for _ in range(3)]
    for client in waiting:
        client.step(2)
        client.try_send(_HALF)
    with Client(bench) as client:
        ok(patient(client, get("/hello"), 4000))
    settle_all(bench, [*slow, *waiting])


@pytest.mark.slow
@everywhere
def test_an_upload_in_progress_does_not_give_way(bench):
    """A kilobyte every 200 ms is progress."""
    upload = Client(bench)
    upload.send(request(b"PUT", "/upload/a", b"Content-Length: 30000"))
    slow = half_requests(bench, PLACES - 1)
    waiting = Client(bench)
    for _ in range(30):
        upload.send(bytes(1000))
        pass_time(bench, 200)
        for client in slow:
            dribble(client)
    assert upload.answer("PUT").status == 201
    settle_all(bench, [upload, *slow, waiting])


@on("stock", "limited", "mean")  # elsewhere the server learns only now and then that somebody waits
def test_busy_kept_connections_lock_nobody_out(bench):
    """Five clients ask again as soon as they are answered; a sixth gets its turn."""
    busy = [Client(bench) for _ in range(PLACES)]
    for client in busy:
        ok(client.request(get("/hello")))
    with Client(bench) as client:
        client.send(get("/hello"))
        for _ in range(300):
            for other in busy:
                if other.closed:
                    continue
                other.try_send(get("/hello"))
                other.step(2)
                other.read()
            bench.advance(10)
            client.read()
            if client.received:
                break
        ok(client.answer())
    settle_all(bench, busy)


@on("stock", "limited", "mean", "board-poll")
def test_a_crowd_is_told_to_close(bench):
    """Each place that becomes free is taken at once, and others wait on. The clients close first
    then: a connection that a board closes first takes memory for two minutes."""
    waiting, kept, told = [], [], []
    for _ in range(60):
        while len(waiting) < PLACES + 5:
            client = Client(bench)
            client.try_send(get("/hello"))
            waiting.append(client)
        bench.step(3)
        bench.advance(20)
        for client in [client for client in waiting if client.read()]:
            waiting.remove(client)
            kept.append(client)
            told.append(b"\r\nConnection: close\r\n" in client.received)
            if told[-1]:
                client.close()
    assert len(told) > 40
    assert all(told[20:]), "".join(".c"[one] for one in told)
    settle_all(bench, [*waiting, *kept])


def slow_readers(bench, count):
    clients = []
    for _ in range(count):
        client = Client(bench, receive_buffer=4096)
        client.send(get("/endless"))
        clients.append(client)
    taken = -1
    quiet = 0
    while quiet < 5:  # until all buffers are full: the system moves bytes in its own time
        quiet = quiet + 1 if bench.report()["taken"] == taken else 0
        taken = bench.report()["taken"]
        time.sleep(0.1)
        bench.step(300)
    return clients


@pytest.mark.slow
@everywhere
def test_clients_that_do_not_read_give_way(bench):
    slow = slow_readers(bench, PLACES)
    with Client(bench) as client:
        ok(patient(client, get("/hello"), 2000))
    settle_all(bench, slow)


@on("stock", "limited", "unpollable", "board-poll")
def test_a_few_bytes_now_and_then_keep_no_place(bench):
    bench.tell("trickle", *_SOON_10_BYTES_A_SECOND)
    try:
        slow = [Client(bench) for _ in range(PLACES)]
        for client in slow:
            client.send(get("/file/large.bin"))
        bench.step(200)
        with Client(bench) as client:
            ok(patient(client, get("/hello"), 3000))
        settle_all(bench, slow)
    finally:
        bench.tell("trickle", 0, 0, 0)


@pytest.mark.slow
@on("stock", "limited", "unpollable", "board-poll")
def test_sustained_pressure(bench):
    """A client downloads a file at 1 KB a second, with stalls of 1.5 s, while four others send
    their requests slowly and come again when they are disconnected. People come and go: each of
    them is answered within 3 s, and the file arrives whole."""
    bench.tell("trickle", *_A_SEGMENT_EACH_1500_MS)
    try:
        download = Client(bench)
        download.send(get("/file/large.bin", b"Range: bytes=0-25999"))
        slow = half_requests(bench, PLACES - 1)
        persons = 0
        while len(download.received) < 26000:
            with Client(bench) as person:
                ok(patient(person, get("/hello"), 3000))
            persons += 1
            slow = [again(bench, client) for client in slow]
            pass_time(bench, 100)
            download.read()
            assert not download.closed, f"cut after {len(download.received)} bytes"
        answer = download.answer()
        assert (answer.status, answer.body) == (206, LARGE[:26000])
        assert persons > 12
        settle_all(bench, [download, *slow])
    finally:
        bench.tell("trickle", 0, 0, 0)


def again(bench, client):
    """The client of half a request, or a new one if the server has disconnected it."""
    client.read()
    if not client.closed:
        return client
    client.close()
    other = Client(bench)
    other.try_send(_HALF)
    return other


_DRIBBLERS = {  # what is sent first, and then every 100 ms
    "heads": (get("/hello")[:-2], b"X"),
    "empty lines": (b"\r\n", b"\r\n"),
    "bodies": (post("/echo", b"a" * 8000)[:-7000], b"ab"),
    "uploads": (request(b"PUT", "/upload/a", b"Content-Length: 9000"), b"ab"),
    "chunks": (request(b"POST", "/echo", b"Transfer-Encoding: chunked"), b"1\r\na\r\n"),
    "nothing": (b"", b""),
}


@everywhere
@pytest.mark.parametrize("what", _DRIBBLERS)
def test_five_slow_ones_keep_nobody_out_for_longer_than_3_s(bench, what):
    first, more = _DRIBBLERS[what]
    slow = [Client(bench) for _ in range(PLACES)]
    for client in slow:
        client.send(first)
        pass_time(bench, 50)
    with Client(bench) as person:
        person.step(10)
        person.try_send(get("/hello"))
        for _ in range(30):
            for client in slow:
                client.try_send(more)
            pass_time(bench, 100)
            person.read()
            if person.received:
                break
        ok(person.answer())
    settle_all(bench, slow)


@pytest.mark.slow
@everywhere
def test_a_download_in_progress_does_not_give_way(bench):
    """Its client reads every 50 ms; those that do not read give way, one after the other."""
    download = Client(bench, receive_buffer=8192)
    download.send(get("/file/large.bin"))
    slow = slow_readers(bench, PLACES - 1)
    for _ in range(PLACES - 1):
        with Client(bench) as client:
            client.send(get("/hello"))
            for _ in range(200):
                pass_time(bench, 50)
                download.read()
                client.read()
                if client.received:
                    break
            ok(client.answer())
    ok(download.answer(), LARGE)
    settle_all(bench, [download, *slow])


@everywhere
def test_stalled_bodies_give_way_too(bench):
    slow = [Client(bench) for _ in range(PLACES)]
    for client in slow:
        client.send(post("/echo", b"a" * 5000)[:-4000])
        pass_time(bench, 50)
    with Client(bench) as client:
        ok(patient(client, get("/hello"), 3000))
    settle_all(bench, slow)


@everywhere
def test_an_upload_that_makes_progress_does_not_give_way(bench):
    """Every 1.5 s, 300 bytes of the oldest of five uploads arrive, and nothing of the others."""
    upload = Client(bench)
    upload.send(post("/echo", b"a" * 3000)[:-2100])
    pass_time(bench, 50)
    slow = [Client(bench) for _ in range(PLACES - 1)]
    for client in slow:
        client.send(post("/echo", b"a" * 5000)[:-4000])
        pass_time(bench, 20)
    with Client(bench) as client:
        client.step(10)
        client.try_send(get("/hello"))
        for _ in range(6):
            upload.send(b"a" * 300)
            pass_time(bench, 1500)
        client.read()
        ok(client.answer())
    assert slow[0].wait_closed()
    upload.send(b"a" * 300)
    ok(upload.answer("POST"), b"a" * 3000)
    settle_all(bench, [upload, *slow])


def settle_all(bench, clients):
    for client in clients:
        client.close()
    for _ in range(
        220
    ):  # until the last time limit is over and the server has forgotten who waited
        bench.step(2)
        bench.advance(50)
    answer_bystander(bench)
    settle(bench)
