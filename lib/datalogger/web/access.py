"""Who may do what: the checks that every request passes first."""

from ..on_demand import on_demand

_SAFE = ("GET", "HEAD", "OPTIONS")


class Access:
    """`check()` refuses requests to a foreign host name, from a foreign page, or without the login
    that they need."""

    def __init__(self, clock, settings, network, login):
        """network: the AccessPoint or Station; login: a Login."""
        self._clock = clock
        self._settings = settings
        self._network = network
        self._login = login

    def check(self, method, path, headers, client):
        """Returns None when the request may go on, else the Response that refuses it. client: the
        address that it came from, a text."""
        host = headers.get("host", "")
        name, port = split_host(host)
        # Also /deployed.txt.gz, as it lies on the drive; FAT knows no case
        is_api = path.startswith("/api/") or path[:13].lower() in ("/metrics", "/deployed.txt")
        # While the board looks for networks, its own pauses
        changes = method not in _SAFE or path == "/api/wifi/scan"
        if not self._network.is_own_name(name) and (host or changes):
            # A captive portal's probe, or a name that somebody pointed at this board.
            return on_demand("portal").refuse(is_api or changes, self._network, port)
        origin = headers.get("origin", "http://" + host)
        if origin != "http://" + host:
            problem = on_demand("portal").check_origin(origin, host, self._network)
            if problem:
                return problem
        if changes and not self._is_open(path) or is_api and self._must_log_in_to_read(path):
            return self._login.check(headers, client)
        return None

    def _is_open(self, path):
        """Whether the change needs no login: logging in, and setting an unset clock."""
        return path == "/api/login" or path == "/api/time" and not self._clock.is_set()

    def _must_log_in_to_read(self, path):
        return self._settings["ADMIN_LOGIN_TO_READ"] and not self._is_open(path)


def split_host(host):
    """The name and the port (with its colon, or empty) of a Host header."""
    name, colon, port = host.partition(":")
    return name, colon + port if port.isdigit() and len(port) < 6 else ""
