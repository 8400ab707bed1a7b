"""Asks a time server on the network (SNTP, RFC 4330) without ever waiting for it.

Adafruit's adafruit_ntp waits: two seconds for a server that is silent, and, where the name server is,
in C for longer than the watchdog allows. So the name is looked up here, too (RFC 1035, section 4.1).
"""

import os
import struct

from micropython import const

_NTP_PORT = const(123)
_DNS_PORT = const(53)
_NTP_BYTES = const(48)
_CLIENT = const(0x23)  # version 4, from a client
_SERVER = const(4)
_TO_UNIX = const(2208988800)  # from 1900 to 1970
_PATIENCE_TENTHS = const(20)
_IDLE = (11, 116)  # EAGAIN, ETIMEDOUT


def ask(clock, pool, name_server, server):
    """(seconds since 1970, the uptime in tenths of a second at which they were right): a generator
    that returns it. name_server: address as text; server: name or address. Raises OSError when
    nobody answers, ValueError for nonsense."""
    address = server
    if not server.replace(".", "").isdigit():
        query, identity = question(server)
        found = yield from _exchange(clock, pool, query, (name_server, _DNS_PORT), identity)
        address = address_in(found)
    query = bytearray(_NTP_BYTES)
    query[0] = _CLIENT
    query[40:48] = mark = os.urandom(8)  # the server sends it back: nobody else can answer
    begin = clock.tenths
    found = yield from _exchange(clock, pool, query, (address, _NTP_PORT), None, mark)
    epoch, tenths = time_in(found)
    tenths += (clock.tenths - begin) // 2  # the way back is about half of both
    return epoch + tenths // 10, clock.tenths - tenths % 10


def _exchange(clock, pool, query, address, identity, mark=None):
    """Send a message and wait for the answer to it (a generator that returns it)."""
    socket = pool.socket(pool.AF_INET, pool.SOCK_DGRAM)
    buffer = bytearray(512)
    try:
        socket.settimeout(0)
        socket.sendto(query, address)
        give_up = clock.tenths + _PATIENCE_TENTHS
        while clock.tenths < give_up:
            yield
            try:
                length = socket.recvfrom_into(buffer)[0]
            except OSError as error:
                if error.errno not in _IDLE:
                    raise
                continue
            found = memoryview(buffer)[:length]
            if mark is None:
                if length > 12 and bytes(found[:2]) == identity:
                    return bytes(found)
            elif length >= _NTP_BYTES and bytes(found[24:32]) == mark:
                return bytes(found)
    finally:
        socket.close()
    raise OSError("no answer from %s" % address[0])


def question(name):
    """(a query for the address of that name, its first two bytes)."""
    identity = os.urandom(2)
    query = identity + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
    for part in name.split("."):
        part = part.encode()
        query += bytes((len(part),)) + part
    return query + b"\x00\x00\x01\x00\x01", identity


def address_in(message):
    """The first address in an answer, as text. Raises ValueError when there is none."""
    try:
        at = _after_name(message, 12) + 4
        for _ in range(message[6] << 8 | message[7]):
            at = _after_name(message, at)
            kind = message[at + 1]
            length = message[at + 8] << 8 | message[at + 9]
            at += 10
            if kind == 1 and length == 4:
                return "%d.%d.%d.%d" % tuple(message[at : at + 4])
            at += length
    except IndexError:
        pass
    raise ValueError("the name server knows no address")


def _after_name(message, at):
    while message[at]:
        if message[at] > 63:  # a pointer ends the name
            return at + 2
        at += message[at] + 1
    return at + 1


def time_in(message):
    """(seconds since 1970, tenths of a second) of a server's answer. Raises ValueError."""
    if message[0] & 7 != _SERVER or message[0] >> 6 == 3 or not 0 < message[1] < 16:
        raise ValueError("the time server doesn't know the time")
    seconds, fraction = struct.unpack(">II", message[40:48])
    if seconds < _TO_UNIX:
        seconds += 1 << 32  # from 2036 on the count begins anew
    return seconds - _TO_UNIX, (fraction >> 16) * 10 >> 16
