"""Time, files and sockets of the computer as MicroPython offers them. Same functions as
host_cpython.py."""

import errno
import gc
import hashlib
import io
import os
import select
import socket
import struct
import sys
import time

import deflate
import micropython
import uctypes
import vfs

from . import program_memory

interpreter = sys

TCP = socket.SOCK_STREAM
UDP = socket.SOCK_DGRAM

_PEER_CLOSED = 0x2000  # POLLRDHUP of Linux
_EPIPE = 32
_IPPROTO_TCP = 6
_TCP_NODELAY = 1
_TCP_MAXSEG = 2
_SO_SNDBUF = 7 if socket.SO_REUSEADDR == 2 else 0x1001  # Linux, else BSD and macOS


def now_us():
    return time.ticks_us()


def sleep_us(duration):
    if duration > 0:
        time.sleep_us(duration)


def end_process():
    os.system("kill -9 $PPID")


def error(number):
    return OSError(number)


def broken_pipe():
    return BrokenPipeError(_EPIPE)  # device_micropython adds it to the built-in names


def random_bytes(count):
    return os.urandom(count)


def flush_console():
    pass


def collect():
    gc.collect()


def begin_program():
    program_memory.give()
    # CircuitPython's heap starts at 8 KB and collects garbage before each growth, so what a program
    # keeps lies close together; a heap of full size from the start would spread it all over. This
    # comes near it by collecting more often.
    gc.threshold(16384)


def take_names(percent):
    program_memory.take_names(percent)


def heap_used():
    return gc.mem_alloc()


def heap_free():
    return gc.mem_free()


def new_hash(name):
    return hashlib.sha1() if name == "sha1" else hashlib.sha256()


def decompress(data, wbits):
    wbits = wbits or 15
    if wbits < 0:
        kind, wbits = deflate.RAW, -wbits
    elif wbits > 15:
        kind, wbits = deflate.GZIP, wbits - 16
    else:
        kind = deflate.ZLIB
    return deflate.DeflateIO(io.BytesIO(data), kind, wbits).read()


def format_exception(exception):
    out = io.StringIO()
    sys.print_exception(exception, out)
    own = 'File "' + __file__.rsplit("core/", 1)[0]
    return "".join([line + "\n" for line in out.getvalue().split("\n")[:-1] if own not in line])


class Folder:
    def __init__(self, root):
        # Not VfsPosix(root): with that, MicroPython 1.29 renames wrongly (both paths in one
        # buffer).
        self._vfs = vfs.VfsPosix()
        self._root = root

    def _real(self, path):
        return self._root + "/" + path if path else self._root

    def open(self, path, mode):
        return self._vfs.open(self._real(path), mode)

    def stat(self, path):
        found = self._vfs.stat(self._real(path))
        return found[0] & 0xF000 == 0x4000, found[6], found[8]

    def names(self, path):
        # One by one: a list of them would take of the program's memory
        return (entry[0] for entry in self._vfs.ilistdir(self._real(path)))

    def make(self, path):
        self._vfs.mkdir(self._real(path))

    def remove_file(self, path):
        self._vfs.remove(self._real(path))

    def remove_folder(self, path):
        self._vfs.rmdir(self._real(path))

    def rename(self, old, new):
        self._vfs.rename(self._real(old), self._real(new))

    def set_time(self, path, modified):
        pass  # MicroPython has no call for it


def is_file(path):
    try:
        return bool(vfs.VfsPosix().stat(path)[0] & 0x8000)
    except OSError:
        return False


def open_image(path):
    return vfs.VfsPosix().open(path, "r+b")


def fat_file_system(blocks):
    """FatFs, the board's own. Raises OSError where the blocks have no file system."""
    return vfs.VfsFat(blocks)


# --- sockets

SEND_BUFFER = 65536
WAITING = 128
LONGEST_SEGMENT = 1460 + 12

READABLE, WRITABLE, PEER_CLOSED, BROKEN = 1, 2, 4, 8


def _address(host, port):
    return socket.getaddrinfo(host, port)[0][-1]


def _host_and_port(address):
    fields = socket.sockaddr(address)
    host = fields[1]
    return "%d.%d.%d.%d" % (host[0], host[1], host[2], host[3]), fields[2]


