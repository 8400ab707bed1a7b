"""The whole app in the real MicroPython, with about the memory that a Pico W has."""

import http.client
import threading
import time

import pytest

from .client import PASSWORDS, Client, Events, wait_until, with_drive

# A sensor as a user would add one: what is free once garbage is collected.
SENSOR = """
import gc


class Device:
    channels = (("collected", "Free after collection", "B", 0),)

    def read(self):
        gc.collect()
        return gc.mem_free()
"""


def free_after_collection(client):
    readings = client.get("/api/readings").json["readings"]
    return next(reading for reading in readings if reading["name"] == "collected")


def visit(client, problems):
    """Requests everything, as a person does who looks at every page."""
    try:
        for path in paths(client):
            answer = client("GET", path)
            if answer.status != 200:
                problems.append((path, answer))
    except (OSError, http.client.HTTPException) as error:
        problems.append((path, error))


def paths(client):
    yield from (
        "/",
        "/app.js",
        "/base.js",
        "/style.css",
        "/uplot/uPlot.js",
        "/api/status",
        "/api/history",
        "/api/history?points=120",
        "/api/files",
        "/api/log",
        "/api/settings",
        "/api/settings.toml",
        "/metrics",
        "/api/deploy",
    )
    for entry in client.get("/api/files").json["files"]:
        yield f"/api/files/{entry['name']}?download"


@pytest.mark.slow
@pytest.mark.alone
def test_an_hour_of_use(boards):
    board = boards(
        vm="micropython",
        settings={
            **PASSWORDS,
            "SAMPLE_SECONDS": 5,
            "FLUSH_SECONDS": 60,
            "SENSORS": "chip collected",
        },
        files={"lib/datalogger/sensors/collected.py": SENSOR},
    )
    client = Client(board).log_in()
    client.set_time()
    with_drive(board)
    listeners = [Listener(client), Listener(client)]
    problems = []
    for number in range(12):
        visitors = [threading.Thread(target=visit, args=(client, problems)) for _ in range(3)]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()
        answer = client.put_settings(LIVE_SECONDS=1 + number % 3)
        assert answer.status == 200, (answer, board.output())
        begin = client.uptime()
        board.change(speed=60)
        wait_until(lambda begin=begin: client.uptime() >= begin + 290, 60)
        board.change(speed=1)
    assert client.uptime() >= 3400
    for listener in listeners:
        before = listener.events
        wait_until(lambda listener=listener, before=before: listener.events > before)
    for listener in listeners:
        listener.stop()
    status = client.status()
    time.sleep(4)  # until the sensor is read while nothing else goes on
    assert not problems, (problems, client.log())
    assert status["errors"] == 0, client.log()
    assert status["recorder"]["state"] == "recording"
    assert status["recorder"]["dropped"] == 0
    total = status["memory"]["total"]
    free = free_after_collection(client)
    print(f"{total} bytes of heap; free after collection: {free['value']}, lowest {free['min']}")
    assert free["value"] >= total / 3
    assert free["min"] >= 16384  # while everything is asked for at once
    rows = sum(entry["rows"] for entry in client.get("/api/files").json["files"])
    assert rows >= 600


def test_the_app_starts_from_sources(boards, payload_folder):
    """As `deploy.py --source` leaves them: compiling takes four times their size."""
    files = {
        path.relative_to(payload_folder).as_posix(): path.read_bytes()
        for path in payload_folder.rglob("*")
        if path.is_file()
    }
    board = boards(vm="micropython", payload=False, files=files, settings=PASSWORDS)
    assert Client(board).status()["recorder"]["state"]


def test_bodies_made_to_fill_the_memory(boards):
    board = boards(vm="micropython", settings=PASSWORDS)
    client = Client(board)
    for body in ("[" * 1000, '{"a":' * 200, "[" + "0," * 500, '{"' + "a" * 1000 + '": 1}'):
        assert client("POST", "/api/login", body).status == 400
    assert "memory" not in client.log()
    client.log_in()


class Listener:
    """Listens to the events and, like a browser, connects again when the stream ends. While
    time passes 60 times as fast, the board takes it for a client that doesn't read."""

    def __init__(self, client):
        self.events = 0
        self._client = client
        self._stopping = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        while not self._stopping:
            stream = Events(self._client)
            try:
                while stream.status == 200 and not self._stopping:
                    stream.next()
                    self.events += 1
            except (AssertionError, OSError, ValueError, http.client.HTTPException):
                time.sleep(0.2)
            finally:
                stream.close()

    def stop(self):
        self._stopping = True
        self._thread.join(30)
        assert not self._thread.is_alive()
