"""Looking for networks and trying one, on the simulated board."""

from .client import PASSWORDS, Client, wait_until

NETWORKS = {"home": "homehome", "guests": "", "far": "far away far"}
STATION = {
    **PASSWORDS,
    "WIFI_MODE": "station",
    "STATION_SSID": "home",
    "STATION_PASSWORD": "homehome",
}


def tried(client):
    found = client.get("/api/wifi/try").json
    return found["state"] != "trying" and found


def test_looking_for_networks(boards, vm):
    board = boards(vm=vm, settings=PASSWORDS, networks=NETWORKS, signal_dbm=-50)
    client = Client(board).log_in()
    for _ in range(2):
        found = client.get("/api/wifi/scan").json
        assert not found["scanning"]
        networks = found["networks"]
        assert {one["ssid"]: one["secure"] for one in networks} == {
            "home": True,
            "guests": False,
            "far": True,
        }
        assert sorted(one["rssi"] for one in networks) == [-64, -57, -50]
    assert client.status()["wifi"]["mode"] == "ap"


def test_trying_beside_the_own_network(boards, vm):
    board = boards(vm=vm, settings=PASSWORDS, networks=NETWORKS, speed=5)
    client = Client(board).log_in()
    assert client.get("/api/wifi/try").json == {"state": "none"}
    answer = client("POST", "/api/wifi/try", {"ssid": "home", "password": "homehome"})
    assert answer.status == 202 and answer.json == {"state": "trying", "ssid": "home"}
    found = wait_until(lambda: tried(client))
    assert found == {"state": "joined", "ssid": "home", "address": "127.0.0.1"}
    assert (
        client("POST", "/api/wifi/try", {"ssid": "home", "password": "not that one"}).status == 202
    )
    found = wait_until(lambda: tried(client))
    assert found == {"state": "failed", "ssid": "home", "message": "Authentication failure"}
    status = client.status()
    assert status["wifi"]["mode"] == "ap" and status["errors"] == 0
    assert not status["restart_needed"]


def test_trying_another_network_than_the_one_it_is_in(boards, vm):
    board = boards(vm=vm, settings=STATION, networks=NETWORKS, speed=5)
    client = Client(board).log_in()
    for sent, state in (
        ({"ssid": "guests", "password": ""}, "joined"),
        ({"ssid": "nowhere", "password": "nowhere!"}, "failed"),
        ({"ssid": "home", "password": "not that one"}, "failed"),
        ({"ssid": "home"}, "joined"),
    ):
        assert client("POST", "/api/wifi/try", sent).status == 202
        assert wait_until(lambda: tried(client))["state"] == state, sent
        wifi = client.status()["wifi"]
        assert wifi["mode"] == "station" and wifi["ssid"] == "home" and not wifi["fallback"]
    log = client.log()
    assert "is lost" not in log and "again failed" not in log
    for secret in ("homehome", "nowhere!", "not that one"):
        assert secret not in log and secret not in board.output()
    assert client.status()["board"]["reset_reason"] != "WATCHDOG"
