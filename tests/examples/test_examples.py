"""Each example does what it says, on a bare board, in both interpreters."""

import concurrent.futures
import gzip
import http.client
import itertools
import json
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from simulator.board import DEFAULT_HEAP
from toolkit.environment import ROOT

NAMES = sorted(path.stem for path in (ROOT / "examples").glob("*.py"))


def assert_steady(changes, period_ms):
    """The pin was switched on and off every period_ms; the program makes up for delays."""
    values = [value for value, _ in changes]
    assert all(one != next_one for one, next_one in itertools.pairwise(values))
    times = [at for _, at in changes]
    late = [at - number * period_ms for number, at in enumerate(times)]
    usual = statistics.median(late)
    assert statistics.median(abs(at - usual) for at in late) < period_ms / 4, late


def fetch_all(example, paths, rounds):
    """Fetches all paths at once, several times; returns the bodies."""
    with concurrent.futures.ThreadPoolExecutor(len(paths)) as pool:
        return [body for _ in range(rounds) for body in pool.map(example.get, paths)]


def test_there_is_a_test_for_each():
    tested = set(re.findall(r'example\(\s*"(\w+)"', Path(__file__).read_text(encoding="utf-8")))
    assert tested == set(NAMES)


def test_simple(example):
    running = example("simple_test")
    assert re.search(r"The chip has [0-9]+\.[0-9] &deg;C", running.get("/"))
    assert running.get("/hello/J%C3%B6rg") == "Hello, Jörg!\n"
    assert running.ask("/hello/")[0] == 404
    assert running.ask("/", "POST", b"x")[0] == 405
    running.board.wait_for_output("Open http://127.0.0.1/")


def test_simple_joins_the_network_of_the_settings(example):
    running = example(
        "simple_test",
        settings={"CIRCUITPY_WIFI_SSID": "home", "CIRCUITPY_WIFI_PASSWORD": "long enough"},
        networks={"home": "long enough"},
    )
    assert "The chip has" in running.get("/")


def test_simple_after_a_reload(example):
    running = example("simple_test")
    running.board._and_wait(running.board.reload)
    assert "The chip has" in running.get("/")
    assert running.board.events("power")[-1] == ["SOFTWARE"]


@pytest.mark.daily
@pytest.mark.alone
def test_parallel_blinks_beside_the_server(example):
    running = example("parallel_test")
    running.wait_for_switches(2)
    first = len(running.switches())
    bodies = fetch_all(running, ["/"] * 4, rounds=10)
    assert all(re.fullmatch("[0-9]+ steps, speed 100 %\n", body) for body in bodies)
    assert_steady(running.wait_for_switches(4)[first:], 250)
    assert running.get("/speed/500") == "Speed 500 %\n"
    first = len(running.switches())
    assert_steady(running.wait_for_switches(10)[first:], 50)
    assert running.ask("/speed/0")[0] == 404


def test_parallel_with_a_neopixel(example):
    running = example("parallel_test", settings={"NEOPIXEL_PIN": "GP16"})
    fetch_all(running, ["/"] * 4, rounds=5)

    def colours():
        return [bytes.fromhex(shown) for pin, shown, _ in running.board.events("pixels")]

    running.board.wait_or_fail(lambda: len(colours()) > 150, "the NeoPixel does not change")
    assert {pin for pin, _, _ in running.board.events("pixels")} == {"GP16"}
    assert len(set(colours())) > 100
    assert all(len(colour) == 3 and max(colour) < 64 for colour in colours())
    assert not running.switches("LED")


def test_asyncio_blinks_beside_the_server(example):
    running = example("asyncio_test")
    running.wait_for_switches(2)
    bodies = fetch_all(running, ["/"] * 4, rounds=10)
    assert all(re.fullmatch("The LED has flashed [0-9]+ times.\n", body) for body in bodies)
    changes = running.wait_for_switches(6)
    # asyncio.sleep() begins anew each time, so delays add up: the pauses are compared.
    pauses = [later - earlier for (_, earlier), (_, later) in itertools.pairwise(changes)]
    assert 225 < statistics.median(pauses) < 375, pauses
    flashes = int(re.search("[0-9]+", running.get("/")).group())
    assert flashes >= sum(1 for value, _ in changes if value)


PAGE = "<!doctype html><title>Test</title>" + "<p>A line of it.</p>" * 200
SITE = {
    "www/index.html.gz": gzip.compress(PAGE.encode()),
    "www/style.css": "body { margin: 1em }\n",
    "www/help/index.html": "<h1>Help</h1>",
    "settings.toml": 'AP_PASSWORD = "a secret of ours"\n',
}


