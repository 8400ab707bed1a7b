"""What the pools of both interpreters have in common: the names that servers use, and a Pico W's number of sockets."""

import socket

from limits import MOST_SOCKETS


class SocketNames:
    """What is the same in CircuitPython's socket pool and in the module `socket`."""

    AF_INET = socket.AF_INET
    SOCK_STREAM = socket.SOCK_STREAM
    SOL_SOCKET = socket.SOL_SOCKET
    SO_REUSEADDR = socket.SO_REUSEADDR
    getaddrinfo = staticmethod(socket.getaddrinfo)


class LimitedPool(SocketNames):
    """Counts its open sockets and, where they tell, their transfers."""

    def __init__(self, socket_class):
        """socket_class: that of accepted sockets."""
        self.socket_class = socket_class
        self.open = 0
        self.transfers = 0

    def take(self):
        """Count one socket more; False when there is no room for it."""
        if self.open >= MOST_SOCKETS:
            return False
        self.open += 1
        return True
