"""`socketpool`: this computer's sockets with the limits of lwIP on the Pico W.

The board's addresses are 127.0.0.1 here; its ports are mapped as power.ports says, those below 1024
to free ones.
"""

import io

from core import clock, guard, host, link, lwip, power, web_workflow

_MOST_SOCKETS = 8
_FIRST_UNPRIVILEGED_PORT = 1024
_WEB_WORKFLOW_PORT = 80
_ASK_AGAIN_US = 1000
_POLL = 3  # the request of MicroPython's streams by which select.poll() asks for events
_READABLE, _WRITABLE = 1, 4

_EBADF, _EAGAIN, _EINVAL = 9, 11, 22
_EOPNOTSUPP, _EADDRINUSE, _ENOTCONN, _ETIMEDOUT = 95, 98, 107, 110

_open_sockets = 0


class Socket(io.IOBase):
    """TCP or UDP. Made by SocketPool.socket()."""

    def __init__(self, native, kind, timeout, connection=None):
        self._native = native
        self._kind = kind
        self._timeout = timeout
        self._connection = connection  # of lwip, for TCP
        self._listener = None
        self._connected = connection is not None
        self._port = 0
        # reset by the peer: the first call tells how, later ones find no connection
        self._broken = False

    def __hash__(self):
        return id(self)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def _open(self):
        if self._native is None or self._broken:
            raise host.error(_EBADF)
        return self._native

    def _break(self):
        self._broken = True
        if self._connection is not None:
            self._connection.reset()

    def ioctl(self, request, argument):
        return self._events(argument) if request == _POLL else -1

    def _events(self, wanted):
        """What select.poll() finds: a listening socket always counts as readable, and after a
        reset nothing is found any more (common_hal_socketpool_readable and _writable)."""
        if self._listener is not None:
            return wanted & _READABLE
        if self._native is None or self._broken:
            return 0
        connection = self._connection
        if connection is None:
            state = host.connection_state(self._native)
            return wanted & ((_READABLE if state & host.READABLE else 0) | _WRITABLE)
        connection.look()
        events = 0
        if not connection.broken:
            if connection.unread or connection.ended:
                events |= _READABLE
            if connection.room():
                events |= _WRITABLE
        return wanted & events

    @property
    def type(self):
        return self._kind

    def _wait(self, to_write):
        """Waits as long as the timeout says; raises what the board raises when that is over."""
        if self._timeout == 0:
            raise host.error(_EAGAIN)
        end_us = None
        if self._timeout is not None:
            end_us = clock.uptime_us() + int(self._timeout * 1000000)
        while not self._ready(to_write):
            now = clock.uptime_us()
            if end_us is not None and now >= end_us:
                raise host.error(_ETIMEDOUT)
            host.sleep_us(_ASK_AGAIN_US)

    def _ready(self, to_write):
        if self._listener is not None:
            return self._listener.somebody_waits()
        if self._connection is not None:
            return self._connection.broken or self._events(_WRITABLE if to_write else _READABLE)
        state = host.connection_state(self._native)
        return state & (host.BROKEN | (host.WRITABLE if to_write else host.READABLE))

    # --- server

    def bind(self, address):
        protocol = "tcp" if self._kind == SocketPool.SOCK_STREAM else "udp"
        port = address[1]
        if protocol == "tcp" and port == _WEB_WORKFLOW_PORT and web_workflow.is_active():
            raise host.error(_EADDRINUSE)
        key = "%s:%d" % (protocol, port)
        wanted = power.ports.get(key, 0 if port < _FIRST_UNPRIVILEGED_PORT else port)
        bound = host.bind(self._open(), "127.0.0.1", wanted)
        power.ports[key] = bound
        self._port = port
        link.report("bound", protocol, port, bound)

    def listen(self, backlog):
        if self._kind != SocketPool.SOCK_STREAM:
            raise host.error(_EOPNOTSUPP)
        host.listen(self._open())
        self._listener = lwip.Listener(self._native, backlog)
        link.pass_on_news()
        link.report("listening", self._port)

    def accept(self):
        if self._listener is None:
            raise host.error(_EINVAL if self._native is not None else _EBADF)
        while True:
            accepted = self._listener.accept()
            if accepted is not None:
                break
            self._wait(False)
        waiting, peer, port = accepted
        try:
            _count_socket()
        except RuntimeError:
            waiting.refuse()  # the connection is lost
            raise
        connection = waiting.opened()
        return Socket(connection.native, self._kind, self._timeout, connection), (peer, port)

    # --- client

    def connect(self, address):
        found = host.resolve(address[0])
        if found is None:
            raise SocketPool.gaierror(-2, "Name or service not known")
        host.connect(self._open(), found, address[1])
        if self._kind == SocketPool.SOCK_STREAM:
            self._wait(True)
            failure = host.pending_error(self._native)
            if failure:
                raise host.error(failure)
            self._connection = lwip.Connection(self._native, 0).opened()
        self._connected = True

    # --- data

    def recv_into(self, buffer, bufsize=0):
        native = self._open()
        if self._listener is not None or not self._connected:
            raise host.error(_ENOTCONN)
        size = len(buffer)
        if 0 < bufsize < size:
            size = bufsize
        while True:
            count = self._receive(native, buffer, size)
            if count is not None:
                return count
            self._wait(False)

    def _receive(self, native, buffer, size):
        """Bytes received, 0 at the end, None when there is nothing yet."""
        connection = self._connection
        if connection is not None:
            connection.work()
            if connection.unread:
                size = min(size, connection.unread, lwip.SEGMENT)
            elif connection.has_lost():
                return None
        try:
            count = host.receive_into(native, buffer, size)
        except OSError:
            self._break()
            raise
        if count and connection is not None:
            connection.has_read(count)
        return count

    def send(self, bytes):
        native = self._open()
        connection = self._connection
        if not self._connected:
            raise host.broken_pipe()
        if connection is None:
            return host.send(native, bytes)
        connection.work()
        if connection.ended:
            raise host.broken_pipe()
        while not connection.broken and not connection.room():
            self._wait(True)
        size = connection.make_room(len(bytes))
        if size < len(bytes):
            bytes = memoryview(bytes)[:size]
        try:
            count = host.send(native, bytes)
        except OSError:
            self._break()
            raise
        if count is None:
            raise host.error(_EAGAIN)
        connection.has_sent(count)
        return count

    def sendall(self, bytes):
        view = memoryview(bytes)
        while len(view):
            view = view[self.send(view) :]

    def recvfrom_into(self, buffer):
        while True:
            received = host.receive_from(self._open(), len(buffer))
            if received is not None:
                break
            self._wait(False)
        data, peer, port = received
        buffer[: len(data)] = data
        return len(data), (peer, port)

    def sendto(self, bytes, address):
        found = host.resolve(address[0])
        if found is None:
            raise SocketPool.gaierror(-2, "Name or service not known")
        return host.send_to(self._open(), bytes, found, address[1])

    # --- settings and end

    def setblocking(self, flag):
        self.settimeout(None if flag else 0)

    def settimeout(self, value):
        if value is not None and value < 0:
            raise ValueError("timeout must be >= 0")
        self._timeout = value

    def setsockopt(self, level, optname, value):
        connection = self._connection
        if connection is not None:
            connection.work()
            if self._broken or connection.broken:
                guard.hard_fault("setsockopt() after the client has reset the connection")
        native = self._open()
        if level == SocketPool.IPPROTO_TCP and optname == SocketPool.TCP_NODELAY:
            host.set_no_delay(native, 1 if value else 0)
            if connection is not None:
                connection.no_delay = bool(value)
        elif level == SocketPool.SOL_SOCKET and optname == SocketPool.SO_REUSEADDR:
            pass  # always set: a restarted board must find its port free
        else:
            raise host.error(_EOPNOTSUPP)

    def close(self):
        global _open_sockets
        if self._native is not None:
            native = self._native
            self._native = None
            _open_sockets -= 1
            end = self._connection or self._listener
            self._connection = self._listener = None
            if end is not None:
                end.close()
            else:
                host.close(native)


