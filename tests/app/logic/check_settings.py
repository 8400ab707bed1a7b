"""Settings: reading, checking, saving, backup and restore."""

from datalogger.on_demand import on_demand
from datalogger.rare.settings_schema import rows as schema_rows
from datalogger.settings import SettingError, Settings
from fakes import MovedClock, checked_settings, exhaust, folder, quiet_log, raises, texts, write
from fakes import read as read_all

settings_restore = on_demand("settings_restore")
settings_backup = settings_restore.backup
settings_saving = on_demand("settings_saving")

FILE = b"""# My logger, in the shed
UNKNOWN = "kept"   # by me

SAMPLE_SECONDS = 30 # half a minute
  FLUSH_SECONDS=300
ADMIN_PASSWORD = "old secret"
# ADMIN_PASSWORD = "older secret"
MQTT_TOKEN = "tok-123"
"""


def make(content=FILE, name="settings"):
    path = folder(name) + "/settings.toml"
    if content is not None:
        write(path, content)
    log = quiet_log(MovedClock())
    settings = Settings(log, path)
    settings.nvm = bytearray(16)
    return settings, path, log


def read(path):
    """The file without the blank lines that fill it up."""
    return read_all(path).rstrip(b"\n") + b"\n"


def restoring(settings, new_file):
    """A Restore of a file in pieces, which has been read."""
    restore = settings_restore.Restore(settings, new_file)
    exhaust(restore.read())
    return restore


def write_restored(settings, restore):
    content = exhaust(restore.content())[1]
    exhaust(settings_saving.write(settings, restore.checked, content))


def save(settings, **changes):
    exhaust(settings_saving.write(settings, checked_settings(settings, changes)))


def test_values_and_defaults():
    settings, _, _ = make()
    assert settings["SAMPLE_SECONDS"] == 30
    assert settings["FLUSH_SECONDS"] == 300
    assert settings["LIVE_SECONDS"] == 2
    assert settings.default_passwords  # the access point's is still the shipped one
    save(settings, AP_PASSWORD="a better one")
    assert not settings.default_passwords
    save(settings, ADMIN_PASSWORD="datalogger")
    assert settings.default_passwords


def test_the_first_of_several_lines_counts():
    """As CircuitPython does it, even if the first can't be read."""
    settings, _, _ = make(
        b'FLUSH_SECONDS = 300\nFLUSH_SECONDS = 400\nFLUSH_SECONDS = "x\n', "several"
    )
    assert settings["FLUSH_SECONDS"] == 300
    settings, _, log = make(b'FLUSH_SECONDS = "x\nFLUSH_SECONDS = 300\n', "first")
    assert settings["FLUSH_SECONDS"] == 600
    assert any("line 1" in entry[3] for entry in log.entries())
    settings, _, _ = make(b'ADMIN_PASSWORD = "x\nADMIN_PASSWORD = "good enough"\n', "password")
    assert settings["ADMIN_PASSWORD"] is None


def test_no_file_means_defaults():
    settings, path, _ = make(None)
    assert settings["SAMPLE_SECONDS"] == 60
    save(settings, SAMPLE_SECONDS=5)
    assert read(path) == b"SAMPLE_SECONDS = 5\n"


def test_nonsense_in_the_file_is_named_and_does_no_harm():
    settings, _, log = make(
        b'\xef\xbb\xbfSAMPLE_SECONDS = "x"\nLIVE_SECONDS = 0\nRETENTION = "burn"\n'
        b'AP_PASSWORD = "short"\nnonsense\nLOW_BATTERY_VOLTS = "3.3"\nADMIN_LOGIN_TO_READ = true\n'
        b"NEOPIXEL_PERCENT = 30\nNEOPIXEL_PERCENT = 40\n"
    )
    assert settings["SAMPLE_SECONDS"] == 60
    assert settings["LIVE_SECONDS"] == 2
    assert settings["RETENTION"] == "oldest go"
    assert settings["AP_PASSWORD"] == "datalogger"
    assert settings["LOW_BATTERY_VOLTS"] == 3.3
    assert settings["ADMIN_LOGIN_TO_READ"] is True
    assert settings["NEOPIXEL_PERCENT"] == 30  # the first counts, as for CircuitPython
    for number in (1, 2, 3, 4, 5):
        assert "line %d:" % number in texts(log)
    assert "short" not in texts(log)


