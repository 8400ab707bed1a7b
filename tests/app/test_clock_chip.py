"""A clock chip on I2C, on a model of the chip: read at the start, set by a better source."""

import pytest

from .client import PASSWORDS, Client, with_drive

CHOSEN = {**PASSWORDS, "RTC_CHIP": "ds3231"}
EPOCH = 1795521600  # 2026-11-24T12:00:00Z


@pytest.mark.parametrize("sensor", ["", " bme280"])
def test_the_chip_is_read_and_set(boards, vm, sensor):
    """Alone on its bus, and beside a sensor that keeps the bus."""
    settings = {**CHOSEN, "SENSORS": f"chip{sensor}", "TIME_ZONE": "CET-1CEST,M3.5.0,M10.5.0/3"}
    measured = {"ds3231": {"epoch": EPOCH}}
    attached = ["ds3231", *sensor.split()]
    board = boards(vm=vm, settings=settings, measured=measured, sensors=attached)
    client = Client(board)
    clock = client.status()["clock"]
    assert clock["source"] == "rtc" and clock["utc_offset_s"] == 3600 and clock["drifts"] == {}
    assert 0 <= clock["epoch"] - EPOCH < 60
    client.log_in().set_time(epoch=clock["epoch"] + 100)
    clock = client.status()["clock"]
    assert clock["source"] == "browser"
    assert clock["drifts"]["browser"] == pytest.approx(100, abs=20)
    assert clock["drifts"]["rtc"] == pytest.approx(-100, abs=20)
    client.set_time(epoch=clock["epoch"] + 200)  # the chip was set to that time
    assert client.status()["clock"]["drifts"]["rtc"] == pytest.approx(-200, abs=20)
    assert client.status()["errors"] == 0, client.log()


def test_a_chip_that_lost_its_time_or_is_not_there(boards, vm):
    board = boards(vm=vm, settings=CHOSEN, sensors=["ds3231"])
    client = Client(board)
    assert not client.status()["clock"]["set"]
    assert "The clock chip has lost its time" in client.log()
    board.stop()
    board = boards(vm=vm, settings=CHOSEN)
    client = Client(board).log_in()
    assert not client.status()["clock"]["set"]
    assert "The clock chip ds3231 can't be read." in client.log()
    client.set_time()
    assert client.status()["clock"]["set"]
    with_drive(board)
