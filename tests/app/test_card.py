"""An SD card as the drive of the recordings: inserted, pulled out, put back, and missing."""

import os
import subprocess

import programs
import pytest

from .client import PASSWORDS, Client, wait_until, with_drive

CHOSEN = {
    **PASSWORDS,
    "SD_CARD": "GP18,GP19,GP16,GP17",
    "SAMPLE_SECONDS": 1,
    "FLUSH_SECONDS": 10,
}


@pytest.fixture
def folder(tmp_path):
    """The content of a card."""
    made = tmp_path / "card"
    made.mkdir()
    return made


def names(client, query=""):
    return [entry["name"] for entry in client.get("/api/files" + query).json["files"]]


def recorded(folder):
    """The rows of all recordings on a card or drive."""
    lines = [line for file in folder.glob("data/*/*.csv") for line in file.read_text().splitlines()]
    return [line for line in lines if line[:1].isdigit()]


def test_recordings_go_to_the_card(boards, vm, folder):
    board = boards(vm=vm, settings=CHOSEN, card=str(folder))
    client = Client(board).log_in()
    client.set_time()
    with_drive(board)
    wait_until(lambda: recorded(folder), 60)
    assert not (board.drive / "data").exists()
    status = client.status()
    assert status["drive"]["recordings"] == "card" and status["drive"]["flash_years"] is None
    assert status["drive"]["total"] == 8192 * 512 and status["recorder"]["state"] == "recording"
    assert names(client) == ["2026-11-24.csv"]
    assert client.get("/api/history?points=100").json["rows"]
    deployed = {entry["path"] for entry in client.get("/api/deploy").json["files"]}
    assert {
        "code.py",
        "boot.py",
        "www/index.html.gz",
    } < deployed  # the drive's files, not the card's
    assert client("DELETE", "/api/files/2026-11-24.csv").status == 200
    assert client.status()["errors"] == 0, client.log()


def test_a_card_that_is_pulled_out_and_put_back(boards, vm, folder):
    board = boards(vm=vm, settings=CHOSEN, card=str(folder))
    client = Client(board).log_in()
    client.set_time()
    with_drive(board)
    wait_until(lambda: recorded(folder), 60)
    board.change(card="")
    wait_until(lambda: client.status()["recorder"]["state"] == "paused", 60)
    assert "The SD card is not there" in client.status()["recorder"]["reason"]
    answer = client("DELETE", "/api/files/2026-11-24.csv")
    assert answer.status in (404, 409)
    before = len(recorded(folder))
    board.change(card=str(folder))
    wait_until(lambda: client.status()["recorder"]["state"] == "recording", 60)
    wait_until(lambda: len(recorded(folder)) > before + 5, 60)
    seconds = sorted(line[:19] for line in recorded(folder))
    assert len(seconds) == len(set(seconds))  # nothing twice
    assert client.status()["recorder"]["dropped"] == 0
    assert not (board.drive / "data").exists()


def test_a_card_that_stays_away(boards, vm, folder):
    board = boards(vm=vm, settings=CHOSEN)
    client = Client(board).log_in()
    client.set_time()
    with_drive(board)
    board.change(speed=10)
    wait_until(lambda: client.status()["drive"]["recordings"] == "internal", 90)
    wait_until(lambda: recorded(board.drive), 60)
    assert client.status()["recorder"]["state"] == "recording"
    board.change(card=str(folder), speed=5)
    wait_until(lambda: client.status()["drive"]["recordings"] == "card", 90)
    wait_until(lambda: recorded(folder), 60)
    assert "The recordings are on the SD card." in client.log()
    beside_the_card(board, client)


def beside_the_card(board, client):
    """The recordings of the internal drive are within reach while the card takes the new ones, too."""
    same = "2026-11-24.csv"  # the name of a recording on the card as well
    assert same in names(client)
    answer = client.get("/api/files?internal").json
    assert [(entry["name"], entry["current"]) for entry in answer["files"]] == [(same, False)]
    assert answer["files"][0]["rows"] == len(recorded(board.drive))
    assert answer["total"] != client.get("/api/files").json["total"]
    assert answer["days_left"] is None
    written = next(board.drive.glob("data/*/*.csv")).read_text()
    assert client.get(f"/api/files/{same}?internal").text.strip() == written.strip()
    assert client("DELETE", f"/api/files/{same}?internal").status == 200
    assert not recorded(board.drive) and same in names(client)
    assert names(client, "?internal") == []
    assert client("GET", f"/api/files/{same}?internal").status == 404


@pytest.fixture
def image(tmp_path):
    """An empty card in a file, formatted by mkfs.fat."""
    file = tmp_path / "card.img"
    mkfs = programs.need("mkfs.fat", "dosfstools")
    subprocess.run([mkfs, "-C", file, "8192"], check=True, capture_output=True)
    return file


def test_a_card_behind_the_boards_own_file_system(boards, image, tmp_path):
    """FatFs writes it, another implementation reads it."""
    mcopy = programs.need("mcopy", "mtools")
    fsck = programs.need("fsck.fat", "dosfstools")
    board = boards(vm="micropython", settings=CHOSEN, card=str(image))
    client = Client(board).log_in()
    client.set_time()
    with_drive(board)
    wait_until(lambda: client.get("/api/files").json["files"], 60)
    assert client.status()["drive"]["recordings"] == "card"
    wait_until(lambda: client.get("/api/files").json["files"][0]["rows"] > 20, 60)
    board.change(card="")
    wait_until(lambda: client.status()["recorder"]["state"] == "paused", 60)
    board.change(card=str(image))
    wait_until(lambda: client.status()["recorder"]["state"] == "recording", 60)
    wait_until(lambda: client.status()["recorder"]["buffered"] == 0, 60)
    answer = client.get("/api/files/2026-11-24.csv")
    assert client.status()["errors"] == 0, client.log()
    board.stop()
    subprocess.run([fsck, "-n", image], check=True, capture_output=True)
    environment = {**os.environ, "MTOOLS_SKIP_CHECK": "1"}
    copy = tmp_path / "copy"
    copy.mkdir()
    source = "::data/2026-11/2026-11-24.csv"
    subprocess.run([mcopy, "-i", image, source, copy], check=True, env=environment)
    found = (copy / "2026-11-24.csv").read_text().strip().splitlines()
    read = answer.text.strip().splitlines()
    assert len(read) > 20 and found[: len(read)] == read
    seconds = [line[:19] for line in found[1:]]
    assert seconds == sorted(set(seconds))