def new_socket(kind):
    native = socket.socket(socket.AF_INET, kind)
    native.setblocking(False)
    if kind == TCP:
        native.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return native


def bind(native, host, port):
    # There is no getsockname: for a port of the system's choice, try some high ones.
    if port:
        native.bind(_address(host, port))
        return port
    for _ in range(200):
        pick = os.urandom(2)
        port = 20000 + (pick[0] << 8 | pick[1]) % 12000
        try:
            native.bind(_address(host, port))
            return port
        except OSError as failure:
            if failure.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE)


def listen(native):
    native.setsockopt(socket.SOL_SOCKET, _SO_SNDBUF, SEND_BUFFER)
    try:
        native.setsockopt(_IPPROTO_TCP, _TCP_MAXSEG, LONGEST_SEGMENT)
    except OSError:  # macOS; connections inherit either
        set_no_delay(native, 1)
    native.listen(WAITING)


def accept(native):
    try:
        accepted, address = native.accept()
    except OSError as failure:
        if failure.errno == errno.EAGAIN:
            return None
        raise
    accepted.setblocking(False)
    host, port = _host_and_port(address)
    return accepted, host, port


def connect(native, host, port):
    try:
        native.connect(_address(host, port))
    except OSError as failure:
        if failure.errno not in (errno.EINPROGRESS, errno.EAGAIN):
            raise


def pending_error(native):
    # There is no getsockopt: an empty send reports what is wrong.
    try:
        native.send(b"")
    except OSError as failure:
        return failure.errno
    return 0


def receive_into(native, buffer, count):
    return native.readinto(buffer, count)


def send(native, data):
    try:
        return native.write(data)
    except OSError as failure:
        if failure.errno == _EPIPE:
            raise broken_pipe()
        raise


def receive_from(native, count):
    try:
        data, address = native.recvfrom(count)
    except OSError as failure:
        if failure.errno == errno.EAGAIN:
            return None
        raise
    host, port = _host_and_port(address)
    return data, host, port


def send_to(native, data, host, port):
    return native.sendto(data, _address(host, port))


def set_no_delay(native, value):
    native.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, value)


def resolve(host):
    try:
        return _host_and_port(_address(host, 0))[0]
    except OSError:
        return None


def close(native):
    native.close()


def abort(native):
    native.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    native.close()


class Watch:
    def __init__(self, native):
        self._native = native
        self._poll = select.poll()
        self._poll.register(native, 0)

    def ready(self, to_write, timeout_ms):
        return bool(self.flags(select.POLLOUT if to_write else select.POLLIN, timeout_ms))

    def flags(self, wanted, timeout_ms):
        self._poll.modify(self._native, wanted)
        for _, flags in self._poll.ipoll(timeout_ms):
            return flags
        return 0


def _open_bridge():
    """A function that asks CPython, which runs this MicroPython (bridge.py), or None. MicroPython
    can't call an address, but a function of its own can be given another one: it is an object
    that consists of its type's address and that of its code."""
    address = os.getenv("SIMULATOR_BRIDGE")
    if not address:
        return None
    function = micropython.kbd_intr  # of no use on a board
    uctypes.bytearray_at(id(function), 16)[8:16] = struct.pack("Q", int(address))
    return function


_ask = _open_bridge()
_STATE, _UNACKNOWLEDGED, _NEWS = 0, 1, 2  # the questions of bridge.py


def connection_state(native):
    if _ask:
        return _ask(native.fileno() * 4 + _STATE)
    flags = Watch(native).flags(select.POLLIN | select.POLLOUT | _PEER_CLOSED, 0)
    state = READABLE if flags & select.POLLIN else 0
    for flag, meaning in (
        (select.POLLOUT, WRITABLE),
        (_PEER_CLOSED | select.POLLHUP, PEER_CLOSED),
        (select.POLLERR, BROKEN),
    ):
        if flags & flag:
            state |= meaning
    if state & READABLE and not state & PEER_CLOSED:
        state |= 1 << 4  # how many bytes is not to be known
    return state


def unacknowledged(native):
    return _ask(native.fileno() * 4 + _UNACKNOWLEDGED) if _ask else 0


def report_news(native):
    if _ask:
        _ask(native.fileno() * 4 + _NEWS)
