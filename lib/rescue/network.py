"""Wi-Fi for the rescue page: the known network where there is one, else an access point."""

import microcontroller
import wifi

_TRIES = 3
_CONNECT_TIMEOUT_S = 6  # less than the watchdog's 8
_NAME = "datalogger"
_PASSWORD = "datalogger"  # of a board that never had one of its own; the login is another matter


def start(values):
    """Bring Wi-Fi up; returns the address."""
    radio = wifi.radio
    try:
        radio.hostname = values["DEVICE_NAME"]
    except ValueError as error:  # whatever somebody has written there
        print("DEVICE_NAME:", error)
    if values["WIFI_MODE"] == "station" and values["STATION_SSID"] and _join(radio, values):
        print("Rescue page at http://%s" % radio.ipv4_address)
        return str(radio.ipv4_address)
    if not radio.ap_active:
        radio.start_ap(values["AP_SSID"] or _NAME, values["AP_PASSWORD"] or _PASSWORD)
    print("Rescue page at http://%s, in the board's own network" % radio.ipv4_address_ap)
    return str(radio.ipv4_address_ap)


def _join(radio, values):
    for _ in range(_TRIES):
        microcontroller.watchdog.feed()
        if radio.connected:
            return True
        try:
            password = values["STATION_PASSWORD"] or ""
            radio.connect(values["STATION_SSID"], password, timeout=_CONNECT_TIMEOUT_S)
        except (OSError, RuntimeError, ValueError) as error:
            print("Joining %s failed: %s" % (values["STATION_SSID"], error))
    return radio.connected


def is_own_name(host, values):
    """Whether a Host header, without its port, means this board."""
    host = host.lower()
    own = [values["DEVICE_NAME"], values["DEVICE_NAME"] + ".local"]
    for address in (wifi.radio.ipv4_address_ap, wifi.radio.ipv4_address):
        if address:
            own.append(str(address))
    extra = values["EXTRA_HOST_NAMES"].split(",")
    return host in own or host in [name.strip() for name in extra]
