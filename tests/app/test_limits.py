"""Limits of channels on a whole board: state, log, metrics, event stream, output."""

from .client import PASSWORDS, Client, Events, wait_until, with_drive

SETTINGS = {
    **PASSWORDS,
    "LIVE_SECONDS": 1,
    "SENSORS": "bme280",
    "OUTPUTS": "relay:GP15:fan",
    "LIMITS": "air_temperature: low=5, high=30, hysteresis=1, high_output=fan; humidity: high=101",
}


def channel(client, name="air_temperature"):
    return next(one for one in client.status()["channels"] if one["name"] == name)


def state_in(event):
    return event.get("channels", event.get("readings"))[0]["state"]


def test_a_limit_is_passed(boards, vm):
    board = boards(vm=vm, settings=SETTINGS, traced=("pins",))
    board.change(measured={"bme280": {"temperature": 20.0}})
    client = Client(board).log_in()
    found = channel(client)
    assert (found["state"], found["low"], found["high"]) == ("ok", 5, 30)
    assert channel(client, "pressure")["high"] is None
    assert 'datalogger_limit_passed{sensor="air_temperature"} 0' in client.get("/metrics").text
    events = Events(client)
    board.change(measured={"bme280": {"temperature": 31.5}})
    wait_until(lambda: channel(client)["state"] == "high")
    assert channel(client, "humidity")["state"] == "ok"
    for kind in ("readings", "status"):  # the event stream reports it, too
        wait_until(lambda kind=kind: state_in(events.next(kind)[1]) == "high")
    events.close()
    shown = client.get("/api/readings").json["readings"][0]
    assert (shown["name"], shown["state"]) == ("air_temperature", "high")
    metrics = client.get("/metrics").text
    assert 'datalogger_limit_passed{sensor="air_temperature"} 1' in metrics
    assert 'datalogger_output{output="fan"} 1.0' in metrics
    assert True in [value for name, value, _ in board.events("pin") if name == "GP15"]
    assert "is too high: 31.5 °C." in client.log() and "Fan: on." in client.log()
    board.change(measured={"bme280": {"temperature": 20.0}})
    wait_until(lambda: channel(client)["state"] == "ok")
    assert client.get("/api/outputs").json["outputs"][0]["value"] is False
    assert "is within its limits again: 20.0 °C." in client.log()


def test_the_setting_is_checked_and_what_can_not_be_read_stops_nothing(boards):
    board = with_drive(boards(settings={**SETTINGS, "LIMITS": "air_temperature: high=warm"}))
    client = Client(board).log_in()
    assert channel(client)["high"] is None
    assert "LIMITS" in client.log()
    answer = client.put_settings(LIMITS="air_temperature: low=5, high=4")
    assert answer.status == 400 and answer.json["field"] == "LIMITS"
    assert client.put_settings(LIMITS="air_temperature: high=4").json["restart_needed"]
