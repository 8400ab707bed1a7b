"""Who is logged in. rare/passwords.py checks passwords."""

from array import array

from micropython import const

from ..on_demand import on_demand

COOKIE = "session"
TOKEN = const(0)  # of a session
START = const(1)
USED = const(2)
_IDLE_TENTHS = const(36000)  # one hour without a request
MAX_SESSION_TENTHS = const(432000)  # twelve hours
_MAX_SESSIONS = const(4)
_TOKEN_DIGITS = const(32)
_BRAKE_WORDS = const(24)  # three for each of eight clients, see rare/passwords.py


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
        self.sessions = tuple([[bytearray(_TOKEN_DIGITS), 0, None] for _ in range(_MAX_SESSIONS)])
        self.brake = array("I", bytes(4 * _BRAKE_WORDS))  # who sent wrong passwords
        self.warn_at = 0  # in tenths of a second of uptime: no warning of them before
        self.revision = 0

    def check(self, headers, client):
        """None when the request has a session or the password (HTTP Basic), else the Response that
        refuses it. client: its address, a text."""
        if self._prolong(headers):
            return None
        return on_demand("passwords").check_basic(self, headers, client)

    def is_logged_in(self, headers):
        """Whether a request that was let in has a session or, where reading needs a login, the
        password. Where it needs none nobody looks at passwords."""
        return self._prolong(headers) or (
            self.settings["ADMIN_LOGIN_TO_READ"] and "authorization" in headers
        )

    def _prolong(self, headers):
        session = self.session(headers)
        if session:
            session[USED] = self.clock.tenths
        return session is not None

    def session(self, headers):
        """The live session of the request, else None; doesn't prolong it."""
        now = self.clock.tenths
        for session in self.sessions:
            used = session[USED]
            if used is not None and (
                now - session[START] > MAX_SESSION_TENTHS or now - used > _IDLE_TENTHS
            ):
                session[USED] = None
        found = None
        # Several cookies may have that name: older ones, and those of other servers on this host
        for cookie in headers.get("cookie", "").replace(",", ";").split(";"):
            name, _, token = cookie.strip().partition("=")
            if name == COOKIE and len(token) == _TOKEN_DIGITS:
                for session in self.sessions:
                    if session[USED] is not None and equal(token, session[TOKEN].decode()):
                        found = session
        return found
