"""Who is logged in: sessions, HTTP Basic, and a brake on wrong passwords."""

from binascii import a2b_base64

from micropython import const

USER = "admin"
COOKIE = "session"
TOKEN = const(0)  # of a session
START = const(1)
USED = const(2)
_IDLE_TENTHS = const(36000)  # one hour without a request
MAX_SESSION_TENTHS = const(432000)  # twelve hours
_MAX_SESSIONS = const(4)
_FREE_FAILURES = const(5)
_MAX_WAIT_S = const(60)


def equal(left, right):
    """Compare two texts in a time that does not depend on where they differ."""
    left = left.encode()
    right = right.encode()
    if len(left) > 256:  # no password, and not worth the time
        return False
    different = len(left) ^ len(right)
    for index in range(len(left)):
        different |= left[index] ^ (right[index % len(right)] if right else 1)
    return not different


class TooManyFailures(Exception):
    """Passwords are not checked for the next `seconds`."""

    def __init__(self, seconds):
        super().__init__("Too many wrong passwords; wait %d s." % seconds)
        self.seconds = seconds


class Login:
    """Sessions end after an hour without a request, after twelve hours in all, at logout, or when
    the password changes.

    Each of `sessions` is a list, allocated once: TOKEN is a bytearray of 32 hexadecimal digits,
    START when it began and USED when the latest request came, in tenths of a second of uptime; USED
    is None while nobody has the session.
    """

    def __init__(self, clock, settings, log):
        self._clock = clock
        self._settings = settings
        self._log = log
        self.sessions = tuple([[bytearray(32), 0, None] for _ in range(_MAX_SESSIONS)])
        self._failures = 0
        self._wait_until = 0
        self.revision = 0

    def is_logged_in(self, headers):
        """Whether the request has a session or the password (HTTP Basic); raises
        TooManyFailures."""
        session = self.session(headers)
        if session:
            session[USED] = self._clock.tenths
            return True
        kind, _, credentials = headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic":
            return False
        try:
            user, colon, password = a2b_base64(credentials.strip()).decode().partition(":")
        except ValueError:
            user = colon = password = ""
        return self.password_fits(password if colon and user == USER else "")

    def session(self, headers):
        """The live session of the request, else None; doesn't prolong it."""
        token = None
        for cookie in headers.get("cookie", "").split(";"):
            name, _, value = cookie.strip().partition("=")
            if name == COOKIE:
                token = value
        now = self._clock.tenths
        found = None
        for session in self.sessions:
            if session[USED] is None:
                continue
            if now - session[START] > MAX_SESSION_TENTHS or now - session[USED] > _IDLE_TENTHS:
                session[USED] = None
            elif token and equal(token, session[TOKEN].decode()):
                found = session
        return found

    def password_fits(self, password):
        """Whether that is the password; raises TooManyFailures."""
        wait = self._wait_until - self._clock.tenths
        if wait > 0:
            raise TooManyFailures(wait // 10 + 1)
        if equal(password, self._settings["ADMIN_PASSWORD"]):
            self._failures = 0
            return True
        self._failures += 1
        if self._failures >= _FREE_FAILURES:
            wait = min(_MAX_WAIT_S, 1 << min(self._failures - _FREE_FAILURES + 1, 10))
            self._wait_until = self._clock.tenths + wait * 10
            self._log.warning("%d wrong passwords in a row." % self._failures)
        return False
