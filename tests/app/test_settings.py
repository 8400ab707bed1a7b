"""Settings through the API, and the file that the project ships."""

import json

import pytest
from toolkit.environment import ROOT
from toolkit.generated.shipped_settings import read_schema

from .client import PASSWORD, PASSWORDS, Client, basic, with_drive

MINE = """\
# In the shed, behind the door
MQTT_HOST = "broker"  # for later
MQTT_PASSWORD = "tell nobody"

SAMPLE_SECONDS = 30   # half a minute
ADMIN_PASSWORD = "a good password"
AP_PASSWORD = "another password"
"""


@pytest.fixture
def board(boards, vm):
    board = boards(vm=vm, files={"settings.toml": MINE})
    return with_drive(board)


@pytest.fixture
def client(board):
    return Client(board).log_in()


def file(board):
    """settings.toml without the blank lines that fill it up."""
    content = (board.drive / "settings.toml").read_text("utf-8")
    return content.rstrip("\n") + "\n"


def values(client):
    entries = client.get("/api/settings").json["settings"]
    return {entry["key"]: entry.get("value") for entry in entries}


def test_the_form(client):
    found = client.get("/api/settings").json
    assert [group["name"] for group in found["groups"]] == [
        group["name"] for group in read_schema(ROOT)["groups"]
    ]
    assert found["restart_needed"] is False
    by_key = {entry["key"]: entry for entry in found["settings"]}
    assert list(by_key) == [row["key"] for row in read_schema(ROOT)["settings"]]
    flush = by_key["FLUSH_SECONDS"]
    expected = {"type": "int", "unit": "s", "min": 10, "max": 86400, "default": 600, "value": 600}
    assert expected.items() <= flush.items()
    assert by_key["SAMPLE_SECONDS"]["value"] == 30
    assert by_key["RETENTION"]["choices"] == ["oldest go", "stop"]
    assert by_key["ADMIN_LOGIN_TO_READ"]["value"] is False
    assert by_key["STATION_SSID"]["optional"] is True
    for key in ("ADMIN_PASSWORD", "AP_PASSWORD", "STATION_PASSWORD"):
        secret = by_key[key]
        assert secret["secret"] and not {"value", "default"} & set(secret)
    assert by_key["ADMIN_PASSWORD"]["set"] and not by_key["ADMIN_PASSWORD"]["is_default"]
    assert not by_key["STATION_PASSWORD"]["set"] and by_key["STATION_PASSWORD"]["is_default"]


@pytest.mark.daily
def test_saving_changes_only_what_is_sent(board, client):
    answer = client.put_settings(SAMPLE_SECONDS=10, LIVE_SECONDS=2, LOW_BATTERY_VOLTS=3.3)
    assert answer.json == {
        "saved": ["LOW_BATTERY_VOLTS", "SAMPLE_SECONDS"],
        "restart_needed": True,
    }
    expected = MINE.replace("SAMPLE_SECONDS = 30", "SAMPLE_SECONDS = 10")
    assert file(board) == expected + "LOW_BATTERY_VOLTS = 3.3\n"
    assert not list(board.drive.rglob("*.new"))
    assert values(client)["SAMPLE_SECONDS"] == 10
    assert client.status()["recorder"]["sample_s"] == 10
    board.power_cycle()
    assert values(Client(board))["LOW_BATTERY_VOLTS"] == 3.3


def test_nothing_to_save_writes_nothing(board, client):
    before = (board.drive / "settings.toml").stat().st_mtime_ns
    assert client.put_settings(SAMPLE_SECONDS=30).json == {"saved": [], "restart_needed": False}
    assert client.put_settings().json == {"saved": [], "restart_needed": False}
    assert (board.drive / "settings.toml").stat().st_mtime_ns == before


def test_what_needs_a_restart(client):
    assert client.put_settings(AP_SSID="shed").json["restart_needed"] is True
    assert client.status()["restart_needed"] is True
    assert client.status()["wifi"]["ssid"] == "datalogger"
    assert client.put_settings(AP_SSID="datalogger").json["restart_needed"] is False


