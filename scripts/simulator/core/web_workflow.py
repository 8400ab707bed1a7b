"""CircuitPython's own use of the network, which settings.toml can ask for: it clashes with a
program's server."""

from . import conditions, settings_file


def network():
    """The name of the network that the firmware has joined before boot.py, or None."""
    ssid = _setting("CIRCUITPY_WIFI_SSID")
    password = _setting("CIRCUITPY_WIFI_PASSWORD")
    if ssid and conditions.now["wifi"] and conditions.now["networks"].get(ssid) == password:
        return ssid
    return None


def is_active():
    """Whether CircuitPython's own web server has port 80 and the mDNS server."""
    return bool(_setting("CIRCUITPY_WEB_API_PASSWORD")) and network() is not None


def _setting(key):
    return settings_file.value(key, "")
