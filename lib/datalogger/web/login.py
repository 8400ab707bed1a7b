"""Who is logged in. rare/passwords.py checks passwords."""

from micropython import const

from ..on_demand import on_demand

COOKIE = "session"
TOKEN = const(0)  # of a session
START = const(1)
USED = const(2)
_IDLE_TENTHS = const(36000)  # one hour without a request
MAX_SESSION_TENTHS = const(432000)  # twelve hours
_MAX_SESSIONS = const(4)


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


class Login:
    """Sessions end after an hour without a request, after twelve hours in all, at logout, or when
    the password changes.

    Each of `sessions` is a list, allocated once: TOKEN is a bytearray of 32 hexadecimal digits,
    START when it began and USED when the latest request came, in tenths of a second of uptime; USED
    is None while nobody has the session.
    """

    def __init__(self, clock, settings, log):
        self.clock = clock
        self.settings = settings
        self.log = log
        self.sessions = tuple([[bytearray(32), 0, None] for _ in range(_MAX_SESSIONS)])
        self.failures = 0  # wrong passwords in a row
        self.wait_until = 0  # in tenths of a second of uptime: no password is checked before
        self.revision = 0

    def check(self, headers):
        """None when the request has a session or the password (HTTP Basic), else the Response that
        refuses it."""
        session = self.session(headers)
        if session:
            session[USED] = self.clock.tenths
            return None
        return on_demand("passwords").check_basic(self, headers)

    def is_logged_in(self, headers):
        """Whether the request has a session or the password."""
        if not ("authorization" in headers or self.session(headers)):
            return False
        return self.check(headers) is None

    def session(self, headers):
        """The live session of the request, else None; doesn't prolong it."""
        token = None
        for cookie in headers.get("cookie", "").split(";"):
            name, _, value = cookie.strip().partition("=")
            if name == COOKIE:
                token = value
        now = self.clock.tenths
        found = None
        for session in self.sessions:
            if session[USED] is None:
                continue
            if now - session[START] > MAX_SESSION_TENTHS or now - session[USED] > _IDLE_TENTHS:
                session[USED] = None
            elif token and equal(token, session[TOKEN].decode()):
                found = session
        return found
