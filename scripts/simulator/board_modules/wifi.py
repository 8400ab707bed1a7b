"""`wifi`: one radio, an access point that starts once, and the networks that the conditions
name."""

from ipaddress import IPv4Address

from core import clock, conditions, power, web_workflow

_MAC = b"\x28\xcd\xc1\x0a\x0b\x0c"
_HERE = "127.0.0.1"  # both networks of the board end on this computer
_NETMASK = "255.255.255.0"
_START_AP_US = 400000
_JOIN_US = 1500000
_DEFAULT_TIMEOUT_S = 8
_HEAR_US = 150000  # until one more network is heard
_WEAKER_DB = 7  # each network than the one before


class AuthMode:
    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return "wifi.AuthMode." + self._name


for _name in ("OPEN", "WEP", "WPA", "WPA2", "WPA3", "PSK", "ENTERPRISE"):
    setattr(AuthMode, _name, AuthMode(_name))


class PowerManagement:
    def __init__(self, name):
        self._name = name


for _name in ("MIN", "MAX", "NONE", "UNKNOWN"):
    setattr(PowerManagement, _name, PowerManagement(_name))


class Network:
    def __init__(self):
        self._ssid = ""
        self._open = False
        self._weaker_db = 0

    @property
    def ssid(self):
        return self._ssid

    @property
    def bssid(self):
        return b"\x02\x00\x00\x00\x00\x01"

    @property
    def rssi(self):
        return conditions.now["signal_dbm"] - self._weaker_db

    @property
    def channel(self):
        return 6

    @property
    def country(self):
        return ""

    @property
    def authmode(self):
        return [AuthMode.OPEN] if self._open else [AuthMode.WPA2, AuthMode.PSK]


class ScannedNetworks:
    """Each next() waits until a network is heard, or the end of the scan, and no task gets a turn
    meanwhile."""

    def __init__(self):
        self._found = []

    def __iter__(self):
        return self

    def __next__(self):
        if self is radio._scan:
            clock.sleep_us(_HEAR_US)
        if not self._found:
            radio._scan = None
            raise StopIteration
        return self._found.pop(0)


class _Station(tuple):
    """One device in the board's own network."""

    @property
    def mac(self):
        return self[0]

    @property
    def rssi(self):
        return self[1]

    @property
    def ipv4_address(self):
        return self[2]


def _is_hostname(name):
    """Whether shared-bindings/wifi/Radio.c of CircuitPython takes the name."""
    parts = name.split(".")
    for index, part in enumerate(parts):
        is_last = index == len(parts) - 1
        if len(part) > 63 or not part and not is_last or part[:1] == "-":
            return False
        for character in part.lower():
            if character not in "abcdefghijklmnopqrstuvwxyz0123456789-":
                return False
    return True


def _check_password(password):
    """Raises ValueError for a password that the same file refuses."""
    if len(password) and not 8 <= len(password) <= 64:
        raise ValueError("password length must be 8-64")
    if len(password) == 64:
        for digit in password if isinstance(password, str) else bytes(password).decode():
            if digit not in "0123456789abcdefABCDEF":
                raise ValueError("Invalid hex password")


