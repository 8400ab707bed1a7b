"""Wi-Fi: joining a network, with the board's own one to fall back to."""

from micropython import const

from .access_point import AccessPoint

_CONNECT_TIMEOUT_S = const(6)  # connecting waits this long, so less than the watchdog's 8 s
_TRIES = const(3)  # before the board makes a network of its own
_RETRY_TENTHS = const(50)
_RETRY_FALLBACK_TENTHS = const(3000)  # a try stops all tasks for seconds
_LOST_TENTHS = const(600)  # CircuitPython reconnects by itself; the app tries after this long
_CHECK_TENTHS = const(10)


class Station(AccessPoint):
    """Joins STATION_SSID. When that fails it makes its own network and goes on trying; when the
    network comes back, its own stays up beside it."""

    def __init__(self, clock, settings, log, radio, reset, feed, mdns):
        """feed: function that feeds the watchdog; mdns: the module. Others: see AccessPoint."""
        super().__init__(clock, settings, log, radio, reset)
        self._feed = feed
        self._mdns = mdns
        self._mdns_server = None
        self._tries = 0
        self._lost_at = None
        self.ssid = self._wanted = settings["STATION_SSID"]
        self.password = settings["STATION_PASSWORD"]

    def run(self):
        """The task that keeps Wi-Fi up (a generator)."""
        self._radio.hostname = self.hostname
        due = 0
        while True:
            if self._clock.tenths >= due:
                due = self._clock.tenths + self._look()
            yield

    def address(self):
        """The address to browse to, as text; None while there is none."""
        if self.mode != "station":
            return self.access_point_address()
        address = self._radio.ipv4_address
        return str(address) if address else None

    def signal_dbm(self):
        """Signal strength of the joined network; None without one, or when it is unknown."""
        try:
            return self._radio.ap_info.rssi if self.mode == "station" else None
        except (AttributeError, NotImplementedError):  # unknown to CircuitPython on the Pico W
            return None

    def _look(self):
        """Look at the connection and mend it where needed; returns the tenths of a second until the
        next look."""
        if self._radio.connected:
            if self.mode != "station":
                self._joined()
            self._lost_at = None
        elif self.mode == "station":
            if self._lost_at is None:
                self._lost_at = self._clock.tenths
                self._log.warning("The network %s is lost." % self._wanted)
            if self._clock.tenths - self._lost_at >= _LOST_TENTHS:
                self.fallback = self._radio.ap_active  # since the last time
                self._set("ap" if self.fallback else "off")
        elif not (self.fallback and self.clients()):  # a try would cut off the clients
            return self._try_to_join()
        return _CHECK_TENTHS

    def _try_to_join(self):
        self._feed()
        try:
            self._radio.connect(self._wanted, self.password, timeout=_CONNECT_TIMEOUT_S)
            return 0
        except (OSError, RuntimeError, ValueError) as error:
            self._tries += 1
            self._log.warning("Joining %s failed: %s" % (self._wanted, error))
        finally:
            self._feed()
        if self._tries < _TRIES:
            return _RETRY_TENTHS
        if not self.fallback:
            self.fallback = True
            self._start_access_point()
        return _RETRY_FALLBACK_TENTHS

    def _joined(self):
        self._tries = 0
        self.fallback = False
        self.ssid = self._wanted
        self._set("station")
        self._log.info("Joined %s, address %s." % (self.ssid, self.address()))
        if not self._mdns_server:
            try:
                server = self._mdns_server = self._mdns.Server(self._radio)
                server.hostname = self.hostname
                server.advertise_service(service_type="_http", protocol="_tcp", port=80)
            except RuntimeError as error:  # CircuitPython's own web workflow has made one
                self._log.warning("No name %s.local: %s" % (self.hostname, error))