def test_a_file_that_is_too_large_means_defaults():
    settings, _, log = make(b"# x\n" * 5000)
    assert settings["LIVE_SECONDS"] == 2
    assert "cannot be read" in texts(log)


def test_a_line_that_is_not_utf8_costs_no_password():
    settings, path, log = make(b'# 20 \xb0C\nAP_PASSWORD = "sch\xf6n genug"\nSAMPLE_SECONDS = 5\n')
    assert texts(log) == ""
    assert settings["AP_PASSWORD"] == "schön genug"
    save(settings, SAMPLE_SECONDS=6)
    assert read(path) == '# 20 °C\nAP_PASSWORD = "schön genug"\nSAMPLE_SECONDS = 6\n'.encode()


def test_saving_keeps_all_else():
    settings, path, _ = make()
    save(settings, SAMPLE_SECONDS=10, ADMIN_PASSWORD='new "secret"\\', LOW_BATTERY_VOLTS=3.3)
    assert read(path) == (
        FILE.replace(b"= 30 #", b"= 10 #").replace(b'"old secret"', b'"new \\"secret\\"\\\\"')
        + b"LOW_BATTERY_VOLTS = 3.3\n"
    )
    again = Settings(quiet_log(MovedClock()), path)
    assert again["ADMIN_PASSWORD"] == 'new "secret"\\'
    assert again["LOW_BATTERY_VOLTS"] == 3.3


def test_saving_without_a_line_end_at_the_end():
    settings, path, _ = make(b"# x\nLIVE_SECONDS = 3")
    save(settings, SAMPLE_SECONDS=10)
    assert read(path) == b"# x\nLIVE_SECONDS = 3\nSAMPLE_SECONDS = 10\n"


def test_saving_keeps_windows_line_ends():
    settings, path, _ = make(b"SAMPLE_SECONDS = 30\r\n# x\r\n")
    save(settings, SAMPLE_SECONDS=10)
    assert read(path) == b"SAMPLE_SECONDS = 10\r\n# x\r\n"


def test_hostile_values_are_refused_by_name():
    settings, path, _ = make()
    long_text = "x" * 65536
    for key, bad in (
        ("AP_SSID", 'x"\nADMIN_PASSWORD = "owned'),
        ("AP_SSID", "x\r"),
        ("AP_SSID", "x\0y"),
        ("AP_SSID", "x\x7f"),
        ("AP_SSID", "x\x85y"),
        ("AP_SSID", "x\u2028y"),
        ("AP_SSID", "x\ud800"),
        ("AP_SSID", "x\ud800y"),
        ("AP_SSID", long_text),
        ("AP_SSID", ""),
        ("AP_SSID", "ä" * 17),
        ("AP_SSID", None),
        ("AP_SSID", ["x"]),
        ("AP_PASSWORD", "1234567"),
        ("AP_PASSWORD", ""),
        ("AP_PASSWORD", "g" * 64),
        ("AP_PASSWORD", "a" * 65),
        ("STATION_PASSWORD", "0" * 63 + " "),
        ("ADMIN_PASSWORD", "a" * 64),
        ("ADMIN_PASSWORD", ""),
        ("ADMIN_PASSWORD", long_text),
        ("SAMPLE_SECONDS", 0),
        ("SAMPLE_SECONDS", 86401),
        ("SAMPLE_SECONDS", 1.5),
        ("SAMPLE_SECONDS", True),
        ("SAMPLE_SECONDS", "60"),
        ("SAMPLE_SECONDS", 1 << 80),
        ("LOW_BATTERY_VOLTS", float("nan")),
        ("LOW_BATTERY_VOLTS", float("inf")),
        ("LOW_BATTERY_VOLTS", -0.1),
        ("LOW_BATTERY_VOLTS", "3.3"),
        ("LOW_BATTERY_VOLTS", {}),
        ("RETENTION", "delete all"),
        ("RETENTION", ["stop"]),
        ("ADMIN_LOGIN_TO_READ", 1),
        ("ADMIN_LOGIN_TO_READ", "true"),
        ("DEVICE_NAME", "My Logger"),
        ("DEVICE_NAME", "-logger"),
        ("DEVICE_NAME", "log.ger"),
        ("EXTRA_HOST_NAMES", "a b"),
        ("EXTRA_HOST_NAMES", "a,,b"),
        ("EXTRA_HOST_NAMES", "http://a"),
        ("NEOPIXEL_PIN", "LED"),
        ("NEOPIXEL_PIN", "GP23"),
        ("NEOPIXEL_PIN", "GP016"),
        ("NEOPIXEL_PIN", "GP"),
        ("NO_SUCH_SETTING", 1),
    ):
        error = raises(SettingError, checked_settings, settings, {key: bad})
        assert error.field == key, key
        assert "owned" not in str(error)
    assert read(path) == FILE


