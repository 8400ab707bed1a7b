"""`mdns`: answers in station mode only. The names it announces are reported to the computer."""

import wifi
from core import link, web_workflow

_started = None


class RemoteService:
    def __init__(self):
        raise TypeError("Cannot be instantiated directly. Use mdns.Server.find.")


class Server:
    def __init__(self, network_interface):
        global _started
        if network_interface is not wifi.radio:
            raise ValueError("mDNS only works with built-in WiFi")
        if _started is not None or web_workflow.is_active():
            raise RuntimeError("mDNS already initialized")
        _started = self
        self._hostname = "cpy-0a0b0c"
        self._instance_name = ""
        self._announce()

    def deinit(self):
        global _started
        if _started is self:
            _started = None
            link.report("mdns", None)

    def _announce(self):
        if wifi.radio.connected:
            link.report("mdns", self._hostname)

    @property
    def hostname(self):
        return self._hostname

    @hostname.setter
    def hostname(self, value):
        self._hostname = value
        self._announce()

    @property
    def instance_name(self):
        return self._instance_name

    @instance_name.setter
    def instance_name(self, value):
        self._instance_name = value

    def find(self, service_type, protocol, *, timeout=1):
        return ()

    def advertise_service(self, *, service_type, protocol, port, txt_records=None):
        if wifi.radio.connected:
            link.report("mdns service", service_type, protocol, port)