class SocketPool:
    class gaierror(OSError):
        pass

    AF_INET = 2
    SOCK_STREAM = 1
    SOCK_DGRAM = 2
    SOCK_RAW = 3
    EAI_NONAME = -2
    SOL_SOCKET = 0xFFF
    SO_REUSEADDR = 0x0004
    TCP_NODELAY = 1
    IPPROTO_IP = 0
    IPPROTO_ICMP = 1
    IPPROTO_TCP = 6
    IPPROTO_UDP = 17
    IPPROTO_RAW = 255
    IP_MULTICAST_TTL = 5

    def __init__(self, radio):
        import wifi

        if radio is not wifi.radio:
            raise ValueError("SocketPool can only be used with wifi.radio")

    def socket(self, family=AF_INET, type=SOCK_STREAM, proto=IPPROTO_IP):
        if family != SocketPool.AF_INET:
            raise NotImplementedError("Only IPv4 sockets supported")
        if type not in (SocketPool.SOCK_STREAM, SocketPool.SOCK_DGRAM):
            raise ValueError("Invalid socket type")
        _count_socket()
        native = host.new_socket(host.TCP if type == SocketPool.SOCK_STREAM else host.UDP)
        return Socket(native, type, None)

    def getaddrinfo(self, host, port, family=0, type=0, proto=0, flags=0):
        found = _resolve(host)
        if found is None:
            raise SocketPool.gaierror(-2, "Name or service not known")
        return [(SocketPool.AF_INET, type or SocketPool.SOCK_STREAM, proto, "", (found, port))]


_resolve = host.resolve


def _count_socket():
    global _open_sockets
    if _open_sockets >= _MOST_SOCKETS:
        host.collect()  # a socket nobody refers to any more is closed by its finaliser
        if _open_sockets >= _MOST_SOCKETS:
            raise RuntimeError("Out of sockets")
    _open_sockets += 1