BAD_VALUES = [
    ("AP_SSID", 'x"\nADMIN_PASSWORD = "owned'),
    ("AP_SSID", "x\\\nADMIN_PASSWORD = 1"),
    ("AP_SSID", "tab\there"),
    ("AP_SSID", "\x00"),
    ("AP_SSID", "x" * 33),
    ("AP_SSID", "ü" * 17),
    ("SAMPLE_SECONDS", 0),
    ("SAMPLE_SECONDS", 1e400),
    ("SAMPLE_SECONDS", "60"),
    ("SAMPLE_SECONDS", None),
    ("LOW_BATTERY_VOLTS", 6),
    ("RETENTION", "rm -rf"),
    ("ADMIN_LOGIN_TO_READ", "yes"),
    ("ADMIN_PASSWORD", "short"),
    ("ADMIN_PASSWORD", ""),
    ("DEVICE_NAME", "Ünïcode"),
    ("NEOPIXEL_PIN", "GP99"),
    ("NO_SUCH_KEY", 1),
    ("CIRCUITPY_WEB_API_PASSWORD", "owned"),
    ("__class__", "x"),
]


def test_bad_values_are_refused_by_name(board, client):
    for key, value in BAD_VALUES:
        answer = client("PUT", "/api/settings", json.dumps({"LIVE_SECONDS": 5, key: value}))
        assert answer.status == 400, (key, value)
        if value != 1e400:  # that is not even JSON
            assert answer.json["field"] == key
        assert answer.json["error"].endswith(".")
    assert file(board) == MINE
    assert values(client)["LIVE_SECONDS"] == 2


def test_half_a_character_stays_out_of_the_file(board, client):
    """MicroPython's json and its UTF-8 accept one half of a surrogate pair."""
    answer = client("PUT", "/api/settings", '{"AP_SSID": "\\ud83d"}')
    assert answer.status == 400 and answer.json["field"] == "AP_SSID"
    assert file(board) == MINE


def test_strange_bodies(board, client):
    for body in ("", "null", "[]", '"x"', "{", '{"LIVE_SECONDS": ', "\xff", "{}x"):
        assert client("PUT", "/api/settings", body).status == 400, body
    assert client("PUT", "/api/settings", "[" * 1024).status == 400
    for length in (1025, 8000, 65536):
        assert client("PUT", "/api/settings", "[" * length).status == 413, length
    assert file(board) == MINE
    assert client.status()["errors"] == 0


def test_quotes_and_backslashes_survive(board, client):
    name = 'a "b" \\ #c\' €'
    assert client.put_settings(AP_SSID=name).status == 200
    assert file(board).count("\n") == MINE.count("\n") + 1
    assert values(client)["AP_SSID"] == name
    board.power_cycle()
    assert values(Client(board))["AP_SSID"] == name
    assert Client(board).status()["wifi"]["ssid"] == name


def test_a_new_password_counts_at_once(board, client):
    other = Client(board).log_in()
    assert client.put_settings(ADMIN_PASSWORD="an even better one").status == 200
    # The session that changed the password goes on
    assert client.put_settings(LIVE_SECONDS=3).status == 200
    assert other.put_settings(LIVE_SECONDS=4).status == 401
    assert Client(board)("POST", "/api/login", {"password": PASSWORD}).status == 401
    Client(board).log_in("an even better one")


def test_backup_and_restore(board, client):
    answer = client.get("/api/settings.toml")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="settings.toml"'
    assert answer.headers["Content-Type"].startswith("text/plain")
    backup = answer.text
    for secret in ("tell nobody", *PASSWORDS.values()):
        assert secret not in backup
    assert '# In the shed, behind the door\nMQTT_HOST = "broker"  # for later\n' in backup
    client.put_settings(SAMPLE_SECONDS=10, AP_SSID="shed")
    preview = client("PUT", "/api/settings.toml?preview", backup).json
    assert sorted(preview["changes"], key=str) == sorted(
        [
            {"key": "SAMPLE_SECONDS", "from": 10, "to": 30},
            {"key": "AP_SSID", "from": "shed", "to": "datalogger"},
        ],
        key=str,
    )
    assert preview["saved"] is False
    assert values(client)["SAMPLE_SECONDS"] == 10
    restored = client("PUT", "/api/settings.toml", backup).json
    assert restored["saved"] is True and restored["changes"] == preview["changes"]
    assert values(client)["SAMPLE_SECONDS"] == 30
    assert 'MQTT_PASSWORD = "tell nobody"' in file(board)
    assert client.put_settings(LIVE_SECONDS=3).status == 200  # the password is the same
    assert client("PUT", "/api/settings.toml?preview", file(board)).json["changes"] == []


