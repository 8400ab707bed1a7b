"""Checks passwords, with a brake on wrong ones."""

from binascii import a2b_base64

from micropython import const

from ..web.answers import refusal
from ..web.login import equal

_USER = "admin"
_FREE_FAILURES = const(5)
_MAX_WAIT_S = const(60)


def check_basic(login, headers):
    """None when the request has the password (HTTP Basic, RFC 7617), else the Response that refuses
    it. login: the Login."""
    kind, _, credentials = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return _wrong("Log in first.")
    try:
        user, colon, password = a2b_base64(credentials.strip()).decode().partition(":")
    except ValueError:
        user = colon = password = ""
    return check(login, password if colon and user == _USER else "", "Log in first.")


def check(login, password, text, field=None):
    """None when that is the password, else the Response that refuses it. text: what it says, unless
    passwords are not checked at the moment; field: as for refusal()."""
    wait = login.wait_until - login.clock.tenths
    if wait > 0:
        seconds = wait // 10 + 1
        text = "Too many wrong passwords; wait %d s." % seconds
        return refusal(429, text, headers={"Retry-After": str(seconds)})
    if equal(password, login.settings["ADMIN_PASSWORD"]):
        login.failures = 0
        return None
    login.failures += 1
    if login.failures >= _FREE_FAILURES:
        wait = min(_MAX_WAIT_S, 1 << min(login.failures - _FREE_FAILURES + 1, 10))
        login.wait_until = login.clock.tenths + wait * 10
        login.log.warning("%d wrong passwords in a row." % login.failures)
    return _wrong(text, field)


def _wrong(text, field=None):
    # Browsers don't know this scheme; for Basic they would ask for the password themselves.
    return refusal(401, text, field, {"WWW-Authenticate": 'Session realm="datalogger"'})