def test_good_values_are_taken():
    settings, _, _ = make()
    for key, good in (
        ("AP_SSID", 'quote " # and \\ backslash'),
        ("AP_SSID", "ä" * 16),
        ("NEOPIXEL_PIN", "GP28"),
        ("NEOPIXEL_PIN", ""),
        ("EXTRA_HOST_NAMES", "logger.lan, logger2.example.org"),
        ("LOW_BATTERY_VOLTS", 3),
        ("STATION_PASSWORD", ""),
        ("STATION_PASSWORD", "0123456789abcdefABCDEF0123456789" * 2),
        ("AP_PASSWORD", "f" * 64),
        ("AP_PASSWORD", "not hexadecimal" * 4),
        ("AP_SSID", "\U0001f600"),
        ("RETENTION", "stop"),
    ):
        save(settings, **{key: good})
        assert settings[key] == good


def test_whatever_is_saved_adds_no_line():
    settings, path, _ = make()
    lines = read(path).count(b"\n")
    save(settings, ADMIN_PASSWORD='"""\\n # = \\u000a [x]')
    assert read(path).count(b"\n") == lines
    assert Settings(quiet_log(MovedClock()), path)["ADMIN_PASSWORD"] == '"""\\n # = \\u000a [x]'


def test_station_mode_needs_a_network():
    settings, _, _ = make()
    assert (
        raises(SettingError, checked_settings, settings, {"WIFI_MODE": "station"}).field
        == "STATION_SSID"
    )
    checked_settings(settings, {"WIFI_MODE": "station", "STATION_SSID": "home"})
    save(settings, WIFI_MODE="station", STATION_SSID="home")
    assert (
        raises(SettingError, checked_settings, settings, {"STATION_SSID": ""}).field
        == "STATION_SSID"
    )


def test_restart_is_needed_until_the_value_is_back():
    settings, _, _ = make()
    save(settings, SAMPLE_SECONDS=10)
    assert not settings.restart_needed()
    save(settings, AP_SSID="other")
    assert settings.restart_needed()
    save(settings, AP_SSID="datalogger")
    assert not settings.restart_needed()


def pieces(text):
    """The text in pieces that are cut anywhere, as the network delivers it."""
    content = text.encode()
    return [content[start : start + 11] for start in range(0, len(content), 11)]


def test_backup_leaves_secrets_out():
    settings, _, _ = make(
        FILE + b"damaged = hunter2\n#PASSWORD: hunter2 = x\n# Passwords matter.\n"
    )
    backup = "".join(settings_backup.backup(settings)).encode()
    for secret in (b"secret", b"tok-123", b"hunter2"):
        assert secret not in backup, secret
    for kept in (b"# My logger", b'UNKNOWN = "kept"   # by me', b"= 30 # half", b"matter."):
        assert kept in backup
    assert b'ADMIN_PASSWORD = ""\n# ADMIN_PASSWORD = ""\nMQTT_TOKEN = ""\n' in backup


def test_restoring_the_backup_changes_nothing():
    settings, path, _ = make()
    backup = "".join(settings_backup.backup(settings))
    restore = restoring(settings, pieces(backup))
    assert restore.changes == []
    write_restored(settings, restore)
    again = Settings(quiet_log(MovedClock()), path)
    assert again["ADMIN_PASSWORD"] == "old secret"
    assert b'MQTT_TOKEN = "tok-123"' in read(path)
    assert b"# half a minute" in read(path)


