"""Clients that take their time: one sends its request byte by byte, one doesn't read its answer."""

import contextlib
import socket
import threading

from .device import work

_PAUSE_SECONDS = 0.05
_SMALL_BUFFER = 4096


class SlowClients:
    """`with SlowClients(port):` has both there all the while; when one is cut off it comes again."""

    def __init__(self, port):
        self._address = ("127.0.0.1", port)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._again_and_again, args=(behaviour,), daemon=True)
            for behaviour in (self._dribble, self._let_wait)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._stop.set()
        for thread in self._threads:
            thread.join(10)

    def _again_and_again(self, behaviour):
        while not self._stop.wait(_PAUSE_SECONDS):
            with contextlib.suppress(OSError), socket.socket() as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
                connection.settimeout(2)
                connection.connect(self._address)
                behaviour(connection)

    def _dribble(self, connection):
        for byte in work.request_of("json", False):
            connection.sendall(bytes([byte]))
            if self._stop.wait(_PAUSE_SECONDS):
                return
        while connection.recv(4096):
            pass

    def _let_wait(self, connection):
        connection.sendall(work.request_of("file", False))
        while not self._stop.wait(_PAUSE_SECONDS):
            if not connection.recv(16):
                return
