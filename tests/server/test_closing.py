"""Who closes a connection, when, and the reason that is reported."""

import http.client
import shutil
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

from .cases import get, post, request
from .client import Client
from .test_contract import answer_bystander, settle
from .test_pressure import everywhere, pass_time
from .test_rivals import ok, patient

SEVERAL_MB = 3_000_000
_LAST = get("/hello", b"Connection: close")


def closed_for(bench, reason):
    """How often a connection was closed for that reason."""
    return bench.report()["closed"][reason]


def test_the_client_closes_first(bench):
    """A connection that the board closes first takes memory for two minutes."""
    ended = closed_for(bench, "ended")
    with Client(bench) as client:
        ok(client.request(_LAST))
        bench.advance(900)
        client.step(40)
        client.read()
        assert not client.closed
    settle(bench)
    assert closed_for(bench, "ended") == ended + 1
    assert bench.report()["messages"] == []


def test_a_client_that_does_not_close_is_closed_after_a_second(bench):
    with Client(bench) as client:
        ok(client.request(_LAST))
        bench.advance(1100)
        assert client.wait_closed() and not client.reset
    settle(bench)
    assert bench.report()["messages"] == []


def test_what_still_comes_is_dropped(bench):
    """A second of silence is counted from the last byte."""
    with Client(bench) as client:
        ok(client.request(_LAST))
        for _ in range(5):
            bench.advance(800)
            client.send(get("/hello"))
            client.step(20)
            client.read()
        assert not client.closed and not client.received
    settle(bench)


def test_nobody_is_waited_for_without_end(bench):
    with Client(bench) as client:
        ok(client.request(_LAST))
        for _ in range(14):
            bench.advance(800)
            client.try_send(b"more")
            client.step(20)
        client.read()
        assert client.closed
    settle(bench)


@pytest.mark.parametrize(
    "data", [get("/hello", version=b"1.0"), get("/pieces", version=b"1.0"), get("/raise-midway")]
)
def test_an_answer_that_the_close_ends_is_closed_at_once(bench, data):
    with Client(bench) as client:
        client.send(data)
        assert client.wait_closed(400)
    settle(bench)


@everywhere
def test_who_waits_gets_the_place_of_one_that_ended_at_once(bench):
    ended = [Client(bench) for _ in range(5)]
    for client in ended:
        ok(client.request(_LAST))
    with Client(bench) as client:
        client.send(get("/hello"))
        for _ in range(20):  # in which no time passes
            client.step(10)
            client.read()
        ok(client.answer())
    for client in ended:
        client.close()
    settle(bench)


