"""Recording on the simulated board: CSV, clock, room, recordings that are read or deleted meanwhile."""

import csv
import datetime
import http.client
import io
import itertools
import re
import socket

import pytest
from conftest import change_settings

from .client import PASSWORDS, Client, Events, wait_until, with_drive

FAST = {**PASSWORDS, "SAMPLE_SECONDS": 1, "FLUSH_SECONDS": 10}


@pytest.fixture
def board(boards, vm):
    return with_drive(boards(vm=vm, settings=FAST))


def files(client):
    return client.get("/api/files").json["files"]


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def run_for(board, seconds, speed=20):
    """Let this many seconds of the board's time pass."""
    client = Client(board)
    end = client.uptime() + seconds
    board.change(speed=speed)
    wait_until(lambda: client.uptime() >= end, 60)
    board.change(speed=1)


@pytest.mark.daily
def test_with_a_clock(boards, vm):
    board = boards(vm=vm, settings=FAST)
    client = Client(board).log_in()
    client.set_time()  # before time is sped up, so that no row is on the drive yet
    with_drive(board)
    run_for(board, 30)
    entry = wait_until(lambda: files(client))[0]
    assert entry["name"] == "2026-11-24.csv" and entry["current"]
    answer = client.get("/api/files/2026-11-24.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    found = rows(answer.text)
    assert found[0] == ["time (UTC+01:00)", "temperature (°C)", "voltage (V)"]
    assert all(re.fullmatch(r"2026-11-24 \d\d:\d\d:\d\d", row[0]) for row in found[1:])
    times = [datetime.datetime.fromisoformat(row[0]) for row in found[1:]]
    steps = {(after - before).total_seconds() for before, after in itertools.pairwise(times)}
    assert min(steps) == 1
    for row in found[1:]:
        assert re.fullmatch(r"\d\d\.\d", row[1]) and re.fullmatch(r"\d\.\d\d", row[2])
    entry = next(entry for entry in files(client) if entry["name"] == "2026-11-24.csv")
    assert entry["from"] == found[1][0].replace(" ", "T") + "+01:00"
    assert entry["rows"] >= len(found) - 1


def test_without_a_clock_and_then_with_one(board):
    client = Client(board).log_in()
    run_for(board, 25)
    wait_until(lambda: [entry["name"] for entry in files(client)] == ["boot-1.csv"])
    found = rows(client.get("/api/files/boot-1.csv").text)
    assert found[0][0].strip() == "seconds"
    seconds = [int(row[0]) for row in found[1:]]
    assert seconds == sorted(set(seconds)) and seconds[0] <= 1
    client.set_time()
    run_for(board, 25)
    wait_until(lambda: len(files(client)) == 2)
    boot, dated = files(client)
    assert boot["name"] == "boot-1.csv" and not boot["current"]
    assert dated["current"] and dated["name"].startswith("2026-11-24")
    # what was recorded before is dated now, without being written anew
    assert boot["from"].startswith("2026-11-24T") and boot["to"] < dated["from"]
    again = rows(client.get("/api/files/boot-1.csv").text)
    assert again[0][0].startswith("seconds since 2026-11-24 ") and again[1:4] == found[1:4]
    answer = client.get("/api/files/boot-1.csv?download")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    saved = rows(answer.text)
    assert saved[0][0] == "time (UTC+01:00)" and len(saved) == len(again)
    assert saved[1][0] == boot["from"][:19].replace("T", " ") and saved[1][1:] == again[1][1:]
    history = client.get("/api/history?points=500").json
    assert len(history["rows"]) >= boot["rows"] and history["from"] > 1795000000
    board.power_cycle()  # the next run knows the date from the file alone
    Client(board).set_time(epoch=1795521600 + 86400)
    history = Client(board).get("/api/history?points=500").json
    start = datetime.datetime.fromisoformat(boot["from"]).timestamp()
    assert history["from"] == start


def test_the_clock_is_kept_over_restarts_but_not_over_a_loss_of_power(boards, vm):
    board = boards(vm=vm, settings={**PASSWORDS, "TIME_ZONE": "CET-1CEST,M3.5.0,M10.5.0/3"})
    client = Client(board).log_in()
    client.set_time(utc_offset_s=0)
    assert client.status()["clock"]["utc_offset_s"] == 3600  # the zone decides
    before = client.status()["clock"]["epoch"]
    client("POST", "/api/restart")
    clock = wait_until(lambda: by_restart(client), 60)
    assert clock["source"] == "kept" and clock["utc_offset_s"] == 3600
    assert 0 <= clock["epoch"] - before < 30
    board.power_cycle()
    assert not Client(board).status()["clock"]["set"]


def by_restart(client):
    """The state of the clock if it was kept over a restart, else None."""
    try:
        clock = client.status()["clock"]
    except (OSError, http.client.HTTPException):
        return None
    return clock if clock["source"] == "kept" else None


def test_a_second_start_without_a_clock(boards):
    board = with_drive(boards(settings=FAST))
    run_for(board, 15)
    wait_until(lambda: files(Client(board)))
    board.power_cycle()
    with_drive(board)
    run_for(board, 15)
    wait_until(
        lambda: (
            sorted(entry["name"] for entry in files(Client(board))) == ["boot-1.csv", "boot-2.csv"]
        )
    )


def test_changed_columns(boards):
    board = with_drive(boards(settings=FAST))
    Client(board).set_time()
    run_for(board, 15)
    wait_until(lambda: files(Client(board)))
    board.stop()
    change_settings(board.drive / "settings.toml", {"SENSORS": "diagnostics"})
    board.power_cycle()
    Client(board).set_time(epoch=1795521700)
    with_drive(board)
    run_for(board, 15)
    wait_until(lambda: len(files(Client(board))) == 2)
    second = Client(board).get("/api/files/2026-11-24-2.csv").text
    assert second.startswith("time (UTC+01:00),memory (B)\n")


def test_history_and_events_agree_with_the_file(board):
    client = Client(board).log_in()
    client.set_time()
    stream = Events(client)
    assert stream.next("status")[1]["recorder"]["sample_s"] == 1
    samples = [stream.next("sample")[1] for _ in range(3)]
    stream.close()
    history = client.get("/api/history").json
    assert history["columns"] == ["temperature", "voltage"]
    by_time = {row[0]: row[1:] for row in history["rows"]}
    for sample in samples:
        assert by_time[sample["t"]] == sample["row"]
        assert sample["epoch"] == pytest.approx(
            history["epoch"] - (history["t"] - sample["t"]), abs=1.5
        )
    since = samples[1]["t"]
    later = client.get(f"/api/history?since={since}").json["rows"]
    assert later[0][0] == samples[2]["t"]
    for nonsense in ("x", "-5", "1e3", "", "99999999999999999999"):
        assert client.get(f"/api/history?since={nonsense}").json["rows"]


def test_the_history_is_bounded(boards):
    board = boards(settings=FAST, speed=60)

    def times():
        return [row[0] for row in Client(board).get("/api/history").json["rows"]]

    first = wait_until(times)[0]
    wait_until(lambda: first not in times(), 60)  # newer ones have replaced the oldest
    found = times()
    columns = len(Client(board).get("/api/history").json["columns"])
    assert len(found) == 1920 // (4 + 4 * columns)  # bytes of memory for samples
    assert found == sorted(found)


def test_deleting_the_present_recording(board):
    client = Client(board).log_in()
    client.set_time()
    run_for(board, 15)
    wait_until(lambda: files(client))
    assert client("DELETE", "/api/files/2026-11-24.csv").json == {"deleted": "2026-11-24.csv"}
    assert client("GET", "/api/files/2026-11-24.csv").status == 404
    run_for(board, 15)
    wait_until(lambda: files(client))
    text = client.get("/api/files/2026-11-24.csv").text
    assert text.startswith("time (UTC+01:00),temperature")
    assert "seconds" not in text
    assert client.status()["errors"] == 0


@pytest.mark.parametrize("query", ["", "?download"])
def test_a_deleted_recording_ends_its_downloads(boards, vm, query):
    """Its reader would get whatever is written to that place next. Other downloads go on."""
    begin = "seconds since 2026-11-24 12:00:00 (UTC+01:00),temperature (°C)\n"
    lines = "".join(f"{number},20.0\n" for number in range(12000))
    names = ("2026-11-01.csv", "2026-11-02.csv")
    files = {f"data/{name}": begin + lines for name in names}
    board = with_drive(boards(vm=vm, settings=PASSWORDS, files=files))
    links = []
    for name in names:
        link = http.client.HTTPConnection(Client(board).host, timeout=30)
        link.sock = slow_socket(board)
        link.request("GET", f"/api/files/{name}{query}")
        links.append(link.getresponse())
        assert len(links[-1].read(1000)) == 1000
    client = Client(board).log_in()
    assert client("DELETE", f"/api/files/{names[0]}").status == 200
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        links[0].read()
    assert links[1].read().endswith(b",20.0\n")


def slow_socket(board):
    """A connection with a small receive buffer on the client's side."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.settimeout(30)
    link.connect(("127.0.0.1", board.ports["tcp:80"]))
    return link


def test_reading_while_it_grows(board):
    """A download has the lines that were there when it began; the rest can be fetched later."""
    client = Client(board).log_in()
    client.set_time()
    run_for(board, 15)
    wait_until(lambda: files(client))
    first = client.get("/api/files/2026-11-24.csv")
    board.change(speed=20)
    try:
        for _ in range(20):
            answer = client.get("/api/files/2026-11-24.csv")
            assert answer.body.startswith(first.body)
            assert answer.body.endswith(b"\n")
            assert len(answer.body) == int(answer.headers["Content-Length"])
    finally:
        board.change(speed=1)
    size = len(first.body)
    run_for(board, 15)
    wait_until(
        lambda: any(
            entry["name"] == "2026-11-24.csv" and entry["size"] > size for entry in files(client)
        )
    )
    rest = client("GET", "/api/files/2026-11-24.csv", headers={"Range": f"bytes={size}-"})
    assert rest.status == 206
    whole = client.get("/api/files/2026-11-24.csv").body
    assert whole.startswith(first.body + rest.body)
    again = client(
        "GET", "/api/files/2026-11-24.csv", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status == 200  # it has grown


def test_downloads_are_attachments_on_request(board):
    client = Client(board).log_in()
    client.set_time()
    run_for(board, 15)
    wait_until(lambda: files(client))
    plain = client.get("/api/files/2026-11-24.csv")
    assert "Content-Disposition" not in plain.headers
    saved = client.get("/api/files/2026-11-24.csv?download")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="2026-11-24.csv"'


def test_names_that_are_no_recordings(boards):
    board = boards(files={"data/notes.txt": "mine", "secret.csv": "x"}, settings=PASSWORDS)
    client = Client(board).log_in()
    for name in (
        "notes.txt",
        "secret.csv",
        "../secret.csv",
        "%2e%2e/secret.csv",
        "..%2fsecret.csv",
        "..%5csecret.csv",
        "2026-11-24.csv%00",
        "2026-11-24.csv%0a",
        "2026-11-24.CSV",
        "boot-1.csv",
        "",
    ):
        for method in ("GET", "DELETE"):
            status = client(method, "/api/files/" + name).status
            assert status in (400, 404, 405), (method, name, status)
    assert (board.drive / "data/notes.txt").read_text() == "mine"
    assert (board.drive / "secret.csv").exists()


def old_recording(rows):
    return "time,temperature,voltage,memory\n" + "2026-10-01T00:00:00+00:00,1,2,3\n" * rows


def leave_little_room(client):
    """Raise the reserve until some KB are left for recordings; returns the reserve in bytes."""
    reserve_kb = client.status()["drive"]["free"] // 1024 - 8
    assert client.put_settings(RESERVE_KB=reserve_kb).status == 200
    return reserve_kb * 1024


def test_a_full_drive_stops_recording_and_loses_nothing(boards):
    old = old_recording(2000)
    board = boards(
        settings={**FAST, "RETENTION": "stop"}, files={"data/2026-10-01.csv": old}, usb="none"
    )
    client = Client(board).log_in()
    client.set_time()
    with_drive(board)
    reserve = leave_little_room(client)
    board.change(speed=60)
    status = wait_until(
        lambda: (found := client.status())["recorder"]["state"] == "full" and found, 120
    )
    board.change(speed=1)
    assert "room" in status["recorder"]["reason"]
    assert status["drive"]["free"] >= reserve
    assert client.get("/api/files/2026-10-01.csv").text == old
    entry = next(entry for entry in files(client) if entry["current"])
    written = client.get(f"/api/files/{entry['name']}").text
    assert written.endswith("\n") and len(rows(written)) == entry["rows"] + 1
    assert client("DELETE", "/api/files/2026-10-01.csv").status == 200
    run_for(board, 40)
    wait_until(lambda: client.status()["recorder"]["state"] == "recording")
    grown = client.get(f"/api/files/{entry['name']}").text
    assert grown.startswith(written) and len(grown) > len(written)


def test_the_oldest_recordings_go(boards):
    board = boards(
        settings=FAST,
        files={
            "data/boot-3.csv": old_recording(100),
            "data/2026-10-01.csv": old_recording(500),
            "data/2026-10-02.csv": old_recording(500),
            "data/notes.txt": "mine",
        },
        usb="none",
    )
    client = Client(board).log_in()
    client.set_time()
    with_drive(board)
    leave_little_room(client)
    board.change(speed=60)
    wait_until(lambda: "2026-10-01.csv" not in [entry["name"] for entry in files(client)], 120)
    board.change(speed=1)
    names = [entry["name"] for entry in files(client)]
    assert "boot-3.csv" not in names
    assert any(entry["current"] for entry in files(client))
    assert (board.drive / "data/notes.txt").exists()
    log = client.log()
    assert log.index("Deleted boot-3.csv to make room") < log.index("Deleted 2026-10-01.csv")
    assert client.status()["recorder"]["state"] == "recording"


def test_a_failing_sensor_leaves_a_gap(boards, vm):
    board = with_drive(boards(vm=vm, settings={**FAST, "SENSORS": "bme280 chip"}))
    client = Client(board).log_in()
    client.set_time()
    board.change(faults={"bme280": "unplugged"})
    reading = wait_until(
        lambda: (found := client.get("/api/readings").json["readings"][0])["error"] and found
    )
    assert reading["value"] is None and reading["error"].endswith(".")
    run_for(board, 15)
    board.change(faults={})
    run_for(board, 25)
    wait_until(lambda: client.get("/api/readings").json["readings"][0]["value"])
    run_for(board, 15)
    found = rows(client.get("/api/files/2026-11-24.csv").text)
    cells = [row[1] for row in found[1:]]
    assert "" in cells and cells[-1] != ""
    assert all(row[4] for row in found[1:])
    assert None in [row[1] for row in client.get("/api/history").json["rows"]]


def test_the_pace_holds_under_load(boards):
    board = boards(settings=FAST)
    client = Client(board)
    begin = client.uptime()
    while client.uptime() < begin + 8:
        client.get("/")
        client.get("/api/settings")
    times = [row[0] for row in client.get("/api/history").json["rows"]]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert len(gaps) >= 7
    assert sum(gaps) / len(gaps) == pytest.approx(1, abs=0.1)


def test_time_that_makes_no_sense(boards):
    board = boards(settings=PASSWORDS)
    client = Client(board).log_in()
    for body in (
        {},
        {"epoch": None},
        {"epoch": "1795521600"},
        {"epoch": 1795521600.5},
        {"epoch": 0},
        {"epoch": -1},
        {"epoch": 10**12},
        {"epoch": 1 << 31},  # time.localtime() fails from here on
        {"epoch": True},
        {"epoch": 1795521600, "utc_offset_s": 1e9},
        {"epoch": 1795521600, "utc_offset_s": "x"},
        {"epoch": 1795521600, "utc_offset_s": 61},
        {"epoch": 1795521600, "utc_offset_s": 10**30},
    ):
        assert client("POST", "/api/time", body).status == 400, body
    for body in ("", "[]", "null", "{", "[" * 1000, '{"epoch": 1e999}'):
        assert client("POST", "/api/time", body).status == 400, body
    assert not client.status()["clock"]["set"]
    assert client.set_time(utc_offset_s=-12600)["clock"]["utc_offset_s"] == -12600


def test_the_latest_time(boards, vm):
    """The end of 2035: nobody can set a time that the board's localtime() can't handle."""
    client = Client(boards(vm=vm, settings=PASSWORDS)).log_in()
    latest = {"epoch": 2082758399, "utc_offset_s": 50400}
    assert client("POST", "/api/time", {**latest, "epoch": latest["epoch"] + 1}).status == 400
    client.set_time(**latest)
    assert "2036-01-01T13:59:59+14:00" in client.log()


def test_the_offset_survives_a_reset(boards):
    board = boards(settings=PASSWORDS)
    Client(board).set_time(utc_offset_s=7200)
    board.restart()
    clock = Client(board).status()["clock"]
    assert (clock["set"], clock["epoch"], clock["utc_offset_s"]) == (False, None, 7200)


def recorder(client, **action):
    return client("POST", "/api/recorder", action)


def test_people_control_the_recorder(boards, vm):
    board = with_drive(boards(vm=vm, settings={**PASSWORDS, "SAMPLE_SECONDS": 60}))
    client = Client(board)
    assert recorder(client, action="stop").status == 401
    client.log_in()
    client.set_time()
    assert recorder(client, action="sample").json["buffered"] >= 2
    assert recorder(client, action="note", text="window open").status == 200
    assert recorder(client, action="write").json == {"state": "recording", "buffered": 0}
    name = next(entry["name"] for entry in files(client) if entry["current"])
    text = client.get("/api/files/" + name).text
    assert re.search(r"\n# note 2026-11-24 \d\d:\d\d:\d\d window open\n", text)
    assert len(rows(text)) >= 4
    assert recorder(client, action="stop").json["state"] == "stopped"
    board.restart()
    assert client.status()["recorder"]["state"] == "stopped"
    client.log_in()
    assert recorder(client, action="start").json["state"] != "stopped"
    for wrong in (
        {},
        {"action": "delete"},
        {"action": "note"},
        {"action": "note", "text": " "},
        {"action": "note", "text": "a\nb"},
        {"action": "note", "text": "x" * 121},
        {"action": "note", "text": 1},
    ):
        assert recorder(client, **wrong).status == 400, wrong
    for number in range(4):
        assert recorder(client, action="note", text=f"note {number}").status == 200
    assert recorder(client, action="note", text="too many").status == 409


def test_writing_now_while_a_computer_has_the_drive(boards):
    client = Client(boards(settings=PASSWORDS, usb="mounted")).log_in()
    assert recorder(client, action="write").status == 409
