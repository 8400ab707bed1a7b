"""Who may use the rescue page: the admin password, by HTTP Basic."""

from binascii import a2b_base64

import supervisor

_FREE_FAILURES = 5
_WAIT_MS = 10000  # between two passwords that are looked at, after so many wrong ones


class Login:
    """`allows()` compares the password of a request; without a password nobody gets in."""

    def __init__(self, password):
        """password: text, None when none is known."""
        self._password = password
        self._failures = 0
        self._failed_at = 0

    def allows(self, headers):
        """Whether the request has the password."""
        kind, _, credentials = headers.get("authorization", "").partition(" ")
        if self._password is None or kind.lower() != "basic":
            return False
        since = (supervisor.ticks_ms() - self._failed_at) & 0x1FFFFFFF
        if self._failures >= _FREE_FAILURES and since < _WAIT_MS:
            return False
        try:
            user, _, password = a2b_base64(credentials.strip()).decode().partition(":")
        except ValueError:
            user = password = ""
        if user == "admin" and _equal(password, self._password):
            self._failures = 0
            return True
        self._failures += 1
        self._failed_at = supervisor.ticks_ms()
        return False


def _equal(left, right):
    """Compare two texts in a time that doesn't tell where they differ."""
    left = left.encode()
    right = right.encode()
    different = len(left) ^ len(right)
    for index in range(min(len(left), 256)):
        different |= left[index] ^ right[index % len(right)]
    return not different
