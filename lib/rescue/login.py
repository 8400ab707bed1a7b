"""Who may use the rescue page: the admin password, by HTTP Basic."""

from binascii import a2b_base64, crc32

import supervisor

_FREE_FAILURES = 5
_WAIT_MS = 10000  # between two passwords of a client that are looked at, after so many wrong ones
_MAX_CLIENTS = 8  # that are remembered
_TICKS = 0x1FFFFFFF


class Login:
    """`allows()` compares the password of a request; without a password nobody gets in. Wrong ones
    slow down the address that they come from, and no other."""

    def __init__(self, password):
        """password: text, None when none is known."""
        self._password = password
        # By address: how many wrong ones, when the latest was looked at, and its checksum
        self._wrong = {}

    def allows(self, headers, client):
        """Whether the request has the password. client: the address that it came from, a text."""
        kind, _, credentials = headers.get("authorization", "").partition(" ")
        if self._password is None or kind.lower() != "basic":
            return False
        count, since, latest = self._wrong.get(client, (0, 0, None))
        now = supervisor.ticks_ms()
        checksum = crc32(credentials.encode())
        if checksum == latest:  # a forgotten script, which must not keep its owner out
            return False
        if count >= _FREE_FAILURES and (now - since) & _TICKS < _WAIT_MS:
            return False
        try:
            user, _, password = a2b_base64(credentials.strip()).decode().partition(":")
        except ValueError:
            user = password = ""
        if user == "admin" and _equal(password, self._password):
            return True
        if client not in self._wrong and len(self._wrong) >= _MAX_CLIENTS:
            # Takes over what the one with the fewest has: many addresses help nobody
            fewest = min(self._wrong, key=lambda one: self._wrong[one][0])
            count = self._wrong.pop(fewest)[0]
        self._wrong[client] = (count + 1, now, checksum)
        return False


def _equal(left, right):
    """Compare two texts in a time that doesn't tell where they differ."""
    left = left.encode()
    right = right.encode()
    different = len(left) ^ len(right)
    for index in range(min(len(left), 256)):
        different |= left[index] ^ right[index % len(right)]
    return not different