CHUNK = b"10000\r\n" + b"u" * 0x10000 + b"\r\n"
REFUSED = {
    "by its length": request(b"PUT", "/upload/a", b"Content-Length: %d" % SEVERAL_MB),
    "in chunks": request(b"PUT", "/upload/a", b"Transfer-Encoding: chunked"),
    "by the handler": request(b"PUT", "/upload/refused", b"Content-Length: 200000"),
    "no such path": request(b"PUT", "/nowhere", b"Content-Length: 200000"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_client_of_a_refused_upload_sees_the_answer(bench, what):
    """Although it sends everything before it reads the answer."""
    status = {"by the handler": 403, "no such path": 404}.get(what, 413)
    with Client(bench) as client:
        client.send(REFUSED[what])
        for _ in range(16):
            client.send(CHUNK)
        answer = client.answer("PUT")
        assert answer.status == status
        assert not client.reset
    settle(bench)


def served(bench, ask):
    """What `ask(address)` returns, with the server working meanwhile."""
    results = []

    def run():
        try:
            results.append(ask(f"http://127.0.0.1:{bench.port}"))
        except Exception as error:  # noqa: BLE001 - for the test to see
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive():
        bench.step(50)
    return results[0]


_LOCAL = pytest.mark.parametrize(
    "bench", [("micropython", "limited"), ("micropython", "stock")], indirect=True, ids="-".join
)


@_LOCAL
def test_urllib_sees_a_refused_upload(bench):
    def ask(address):
        data = bytes(SEVERAL_MB)
        wanted = urllib.request.Request(address + "/upload/a", data=data, method="PUT")
        return urllib.request.urlopen(wanted, timeout=60)

    refused = served(bench, ask)
    assert isinstance(refused, urllib.error.HTTPError), refused
    assert (refused.code, refused.read()) == (413, b"Content Too Large")
    refused.close()
    settle(bench)


@_LOCAL
def test_http_client_sees_a_refused_upload(bench):
    def ask(_):
        connection = http.client.HTTPConnection("127.0.0.1", bench.port, timeout=60)
        connection.request("POST", "/echo", bytes(SEVERAL_MB))
        answer = connection.getresponse()
        status = answer.status, answer.read()
        connection.close()
        return status

    assert served(bench, ask) == (413, b"Content Too Large")
    settle(bench)


_PUT = """
const request = require("http").request(process.argv[1], {method: "PUT"}, (answer) => {
  console.log(answer.statusCode);
  request.destroy();
});
request.on("error", (error) => console.log(error.code));
request.end(Buffer.alloc(Number(process.argv[2])));
"""


@_LOCAL
@pytest.mark.parametrize("program", ["curl", "node"])
def test_other_clients_see_a_refused_upload(bench, tmp_path, program):
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    file = tmp_path / "big"
    file.write_bytes(bytes(SEVERAL_MB))

    def ask(address):
        address += "/upload/a"
        if program == "curl":
            command = ["curl", "-sS", "-w", "%{http_code}", "-o", str(tmp_path / "answer")]
            command += ["-T", str(file), address]
        else:
            command = ["node", "-e", _PUT, address, str(SEVERAL_MB)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return done.stdout.strip() or done.stderr

    assert served(bench, ask) == "413"
    settle(bench)


def told(bench, reason, count=1):
    report = bench.report()
    assert sum("Connection closed: " + reason in text for text in report["messages"]) == count


def test_a_client_gone_is_counted_and_told(bench):
    before = closed_for(bench, "client gone")
    for data in (b"GET /hel", post("/echo", b"hello")[:-1], get("/quiet"), get("/endless")):
        client = Client(bench)
        client.send(data)
        client.step(40)
        client.abort()
        settle(bench)
    assert closed_for(bench, "client gone") == before + 4
    told(bench, "client gone", 4)


def test_a_time_limit_is_counted_and_told(bench):
    before = closed_for(bench, "time limit")
    with Client(bench) as slow, Client(bench) as idle:
        slow.send(b"GET /hel")
        slow.step(20)
        bench.advance(10100)
        assert slow.answer().status == 408
        assert idle.wait_closed()
    settle(bench)
    assert closed_for(bench, "time limit") == before + 2
    told(bench, "time limit", 2)


def test_an_error_in_the_middle_of_an_answer_is_counted_and_told(bench):
    before = closed_for(bench, "error")
    with Client(bench) as client:
        client.send(get("/raise-midway"))
        assert client.wait_closed()
    settle(bench)
    assert closed_for(bench, "error") == before + 1
    told(bench, "error")


@everywhere
def test_one_that_gives_way_is_counted_and_told(bench):
    before = closed_for(bench, "gave way")
    slow = [Client(bench) for _ in range(5)]
    for client in slow:
        client.send(get("/hello")[:-2])
    with Client(bench) as client:
        ok(patient(client, get("/hello"), 2000))
    assert closed_for(bench, "gave way") == before + 1
    told(bench, "gave way")
    for client in slow:
        client.close()
    pass_time(bench, 100)
    settle(bench)


def test_a_client_that_ends_a_kept_connection_is_nothing_to_tell(bench):
    before = bench.report()["closed"]
    with Client(bench) as client:
        ok(client.request(get("/hello")))
    settle(bench)
    after = bench.report()["closed"]
    assert after == {**before, "ended": before["ended"] + 1}
    assert bench.report()["messages"] == []
    answer_bystander(bench)
    settle(bench)