def test_what_anybody_may_read_has_known_keys_only():
    settings, path, _ = make(FILE + b'SAMPLE_SECONDS = 31 # my code is 4711\nNOTE = "hunter2"\n')
    public = "".join(settings_backup.public_values(settings))
    for secret in ("secret", "tok-123", "hunter2", "4711", "shed", "me", "UNKNOWN"):
        assert secret not in public.partition("\n")[2].replace("DEVICE_NAME", ""), secret
    for key in settings.values:
        assert (key + " = " in public) is (key not in settings.secrets), key
    restore = restoring(settings, pieces(public))
    assert sorted([change[0] for change in restore.changes]) == ["NOTE", "UNKNOWN"]
    write_restored(settings, restore)
    assert Settings(quiet_log(MovedClock()), path)["ADMIN_PASSWORD"] == "old secret"


def test_restore_takes_the_mark_that_some_editors_put_first():
    for size in (1, 2, 3, 5, 256):
        settings, path, _ = make()
        content = b"\xef\xbb\xbfSAMPLE_SECONDS = 20\r\n# \xef\xbb\xbf\r\n"
        cut = [content[start : start + size] for start in range(0, len(content), size)]
        restore = restoring(settings, cut)
        assert ("SAMPLE_SECONDS", 30, 20) in restore.changes
        write_restored(settings, restore)
        assert read(path).startswith(b"SAMPLE_SECONDS = 20\n# \xef\xbb\xbf\n")
        assert Settings(quiet_log(MovedClock()), path)["SAMPLE_SECONDS"] == 20
    restore = restoring(settings, [b"\xef\xbb", b"\xbf# nothing"])
    assert ("SAMPLE_SECONDS", 20, 60) in restore.changes


def test_restore_tells_changes_and_keeps_missing_secrets():
    settings, path, _ = make()
    restore = restoring(
        settings, pieces('SAMPLE_SECONDS = 20\nAP_PASSWORD = "brand new"\nNEW_THING = 1\n')
    )
    assert sorted(restore.changes, key=str) == sorted(
        [
            ("SAMPLE_SECONDS", 30, 20),
            ("FLUSH_SECONDS", 300, 600),
            ("AP_PASSWORD", None, None),
            ("NEW_THING", None, 1),
            ("UNKNOWN", "kept", None),
        ],
        key=str,
    )
    assert settings["SAMPLE_SECONDS"] == 30
    write_restored(settings, restore)
    again = Settings(quiet_log(MovedClock()), path)
    assert again["SAMPLE_SECONDS"] == 20
    assert again["FLUSH_SECONDS"] == 600
    assert again["ADMIN_PASSWORD"] == "old secret"
    assert again["AP_PASSWORD"] == "brand new"
    assert b'MQTT_TOKEN = "tok-123"\n' in read(path)


def test_restore_refuses_the_whole_file_for_one_bad_line():
    settings, path, _ = make()
    for text, field in (
        ("SAMPLE_SECONDS = 20\nnonsense\n", ""),
        ("SAMPLE_SECONDS = 20\nLIVE_SECONDS = 0\n", "LIVE_SECONDS"),
        ("SAMPLE_SECONDS = 20\nSAMPLE_SECONDS = 20\n", "SAMPLE_SECONDS"),
        ('WIFI_MODE = "station"\n', "STATION_SSID"),
        ('AP_PASSWORD = "x"\n', "AP_PASSWORD"),
        ('AP_SSID = "a\\nb"\n', "AP_SSID"),
        ("<html>\n", ""),
        ("# " + "x" * 1000 + "\n", ""),
    ):
        error = raises(SettingError, restoring, settings, pieces(text))
        assert error.field == field, text
    assert read(path) == FILE


def test_every_setting_is_sound():
    keys = []
    settings, _, _ = make(None)
    for row in schema_rows():
        for name in (
            "key",
            "group",
            "type",
            "default",
            "unit",
            "label",
            "help",
            "secret",
            "restart",
        ):
            assert name in row, row
        assert row["key"] not in keys
        keys.append(row["key"])
        assert row["type"] in ("text", "int", "float", "bool", "choice")
        assert row["label"]
        if row["type"] in ("text", "int", "float"):
            assert row["min"] <= row["max"]
        if "choice_labels" in row:
            assert len(row["choice_labels"]) == len(row["choices"])
        checked_settings(settings, {row["key"]: row["default"]})
    assert len(keys) > 15
