"""What only the system knows of a TCP connection, by its file number. Used by both interpreters:
MicroPython asks through bridge.py."""

import fcntl
import select
import struct
import termios

READABLE, WRITABLE, PEER_CLOSED, BROKEN = 1, 2, 4, 8

# Linux: bytes sent and not yet acknowledged (SIOCOUTQ), bytes received and not yet read (SIOCINQ).
_UNACKNOWLEDGED, _UNREAD = termios.TIOCOUTQ, termios.FIONREAD
_PEER_CLOSED = getattr(select, "POLLRDHUP", 0)
_ASKED_FOR = select.POLLIN | select.POLLOUT | _PEER_CLOSED


def state(number):
    """What is true of the connection, the sum of READABLE ... BROKEN, and times 16 the number of
    bytes that have arrived and were not read."""
    poll = select.poll()
    poll.register(number, _ASKED_FOR)
    found = 0
    for _, events in poll.poll(0):
        if events & select.POLLIN:
            found |= READABLE
        if events & select.POLLOUT:
            found |= WRITABLE
        if events & (_PEER_CLOSED | select.POLLHUP):
            found |= PEER_CLOSED
        if events & (select.POLLERR | select.POLLNVAL):
            found |= BROKEN
    return found | _count(number, _UNREAD) << 4 if found & READABLE else found


def unacknowledged(number):
    """Bytes that the other end's system has not acknowledged."""
    return _count(number, _UNACKNOWLEDGED)


def _count(number, request):
    try:
        return struct.unpack("i", fcntl.ioctl(number, request, b"\0\0\0\0"))[0]
    except OSError:  # no longer connected
        return 0
