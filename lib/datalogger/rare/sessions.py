"""A restart that was asked for logs nobody out."""

from binascii import hexlify, unhexlify

from micropython import const

from ..nonvolatile import SESSIONS_AT
from ..on_demand import on_demand_for_update
from ..web.login import START, TOKEN, USED

sha256 = on_demand_for_update("entries").sha256

_TOKEN_BYTES = const(16)
_SESSION_BYTES = const(18)  # its token, and its age in minutes
_SEAL_BYTES = const(8)
_BYTES = const(80)  # the seal and four sessions
_MINUTE_TENTHS = const(600)


def keep(login):
    """Write the sessions to the memory that outlives a restart."""
    memory = login.clock.memory
    if memory is None:
        return
    now = login.clock.tenths
    content = b""
    for session in login.sessions:
        if session[USED] is not None:
            age = (now - session[START]) // _MINUTE_TENTHS
            content += unhexlify(session[TOKEN]) + age.to_bytes(2, "big")
    content += bytes(_BYTES - _SEAL_BYTES - len(content))
    memory[SESSIONS_AT : SESSIONS_AT + _BYTES] = _seal(login, content) + content


def take(login):
    """Let the sessions that keep() wrote go on, once, and only if the password is the same."""
    memory = login.clock.memory
    whole = bytes(memory[SESSIONS_AT : SESSIONS_AT + _BYTES])
    content = whole[_SEAL_BYTES:]
    if whole[:_SEAL_BYTES] != _seal(login, content):
        return
    memory[SESSIONS_AT : SESSIONS_AT + _BYTES] = bytes(_BYTES)
    now = login.clock.tenths
    for session in login.sessions:
        token = content[:_TOKEN_BYTES]
        if token != bytes(_TOKEN_BYTES):
            age = int.from_bytes(content[_TOKEN_BYTES:_SESSION_BYTES], "big")
            session[TOKEN][:] = hexlify(token)
            session[START] = now - age * _MINUTE_TENTHS
            session[USED] = now
        content = content[_SESSION_BYTES:]


def _seal(login, content):
    seal = sha256()
    seal.update(login.settings["ADMIN_PASSWORD"].encode())
    seal.update(content)
    return seal.digest()[:_SEAL_BYTES]
