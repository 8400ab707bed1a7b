"""Who has the drive: boards with and without a computer, with and without the newer functions of storage."""

from .client import PASSWORDS, Client, starts, wait_until, with_drive

FAST = {**PASSWORDS, "SAMPLE_SECONDS": 1, "FLUSH_SECONDS": 10}
OLDER = (10, 2, 1)


def owner(board):
    return Client(board).status()["drive"]["owner"]


def give(client, owner):
    return client("POST", "/api/drive", {"owner": owner})


def test_taken_without_a_computer(boards, vm):
    board = with_drive(boards(vm=vm, settings=FAST))
    status = Client(board).status()
    assert status["drive"]["reason"] == ""
    assert status["recorder"]["state"] == "recording"


def test_recording_waits_while_a_computer_has_the_drive(boards, vm):
    board = boards(vm=vm, settings=FAST, usb="mounted")
    client = Client(board).log_in()
    board.change(speed=20)
    status = wait_until(
        lambda: (found := client.status())["recorder"]["buffered"] > 50 and found, 60
    )
    board.change(speed=1)
    assert status["drive"]["owner"] == "computer"
    assert status["recorder"]["state"] == "paused"
    assert "computer" in status["recorder"]["reason"]
    assert status["recorder"]["next_write_s"] is None
    assert status["recorder"]["dropped"] == 0
    assert client.get("/api/files").json["files"] == []
    for method, path, body in (
        ("PUT", "/api/settings", '{"LIVE_SECONDS": 3}'),
        ("PUT", "/api/settings.toml", "LIVE_SECONDS = 3\n"),
        ("PUT", "/api/deploy/www/x.txt", "x"),
        ("DELETE", "/api/deploy/www/index.html.gz", None),
    ):
        answer = client(method, path, body)
        assert answer.status in (400, 409), (method, path, answer)
        if answer.status == 409:
            assert "computer has the drive" in answer.json["error"]
    assert client.put_settings(LIVE_SECONDS=3).status == 409
    assert client.put_settings(LIVE_SECONDS=2).status == 200  # nothing to write
    board.detach_computer()
    board.change(speed=20)
    wait_until(lambda: owner(board) == "board")
    buffered = status["recorder"]["buffered"]
    wait_until(lambda: sum(f["rows"] for f in client.get("/api/files").json["files"]) >= buffered)


def test_memory_is_bounded_while_a_computer_has_the_drive(boards):
    board = boards(settings=FAST, usb="mounted", speed=60)
    status = wait_until(
        lambda: (found := Client(board).status())["recorder"]["dropped"] > 5 and found, 60
    )
    columns = len(Client(board).get("/api/history").json["columns"])
    # The samples have 1920 bytes of memory
    assert status["recorder"]["buffered"] == 1920 // (4 + 4 * columns)
    assert status["recorder"]["state"] == "paused"


def test_taken_over_from_the_computer_at_once(boards, vm):
    board = boards(vm=vm, settings=FAST, usb="mounted")
    client = Client(board).log_in()
    wait_until(lambda: client.status()["uptime_s"] > 2)
    assert client.status()["drive"]["needs_restart"] is False
    assert give(client, "board").json == {"owner": "board", "restarting": False}
    assert owner(board) == "board"
    assert client.put_settings(LIVE_SECONDS=3).status == 200
    assert give(client, "computer").json == {"owner": "computer", "restarting": False}
    assert owner(board) == "computer"
    board.change(speed=20)
    uptime = client.status()["uptime_s"]
    wait_until(lambda: client.status()["uptime_s"] > uptime + 60)
    assert owner(board) == "computer"


def test_taken_over_with_a_restart_by_older_firmware(boards, vm):
    board = boards(vm=vm, settings=FAST, usb="mounted", version=OLDER)
    client = Client(board).log_in()
    wait_until(lambda: client.status()["drive"]["needs_restart"])
    assert give(client, "board").json == {"owner": "board", "restarting": True}
    board.wait_until_listening(2)
    assert owner(board) == "board"
    assert client.status()["board"]["reset_reason"] == "SOFTWARE"
    board.power_cycle()  # the choice outlives a loss of power
    assert owner(board) == "board"
    client.log_in()
    # Four starts in a row, each under a minute, would lead to the rescue page
    board.change(speed=20)
    wait_until(lambda: not starts(board))
    board.change(speed=1)
    assert give(client, "computer").json == {"owner": "computer", "restarting": False}
    assert owner(board) == "computer"
    board.power_cycle()
    assert owner(board) == "computer"


def test_taken_over_after_ejecting_without_a_restart(boards):
    board = boards(settings=FAST, usb="mounted", version=OLDER)
    client = Client(board).log_in()
    wait_until(lambda: client.status()["uptime_s"] > 2)
    board.eject_drive()
    assert wait_until(lambda: not give(client, "board").json["restarting"])
    assert owner(board) == "board"


def test_given_away_before_the_computer_is_there(boards):
    board = with_drive(boards(settings=FAST))
    client = Client(board).log_in()
    assert give(client, "computer").json == {"owner": "computer", "restarting": False}
    status = client.status()
    assert "given" in status["drive"]["reason"]
    board.change(speed=20)
    wait_until(lambda: client.status()["uptime_s"] > status["uptime_s"] + 60)
    assert owner(board) == "computer"
    board.attach_computer()
    wait_until(lambda: "given" not in client.status()["drive"]["reason"])
    board.detach_computer()
    wait_until(lambda: owner(board) == "board")


def test_what_is_buffered_is_written_before_giving(boards):
    board = with_drive(boards(settings={**FAST, "FLUSH_SECONDS": 3600}))
    client = Client(board).log_in()
    buffered = client.status()["recorder"]["buffered"]
    assert buffered >= 3
    assert give(client, "computer").status == 200
    assert client.get("/api/files").json["files"][0]["rows"] >= buffered


def test_what_is_buffered_is_written_before_a_restart(boards):
    board = with_drive(boards(settings={**FAST, "FLUSH_SECONDS": 3600}))
    client = Client(board).log_in()
    buffered = client.status()["recorder"]["buffered"]
    answer = client("POST", "/api/restart", "{}")
    assert answer.status == 202 and answer.json == {"restarting": True}
    board.wait_until_listening(2)
    assert client.get("/api/files").json["files"][0]["rows"] >= buffered
    assert client.status()["board"]["reset_reason"] == "SOFTWARE"


def test_deleting_needs_the_drive(boards):
    board = boards(settings=FAST, usb="mounted", files={"data/boot-9.csv": "seconds,a\n1,2\n"})
    client = Client(board).log_in()
    assert client("DELETE", "/api/files/boot-9.csv").status == 409
    assert client.get("/api/files/boot-9.csv").text == "seconds,a\n1,2\n"
    assert client("DELETE", "/api/log").status == 200  # it is in memory
