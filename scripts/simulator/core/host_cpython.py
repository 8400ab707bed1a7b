"""Time, files and sockets of the computer as CPython offers them. Same functions as
host_micropython.py."""

import errno
import gc
import hashlib
import io
import os
import select
import socket
import stat
import sys
import time
import zlib

try:
    import kernel_sockets
except ImportError:  # Windows
    kernel_sockets = None

TCP = socket.SOCK_STREAM
UDP = socket.SOCK_DGRAM

interpreter = sys
program_files = set()  # names under which the program's own code is compiled

_NOT_YET = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINPROGRESS)
_PEER_CLOSED = getattr(select, "POLLRDHUP", 0)


def now_us():
    """Microseconds since some moment; never goes back."""
    return time.monotonic_ns() // 1000


def sleep_us(duration):
    if duration > 0:
        time.sleep(duration / 1_000_000)


def end_process():
    """Ends this process at once, whatever the program catches."""
    os._exit(1)


class _PlainOSError(OSError):
    """Stays what it is: OSError itself turns into BlockingIOError and others, which the board
    doesn't have."""


_PlainOSError.__name__ = "OSError"


def error(number):
    """An OSError as the board raises it: its errno is set in both interpreters."""
    return _PlainOSError(number, os.strerror(number))


def broken_pipe():
    return BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def random_bytes(count):
    return os.urandom(count)


def flush_console():
    sys.stdout.flush()


def collect():
    gc.collect()


def begin_program():
    pass  # MicroPython's heap needs care


def take_names(percent):
    pass  # CPython counts no memory


def heap_used():
    """Bytes of the board's heap in use: an estimate, at one of its 16-byte blocks for each block of
    CPython."""
    return sys.getallocatedblocks() * 16


def heap_free():
    return None


def new_hash(name):
    return hashlib.new(name)


def decompress(data, wbits):
    return zlib.decompress(data, wbits or 15)


def format_exception(exception):
    """The traceback as the board prints it: only the program's own lines, without their text."""
    lines = ["Traceback (most recent call last):\n"]
    trace = exception.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename in program_files:
            lines.append(
                f'  File "{code.co_filename}", line {trace.tb_lineno}, in {code.co_name}\n'
            )
        trace = trace.tb_next
    text = str(exception)
    lines.append(
        f"{type(exception).__name__}: {text}\n" if text else f"{type(exception).__name__}\n"
    )
    return "".join(lines)


class Folder:
    """A folder of the computer; paths are relative to it, with "/" and without a leading one."""

    def __init__(self, root):
        self._root = root

    def _real(self, path):
        return os.path.join(self._root, path) if path else self._root

    def open(self, path, mode):
        if "b" in mode:
            # A file that is written must be complete when the board loses power: no buffer here.
            return io.open(self._real(path), mode, -1 if mode == "rb" else 0)
        return io.open(self._real(path), mode, encoding="utf-8", newline="\n")

    def stat(self, path):
        """(is a folder, size in bytes, time of change in seconds since 1970)"""
        found = os.stat(self._real(path))
        return stat.S_ISDIR(found.st_mode), found.st_size, int(found.st_mtime)

    def names(self, path):
        return os.listdir(self._real(path))

    def make(self, path):
        os.mkdir(self._real(path))

    def remove_file(self, path):
        os.unlink(self._real(path))

    def remove_folder(self, path):
        os.rmdir(self._real(path))

    def rename(self, old, new):
        os.replace(self._real(old), self._real(new))

    def set_time(self, path, modified):
        os.utime(self._real(path), (modified, modified))


def is_file(path):
    return os.path.isfile(path)


def open_image(path):
    raise NotImplementedError("the image of a card needs MicroPython, which has FatFs")


def fat_file_system(blocks):
    raise NotImplementedError("FatFs")


# --- sockets: never blocking; None stands for "not now"