class Radio:
    def __init__(self):
        self._enabled = True
        self._hostname = "pico-w"
        self._joined = web_workflow.network()
        self._power_management = PowerManagement.MIN
        self._tx_power = 31.75
        self._scan = None

    # --- both modes

    @property
    def enabled(self):
        return self._enabled

    @enabled.setter
    def enabled(self, value):
        if self._enabled and not value:
            self.stop_station()
            self.stop_ap()
        self._enabled = bool(value)

    @property
    def hostname(self):
        return self._hostname

    @hostname.setter
    def hostname(self, value):
        if isinstance(value, (bytes, bytearray)):
            value = value.decode()
        if not 1 <= len(value) <= 253:
            raise ValueError("hostname must be between 1 and 253 bytes")
        if not _is_hostname(value):
            raise ValueError("invalid hostname")
        self._hostname = value

    @property
    def mac_address(self):
        return _MAC

    @property
    def mac_address_ap(self):
        return _MAC

    @property
    def tx_power(self):
        return self._tx_power

    @tx_power.setter
    def tx_power(self, value):
        self._tx_power = value

    @property
    def power_management(self):
        return self._power_management

    @power_management.setter
    def power_management(self, value):
        self._power_management = value

    def _must_be_enabled(self):
        if not self._enabled:
            raise RuntimeError("WiFi is not enabled")

    def start_scanning_networks(self, *, start_channel=1, stop_channel=165):
        self._must_be_enabled()
        if self._scan:
            raise RuntimeError("Already scanning for wifi networks")
        scan = self._scan = ScannedNetworks()
        if conditions.now["wifi"]:
            for ssid, password in conditions.now["networks"].items():
                network = Network()
                network._ssid = ssid
                network._open = not password
                network._weaker_db = len(scan._found) * _WEAKER_DB
                scan._found.append(network)
        return scan

    def stop_scanning_networks(self):
        self._scan = None

    # --- access point

    def start_ap(self, ssid, password=b"", *, channel=1, authmode=(), max_connections=4):
        self._must_be_enabled()
        if not 1 <= len(ssid) <= 32:
            raise ValueError("ssid length must be 1-32")
        _check_password(password)
        if power.kept["access_point"] == "stopped":
            raise RuntimeError("AP could not be started")
        clock.sleep_us(_START_AP_US)
        power.kept["access_point"] = "up"

    def stop_ap(self):
        self._must_be_enabled()
        if power.kept["access_point"] == "up":
            power.kept["access_point"] = "stopped"

    @property
    def ap_active(self):
        return power.kept["access_point"] == "up"

    def _if_ap(self, text):
        return IPv4Address(text) if self.ap_active else None

    @property
    def ipv4_address_ap(self):
        return self._if_ap(_HERE)

    @property
    def ipv4_gateway_ap(self):
        return self._if_ap(_HERE)

    @property
    def ipv4_subnet_ap(self):
        return self._if_ap(_NETMASK)

    @property
    def addresses_ap(self):
        return (_HERE,) if self.ap_active else ()

    @property
    def stations_ap(self):
        if not self.ap_active:
            return None
        stations = []
        for number in range(conditions.now["stations"]):
            mac = b"\x02\x00\x00\x00\x01" + bytes([number])
            stations.append(_Station((mac, None, IPv4Address("192.168.4.%d" % (16 + number)))))
        return stations

    def start_dhcp_ap(self):
        pass

    def stop_dhcp_ap(self):
        pass

    # --- station

    def connect(self, ssid, password=b"", *, channel=0, bssid=None, timeout=None):
        self._must_be_enabled()
        _check_password(password)
        ssid = ssid if isinstance(ssid, str) else bytes(ssid).decode()
        password = password if isinstance(password, str) else bytes(password).decode()
        if self.connected and self._joined == ssid:
            return
        self._joined = None
        expected = conditions.now["networks"].get(ssid)
        if expected is None or not conditions.now["wifi"]:
            clock.sleep_us(int((timeout or _DEFAULT_TIMEOUT_S) * 1000000))
            raise ConnectionError("No network with that ssid")
        clock.sleep_us(_JOIN_US)
        if password != expected:
            raise ConnectionError("Authentication failure")
        self._joined = ssid

    def start_station(self):
        pass

    def stop_station(self):
        self._joined = None

    @property
    def connected(self):
        return (
            self._joined is not None
            and bool(conditions.now["wifi"])
            and self._joined in conditions.now["networks"]
        )

    def _if_station(self, text):
        return IPv4Address(text) if self.connected else None

    @property
    def ipv4_address(self):
        return self._if_station(_HERE)

    @property
    def ipv4_gateway(self):
        return self._if_station(_HERE)

    @property
    def ipv4_subnet(self):
        return self._if_station(_NETMASK)

    @property
    def ipv4_dns(self):
        return self._if_station(_HERE)

    @property
    def addresses(self):
        return (_HERE,) if self.connected else ()

    @property
    def dns(self):
        return (_HERE,) if self.connected else ()

    @property
    def ap_info(self):
        raise NotImplementedError()

    def start_dhcp(self, *, ipv4=True, ipv6=False):
        pass

    def stop_dhcp(self):
        pass

    def ping(self, ip, *, timeout=0.5):
        if self.connected:
            return 0.02
        clock.sleep_us(int(timeout * 1000000))
        return None


radio = Radio()
