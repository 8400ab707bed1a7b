"""Wi-Fi: the board's own network. station.py joins another one."""


class AccessPoint:
    """Brings Wi-Fi up and keeps it up.

    `ready` says whether the board can be reached, `mode` is "ap", "station" or "off", `fallback`
    says whether this network replaces one that could not be joined; `revision` grows with changes.

    An access point that was stopped cannot be started again before a reset, so it is never
    stopped.
    """

    trial = None  # of another network, as GET /api/wifi/try tells it

    def __init__(self, clock, settings, log, radio, reset=None):
        """radio: wifi.radio; reset: function that resets the board, None when this start was a
        reset already."""
        self._clock = clock
        self._settings = settings
        self._log = log
        self._radio = radio
        self._reset = reset
        self.hostname = settings["DEVICE_NAME"]  # a changed setting waits for the next start
        self.ssid = settings["AP_SSID"]
        self.ready = False
        self.mode = "off"
        self.fallback = False
        self.revision = 0

    def run(self):
        """The task that keeps Wi-Fi up (a generator)."""
        self._radio.hostname = self.hostname
        self._start_access_point()
        while True:
            yield

    def access_point_address(self):
        """The address in the board's own network, as text; None while that is down."""
        address = self._radio.ipv4_address_ap
        return str(address) if address else None

    address = access_point_address  # the address to browse to

    def clients(self):
        """How many devices are in the board's own network; None when that is unknown."""
        try:
            return len(self._radio.stations_ap) if self._radio.ap_active else None
        except (AttributeError, TypeError, NotImplementedError):
            return None

    def signal_dbm(self):
        """Signal strength of the joined network: None, there is none."""

    def is_own_name(self, host):
        """Whether `host` (as in a Host header, without the port) means this board."""
        host = host.lower()
        if host[-1:] == ".":  # the whole name, in the terms of DNS
            host = host[:-1]
        if host in (self.hostname, self.hostname + ".local"):
            return True
        radio = self._radio
        for address in (radio.ipv4_address_ap, radio.ipv4_address):
            if address and host == str(address):
                return True
        extra = self._settings["EXTRA_HOST_NAMES"]
        return bool(extra) and host in [name.strip() for name in extra.lower().split(",")]

    def _start_access_point(self):
        if not self._radio.ap_active:
            try:
                self._radio.start_ap(self._settings["AP_SSID"], self._settings["AP_PASSWORD"])
            except (RuntimeError, OSError):
                if self._reset:  # after a reload the radio needs a reset to do it again
                    self._reset()
                raise
        self.ssid = self._settings["AP_SSID"]
        self._set("ap")
        self._log.info("Own network %s, address %s." % (self.ssid, self.address()))

    def _set(self, mode):
        self.mode = mode
        self.ready = True
        self.revision += 1