# More than the board has: its limits are those of core.lwip.
SEND_BUFFER = 65536
WAITING = 128
# Bytes of a TCP segment: lwIP's, and the timestamps that others add. Nagle's algorithm, which keeps
# a short one for later, so does here what it does on the board
LONGEST_SEGMENT = 1460 + 12

READABLE, WRITABLE, PEER_CLOSED, BROKEN = 1, 2, 4, 8


def new_socket(kind):
    native = socket.socket(socket.AF_INET, kind)
    native.setblocking(False)
    if kind == TCP:
        native.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return native


def bind(native, host, port):
    """Binds and returns the port, which the system chooses when it is 0."""
    native.bind((host, port))
    return native.getsockname()[1]


def listen(native):
    native.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    try:
        native.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, LONGEST_SEGMENT)
    except (AttributeError, OSError):  # Windows, macOS; connections inherit either
        set_no_delay(native, 1)
    native.listen(WAITING)


def accept(native):
    """(socket, host, port) or None"""
    try:
        accepted, address = native.accept()
    except OSError as failure:
        if failure.errno in _NOT_YET:
            return None
        raise
    accepted.setblocking(False)
    return accepted, address[0], address[1]


def connect(native, host, port):
    """Begins to connect; `writable` tells when that is done, `pending_error` how it ended."""
    try:
        native.connect((host, port))
    except OSError as failure:
        if failure.errno not in _NOT_YET:
            raise


def pending_error(native):
    return native.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def receive_into(native, buffer, count):
    try:
        return native.recv_into(buffer, count)
    except OSError as failure:
        if failure.errno in _NOT_YET:
            return None
        raise error(failure.errno) from None


def send(native, data):
    try:
        return native.send(data)
    except BrokenPipeError:
        raise
    except OSError as failure:
        if failure.errno in _NOT_YET:
            return None
        raise error(failure.errno) from None


def receive_from(native, count):
    """(data, host, port) or None"""
    try:
        data, address = native.recvfrom(count)
    except OSError as failure:
        if failure.errno in _NOT_YET:
            return None
        raise
    return data, address[0], address[1]


def send_to(native, data, host, port):
    return native.sendto(data, (host, port))


def set_no_delay(native, value):
    native.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, value)


def resolve(host):
    try:
        return socket.getaddrinfo(host, 0, socket.AF_INET)[0][4][0]
    except OSError:
        return None


def close(native):
    native.close()


def abort(native):
    """Closes with a reset instead of a farewell."""
    native.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    native.close()


class Watch:
    """Waits for one socket."""

    def __init__(self, native):
        self._native = native

    def ready(self, to_write, timeout_ms):
        """Whether reading (or writing) makes sense within the time: there is data, room, an end or
        an error."""
        reading, writing = ([], [self._native]) if to_write else ([self._native], [])
        return any(select.select(reading, writing, [], timeout_ms / 1000))


def connection_state(native):
    """The sum of what is true of the socket: READABLE, WRITABLE, PEER_CLOSED (the other end has
    said that it sends no more), BROKEN (it was reset); and times 16 the bytes that have arrived and
    were not read."""
    if kernel_sockets:
        return kernel_sockets.state(native.fileno())
    readable, writable, _ = select.select([native], [native], [], 0)
    state = bool(readable) * READABLE + bool(writable) * WRITABLE
    if readable and native.type == TCP:
        try:
            arrived = len(native.recv(SEND_BUFFER, socket.MSG_PEEK))
            state += arrived * 16 or PEER_CLOSED
        except OSError as failure:
            state += BROKEN * (failure.errno not in (*_NOT_YET, errno.ENOTCONN))
    return state


def unacknowledged(native):
    """Bytes sent that the other end's system has not acknowledged, 0 if that can't be known."""
    return kernel_sockets.unacknowledged(native.fileno()) if kernel_sockets else 0


def report_news(native):
    """Tells what happened to the interpreter itself: here, nothing is known of it."""
