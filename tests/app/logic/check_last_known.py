"""The latest good passwords, in the non-volatile memory."""

from datalogger.last_known import KEYS, recall, remember


def values(**more):
    return dict({key: "a" for key in KEYS}, **more)


def test_what_is_remembered_is_recalled():
    nvm = bytearray(1024)
    assert recall(nvm) == {}
    for known in (
        values(),
        values(ADMIN_PASSWORD="ä" * 31, STATION_SSID=""),
        values(
            AP_PASSWORD="0" * 64, STATION_PASSWORD="f" * 64
        ),  # keys of the networks, in hexadecimal
    ):
        remember(nvm, known)
        assert recall(nvm) == known


def test_what_is_not_known_any_more_stays():
    nvm = bytearray(1024)
    remember(nvm, values(ADMIN_PASSWORD="good"))
    remember(nvm, values(ADMIN_PASSWORD=None, AP_SSID="new"))
    assert recall(nvm) == values(ADMIN_PASSWORD="good", AP_SSID="new")


def test_what_somebody_else_has_written_is_nothing():
    nvm = bytearray(1024)
    nvm[256:300] = b"\x6c" + bytes(range(200, 243))
    assert recall(nvm) == {}
    assert recall(None) == {}