def test_a_backup_without_a_login_has_known_keys_only(board):
    public = Client(board).get("/api/settings.toml").text
    assert "SAMPLE_SECONDS = 30\n" in public
    for word in ("shed", "MQTT", "broker", "later", "PASSWORD", *PASSWORDS.values()):
        assert word not in public
    wrong = Client(board, Authorization=basic("wrong"))("GET", "/api/settings.toml")
    assert wrong.status == 401 and wrong.json["error"] == "Wrong password."
    assert "# In the shed" in Client(board, Authorization=basic()).get("/api/settings.toml").text


def test_bad_files_are_refused_as_a_whole(board, client):
    for text, field in (
        ("LIVE_SECONDS = 5\nnonsense\n", None),
        ("LIVE_SECONDS = 5\nSAMPLE_SECONDS = 0\n", "SAMPLE_SECONDS"),
        ("LIVE_SECONDS = 5\nLIVE_SECONDS = 5\n", "LIVE_SECONDS"),
        ('AP_SSID = "x\n', None),
        ('AP_SSID = "\\u0000"\n', "AP_SSID"),
        ('WIFI_MODE = "station"\n', "STATION_SSID"),
    ):
        answer = client("PUT", "/api/settings.toml", text)
        assert answer.status == 400, text
        assert answer.json.get("field") == field, text
    assert client("PUT", "/api/settings.toml", b'A = "\xff"\n').status == 400
    assert client("PUT", "/api/settings.toml", "# x\n" * 1900).status == 413
    assert client("PUT", "/api/settings.toml", "# x\n" * 19000).status == 413
    assert file(board) == MINE


def test_default_passwords_are_told(boards):
    board = with_drive(boards())
    client = Client(board).log_in("datalogger")

    def told():
        login = client.status()["login"]
        assert login["default_password"] is bool(login["default_passwords"])
        return sorted(login["default_passwords"])

    assert told() == ["ADMIN_PASSWORD", "AP_PASSWORD"]
    client.put_settings(ADMIN_PASSWORD=PASSWORD)
    assert told() == ["AP_PASSWORD"]
    client.put_settings(AP_PASSWORD="another password")
    assert told() == []


def test_a_damaged_file_does_not_stop_the_board(boards, vm):
    damaged = b'LIVE_SECONDS = 0\nAP_PASSWORD = "secret\n\xff\xfe\n\x00\nSAMPLE_SECONDS = 5\n'
    board = boards(vm=vm, files={"settings.toml": damaged})
    client = Client(board)
    assert client.status()["recorder"]["sample_s"] in (5, 60)
    log = client.log()
    assert "settings.toml" in log and "secret" not in log


def test_no_file_at_all(boards):
    board = boards(start=False)
    (board.drive / "settings.toml").unlink()
    with_drive(board.start())
    client = Client(board).log_in("datalogger")
    assert client.get("/api/settings.toml").text == ""
    assert client.put_settings(SAMPLE_SECONDS=5).status == 200
    assert file(board) == "SAMPLE_SECONDS = 5\n"


def test_the_defaults_in_reserve_are_not_loaded_in_vain():
    """They take memory at each form and each save; only an incomplete list needs them."""
    folder = ROOT / "lib/datalogger"
    lines = (folder / "settings_schema.json").read_text("utf-8").count('\n{"key"')
    module = (folder / "rare/settings_schema.py").read_text("utf-8")
    assert f"_LINES = const({lines})" in module
