"""The data of the mock board: channels, their values over time, recordings, settings."""

import math
import time

# name, label, unit, decimals, value, spread, diagnostic
FEW = (
    ("temperature", "Temperature", "°C", 1, 23.4, 1.2, False),
    ("humidity", "Humidity", "%", 0, 48.0, 6.0, False),
    ("voltage", "Supply voltage", "V", 2, 4.95, 0.03, False),
    ("memory", "Free memory", "B", 0, 81234, 900, True),
)
TWELVE = (
    ("room", "Living room", "°C", 1, 21.4, 1.2, False),
    ("outside", "Outside", "°C", 1, 4.8, 3.1, False),
    ("cellar", "Cellar", "°C", 1, 12.1, 0.4, False),
    ("flow", "Heating flow", "°C", 1, 43.0, 6.0, False),
    ("humidity", "Humidity", "%", 0, 48.0, 6.0, False),
    ("outside_humidity", "Humidity outside", "%", 0, 81.0, 9.0, False),
    ("pressure", "Air pressure", "hPa", 1, 1013.2, 4.0, False),
    ("co2", "CO₂", "ppm", 0, 742, 210, False),
    ("light", "Light", "lx", 0, 310, 280, False),
    ("voltage", "Battery", "V", 2, 3.91, 0.05, False),
    ("current", "Solar current", "mA", 1, 182.5, 90.0, False),
    ("rain", "Rain", "mm", 1, 2.4, 0.8, False),
    ("memory", "Free memory", "B", 0, 81234, 900, True),
)
HOLE = (3000, 3500)  # seconds since the start without samples

# key: (group, type, label, default, more)
SETTINGS = {
    "SAMPLE_SECONDS": (
        "recording",
        "int",
        "Take a sample every",
        60,
        {"unit": "s", "min": 1, "max": 86400},
    ),
    "FLUSH_SECONDS": (
        "recording",
        "int",
        "Write to the drive every",
        600,
        {"unit": "s", "min": 10, "max": 86400},
    ),
    "RETENTION": (
        "recording",
        "choice",
        "When the drive is full",
        "oldest go",
        {
            "choices": ["oldest go", "stop"],
            "choice_labels": ["Delete the oldest", "Stop recording"],
        },
    ),
    "WIFI_MODE": (
        "wifi",
        "choice",
        "Wi-Fi mode",
        "ap",
        {
            "choices": ["ap", "station"],
            "choice_labels": ["Make its own network", "Join a network"],
            "restart": True,
        },
    ),
    "AP_SSID": (
        "wifi",
        "text",
        "Name of the board's network",
        "datalogger",
        {"min": 1, "max": 32, "restart": True},
    ),
    "AP_PASSWORD": (
        "wifi",
        "text",
        "Password of the board's network",
        None,
        {"min": 8, "max": 63, "secret": True, "restart": True},
    ),
    "STATION_SSID": (
        "wifi",
        "text",
        "Network to join",
        "",
        {"min": 1, "max": 32, "restart": True, "optional": True},
    ),
    "STATION_PASSWORD": (
        "wifi",
        "text",
        "Password of that network",
        None,
        {"min": 8, "max": 63, "secret": True, "restart": True, "optional": True},
    ),
    "ADMIN_PASSWORD": (
        "login",
        "text",
        "Admin password",
        None,
        {"min": 8, "max": 63, "secret": True},
    ),
    "ADMIN_LOGIN_TO_READ": ("login", "bool", "Log in to read, too", False, {}),
    "DEVICE_NAME": (
        "device",
        "text",
        "Name of the board",
        "datalogger",
        {"min": 1, "max": 32, "restart": True},
    ),
    "LOW_BATTERY_VOLTS": (
        "device",
        "float",
        "Low battery below",
        0.0,
        {"unit": "V", "min": 0, "max": 5.5},
    ),
}
GROUPS = [("recording", "Recording"), ("wifi", "Wi-Fi"), ("login", "Login"), ("device", "Device")]
NETWORKS = [
    {"ssid": "Greenhouse", "rssi": -52, "secure": True},
    {"ssid": "Farm guests", "rssi": -71, "secure": False},
    {"ssid": "Greenhouse", "rssi": -80, "secure": True},
    {"ssid": "Workshop <2>", "rssi": -84, "secure": True},
]


def value_at(channel, index, t):
    """What a channel measures at `t` seconds since the start: a slow swing and a small quick one."""
    *_, value, spread, _ = channel
    return value + spread * (0.85 * math.sin(t / 9000 + index) + 0.15 * math.sin(t / 300 + index))


def recording(channels, epoch, rows, step=60):
    """Text of a dated recording of `rows` samples from `epoch` on."""
    lines = [",".join(["time", *(channel[0] for channel in channels)])]
    for i in range(rows):
        at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(epoch + i * step))
        fields = [f"{value_at(c, k, epoch + i * step):.{c[3]}f}" for k, c in enumerate(channels)]
        if i % 400 in range(30, 60):
            fields[0] = ""
        lines.append(",".join([at, *fields]))
    return ("\n".join(lines) + "\n").encode()


def buckets(channels, samples, start, end, points):
    """GET /api/history of `samples` (times since the start): minima, means, maxima in buckets."""
    step = max(60, math.ceil((end - start) / points))
    groups = {}
    for t in samples:
        if start <= t <= end:
            groups.setdefault(int(t // step), []).append(t)
    rows = []
    for number in sorted(groups):
        row = [sum(groups[number]) / len(groups[number])]
        for k, channel in enumerate(channels):
            values = [value_at(channel, k, t) for t in groups[number]]
            row += [
                round(v, channel[3] + 1)
                for v in (min(values), sum(values) / len(values), max(values))
            ]
        rows.append(row)
    return step, rows


def schema(values, default_password, restart_needed):
    """GET /api/settings."""
    settings = []
    for key, (group, kind, label, default, more) in SETTINGS.items():
        entry = {
            "key": key,
            "group": group,
            "type": kind,
            "label": label,
            "unit": "",
            "help": f"What {label.lower()} means.",
            "default": default,
            "restart": False,
            "secret": False,
            **more,
        }
        if entry["secret"]:
            shipped = default_password and key != "STATION_PASSWORD"
            del entry["default"]
            entry.update(set=key != "STATION_PASSWORD", is_default=shipped)
        else:
            entry["value"] = values[key]
        settings.append(entry)
    return {
        "groups": [{"name": name, "label": label} for name, label in GROUPS],
        "restart_needed": restart_needed,
        "settings": settings,
    }