def test_static_site(example):
    running = example("static_site", files=SITE)
    status, body, headers = running.ask("/")
    assert (status, gzip.decompress(body).decode()) == (200, PAGE)
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert running.get("/style.css") == SITE["www/style.css"]
    assert running.get("/help/") == "<h1>Help</h1>"
    connection = http.client.HTTPConnection("127.0.0.1", running.board.ports["tcp:80"], timeout=30)
    connection.request("GET", "/", headers={"If-None-Match": headers["ETag"]})
    assert connection.getresponse().status == 304
    connection.close()


OUTSIDE = (
    "/../settings.toml",
    "/..%2fsettings.toml",
    "/..%5csettings.toml",
    "/help/../../settings.toml",
    "//settings.toml",
    "/help/.hidden",
    "/nothing.html",
    "/help",
)


def test_static_site_stays_in_its_folder(example):
    running = example("static_site", files=SITE)
    for path in OUTSIDE:
        status, body, _ = running.ask(path)
        assert status == 404, path
        assert b"secret" not in body, path


def test_rest_api(example):
    running = example("rest_api")
    assert json.loads(running.get("/led")) == {"on": False}
    status, body, headers = running.ask("/led", "PUT", b'{"on": true}')
    assert (status, json.loads(body)) == (200, {"on": True})
    assert headers["Content-Type"] == "application/json"
    running.wait_for_value(True)
    for wrong in (b"on", b"{}", b"[1]", b"\xff"):
        assert running.ask("/led", "PUT", wrong)[0] == 400


def test_rest_api_uploads_more_than_the_memory_holds(example):
    running = example("rest_api")
    content = bytes(range(256)) * 780
    assert len(content) > DEFAULT_HEAP
    status, body, _ = running.ask("/files/big.bin", "PUT", content, timeout=120)
    assert (status, json.loads(body)) == (201, {"name": "big.bin", "size": len(content)})
    assert running.ask("/files/big.bin", timeout=120)[1] == content
    assert running.ask("/files/big.bin", "PUT", b"small")[0] == 201
    assert json.loads(running.get("/files")) == [{"name": "big.bin", "size": 5}]
    assert running.ask("/files/large.bin", "PUT", bytes(200001))[0] == 413
    assert running.ask("/files/..", "PUT", b"x")[0] == 404
    assert running.ask("/files/big.bin", "DELETE")[0] == 204
    assert running.ask("/files/big.bin", "DELETE")[0] == 404
    assert json.loads(running.get("/files")) == []


def test_rest_api_forgets_an_upload_that_breaks_off(example):
    running = example("rest_api")
    connection = http.client.HTTPConnection("127.0.0.1", running.board.ports["tcp:80"], timeout=30)
    connection.putrequest("PUT", "/files/part.txt")
    connection.putheader("Content-Length", "5000")
    connection.endheaders(bytes(3000))
    folder = running.board.drive / "files"
    running.board.wait_or_fail(lambda: list(folder.iterdir()), "the upload does not begin")
    connection.close()
    running.board.wait_or_fail(lambda: not list(folder.iterdir()), "the unfinished file stays")
    assert json.loads(running.get("/files")) == []


def test_rest_api_while_a_computer_has_the_drive(example):
    running = example("rest_api", usb="mounted")
    assert running.ask("/files/some.txt", "PUT", b"text")[0] == 409
    assert json.loads(running.get("/files")) == []
    running.board.wait_for_output("Nothing can be uploaded")


@pytest.mark.alone
def test_live_events(example):
    running = example("live_events")
    assert 'new EventSource("/events")' in running.get("/")
    listeners = []
    for _ in range(3):
        connection = http.client.HTTPConnection(
            "127.0.0.1", running.board.ports["tcp:80"], timeout=30
        )
        connection.request("GET", "/events")
        listeners.append((connection, connection.getresponse()))
    for _, answer in listeners:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        for _ in range(4):
            assert re.fullmatch(rb"data: [0-9]+\.[0-9]\n", answer.readline())
            assert answer.readline() == b"\n"
    assert running.ask("/events")[0] == 503
    first = len(running.switches())
    assert_steady(running.wait_for_switches(6)[first:], 250)
    for connection, answer in listeners:
        answer.close()
        connection.close()
    running.board.wait_or_fail(lambda: _listens(running), "the places are not given back")


def _listens(running):
    connection = http.client.HTTPConnection("127.0.0.1", running.board.ports["tcp:80"], timeout=30)
    connection.request("GET", "/events")
    answer = connection.getresponse()
    answer.close()
    connection.close()
    return answer.status == 200


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_simulate_runs_it(name, tmp_path):
    """The command that README.md names shows the address, and ends well when it is terminated."""
    command = [sys.executable, str(ROOT / "scripts" / "simulate.py"), "--port", "0"]
    command += ["--drive", str(tmp_path / "drive"), "--code", str(ROOT / f"examples/{name}.py")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            lines = iter(process.stdout.readline, "")
            shown = next((line for line in lines if line.strip().startswith("Open http://")), None)
            assert shown, "no address"
        finally:
            process.terminate()
            rest = process.stdout.read()
        assert process.wait(60) == 0, rest
