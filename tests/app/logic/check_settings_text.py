"""Odd values in the JSON that changes settings: halves of characters, a negative zero."""

from datalogger.on_demand import on_demand
from datalogger.settings import SettingError, Settings
from fakes import MovedClock, checked_settings, folder, quiet_log, raises


def test_pairs_of_surrogates_are_one_character():
    parse = on_demand("json_object").parse
    for text, wanted in (
        (b"\\ud83d\\ude00", "\U0001f600"),
        (b"a\\uD83D\\uDE00b\\ud800\\udc00", "a\U0001f600b\U00010000"),
        (b"\\udbff\\udfff", "\U0010ffff"),
        (b"\xf0\x9f\x98\x80 \\u00e4", "\U0001f600 \xe4"),
        (b"", ""),
    ):
        assert parse(b'{"AP_SSID": "' + text + b'", "N": 1}') == {"AP_SSID": wanted, "N": 1}
    settings = Settings(quiet_log(MovedClock()), folder("settings") + "/settings.toml")
    for halves in (b"\\ud83d", b"\\ude00\\ud83d", b"\\ud83d\\ud83dx"):
        sent = parse(b'{"AP_SSID": "' + halves + b'"}')
        assert raises(SettingError, checked_settings, settings, sent).field == "AP_SSID"
    for key, told in ((b"\\ud83d_A", "?_A"), (b"\\u009b31m", "?31m"), (b"NO_SUCH", "NO_SUCH")):
        sent = parse(b'{"' + key + b'": 1}')
        assert raises(SettingError, checked_settings, settings, sent).field == told


def test_zero_has_no_sign():
    settings = Settings(quiet_log(MovedClock()), folder("settings") + "/settings.toml")
    kept = checked_settings(settings, {"LOW_BATTERY_VOLTS": -0.0})
    assert str(kept["LOW_BATTERY_VOLTS"]) == "0.0"
