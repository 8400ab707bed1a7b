"""Checks passwords, with a brake on wrong ones.

Each wrong password costs its client ten seconds, of which it may owe forty before it has to wait:
five at once, then one in ten seconds. A client that owes less is looked at whatever others do, and
a right password costs nothing and forgives nothing.

`brake` of the Login has three words a client: CLIENT and LATEST are checksums of its address and of
its latest wrong password, UNTIL is when it owes nothing any more, in tenths of a second of uptime.
"""

from binascii import a2b_base64, crc32

from micropython import const

from ..web.answers import refusal
from ..web.login import equal

_USER = "admin"
_CLIENT = const(0)
_UNTIL = const(1)
_LATEST = const(2)
_WORDS = const(3)
_COST_TENTHS = const(100)
_MAX_OWED_TENTHS = const(400)
_WARN_TENTHS = const(6000)  # between two lines in the log


def check_basic(login, headers, client):
    """None when the request has the password (HTTP Basic, RFC 7617), else the Response that refuses
    it. login: the Login; client: address, a text."""
    kind, _, credentials = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return _wrong("Log in first.")
    try:
        user, colon, password = a2b_base64(credentials.strip()).decode().partition(":")
    except ValueError:
        user = colon = password = ""
    return check(login, password if colon and user == _USER else "", client)


def check(login, password, client, field=None):
    """None when that is the password, else the Response that refuses it. client: address, a text;
    field: as for refusal()."""
    now = login.clock.tenths
    right = login.settings["ADMIN_PASSWORD"]
    brake = login.brake
    client_sum = crc32(client.encode())
    row = _row(brake, client_sum)
    # With the right one, so that a password can become right
    latest = crc32(password.encode(), crc32((right or "").encode()))
    owed = max(0, brake[row + _UNTIL] - now)
    if owed and brake[row + _CLIENT] == client_sum and brake[row + _LATEST] == latest:
        return _wrong("Wrong password.", field)  # a forgotten script: it learns nothing, so no cost
    if owed > _MAX_OWED_TENTHS:
        seconds = (owed - _MAX_OWED_TENTHS) // 10 + 1
        text = "Too many wrong passwords; wait %d s." % seconds
        return refusal(429, text, headers={"Retry-After": str(seconds)})
    if right is not None and equal(password, right):
        return None
    owed += _COST_TENTHS
    brake[row + _CLIENT] = client_sum
    brake[row + _UNTIL] = now + owed
    brake[row + _LATEST] = latest
    if owed > _MAX_OWED_TENTHS and now >= login.warn_at:
        login.warn_at = now + _WARN_TENTHS
        login.log.warning("Many wrong passwords from %s." % client)
    return _wrong("Wrong password.", field)


def _row(brake, client):
    """Where the words of that client begin, else those of the one that owes least: a client that
    isn't known takes over what that one owes, so that many addresses help nobody."""
    least = 0
    for row in range(0, len(brake), _WORDS):
        if brake[row + _CLIENT] == client:
            return row
        if brake[row + _UNTIL] < brake[least + _UNTIL]:
            least = row
    return least


def _wrong(text, field=None):
    # Browsers don't know this scheme; for Basic they would ask for the password themselves.
    return refusal(401, text, field, {"WWW-Authenticate": 'Session realm="datalogger"'})
