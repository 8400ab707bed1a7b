"""The settings that the app can't do without, for the case that settings_schema.json is damaged.
Only what can be read there can be changed in the browser."""

# Key, default, whether it is secret, whether it takes effect at a start only.
_DEFAULTS = (
    ("SAMPLE_SECONDS", 60, False, False),
    ("FLUSH_SECONDS", 600, False, False),
    ("LIVE_SECONDS", 2, False, False),
    ("SENSORS", "chip", False, True),
    ("CHANNELS", "", False, True),
    ("OUTPUTS", "", False, True),
    ("LIMITS", "", False, True),
    ("RETENTION", "oldest go", False, False),
    ("SD_CARD", "", False, True),
    ("RESERVE_KB", 50, False, False),
    ("WIFI_MODE", "ap", False, True),
    ("AP_SSID", "datalogger", False, True),
    ("AP_PASSWORD", "datalogger", True, True),
    ("STATION_SSID", "", False, True),
    ("STATION_PASSWORD", "", True, True),
    ("ADMIN_PASSWORD", "datalogger", True, False),
    ("ADMIN_LOGIN_TO_READ", False, False, False),
    ("EXTRA_HOST_NAMES", "", False, False),
    ("DEVICE_NAME", "datalogger", False, True),
    ("TIME_ZONE", "", False, True),
    ("NTP_SERVER", "pool.ntp.org", False, True),
    ("RTC_CHIP", "", False, True),
    ("LOW_BATTERY_VOLTS", 0.0, False, False),
    ("NEOPIXEL_PIN", "", False, True),
    ("NEOPIXEL_PERCENT", 20, False, False),
    ("LOG_LEVEL", "info", False, False),
    ("LOG_TO_DRIVE", False, False, True),
)
_KINDS = {bool: "bool", int: "int", float: "float", str: "text"}


def missing(keys):
    """Rows like those of the schema, for the settings that are not among `keys`."""
    for key, default, secret, restart in _DEFAULTS:
        if key not in keys:
            kind = _KINDS[type(default)]
            yield {
                "key": key,
                "group": "device",
                "type": kind,
                "default": default,
                "min": 0 if kind != "text" else len(default) and 1,
                "max": 63 if kind == "text" else 86400,
                "optional": not default,
                "unit": "",
                "label": key,
                "help": "",
                "secret": secret,
                "restart": restart,
            }
