"""POST /api/login, /api/logout, /api/time, /api/restart, /api/drive."""

import json
import os
from binascii import hexlify

from micropython import const

from ..clock import MAX_EPOCH, MAX_OFFSET_S, MIN_EPOCH
from ..nonvolatile import STARTS_AT
from ..on_demand import on_demand
from ..web.answers import answer, refusal
from ..web.login import COOKIE, MAX_SESSION_TENTHS, START, TOKEN, USED

_ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
_TO_RESCUE = const(100)  # starts that failed, for code.py


def post(server, path, query_params, headers, body):
    """The answer to a POST."""
    app = server.app
    name = path[len("/api/") :]
    if name == "restart":
        if b"rescue" in bytes(body):  # the page of last resort, when this version can't be mended
            app.trial.passed = True
            app.trial.nvm[STARTS_AT] = _TO_RESCUE
        app.restart()
        return answer({"restarting": True}, 202)
    if name == "logout":
        return _log_out(app.login, headers)
    try:
        sent = on_demand("json_object").parse(body)
        if name == "login":
            return _log_in(app, sent.get("password"), server.client_address)
        if name == "time":
            return _set_time(app, sent)
        return _change_drive(app, sent.get("owner"))
    except ValueError as problem:
        return refusal(400, str(problem))


def _log_in(app, password, client):
    if not isinstance(password, str):
        return refusal(400, "The password is missing.", "password")
    login = app.login
    problem = on_demand("passwords").check(login, password, client, "password")
    if problem:
        return problem
    session = min(login.sessions, key=lambda one: -1 if one[USED] is None else one[USED])
    session[TOKEN][:] = hexlify(os.urandom(16))
    session[START] = session[USED] = app.clock.tenths
    login.revision += 1
    token = session[TOKEN].decode()
    cookie = "%s=%s%s%d" % (COOKIE, token, _ATTRIBUTES, MAX_SESSION_TENTHS // 10)
    return answer({"logged_in": True}, headers={"Set-Cookie": cookie})


def _log_out(login, headers):
    session = login.session(headers)
    if session:
        session[USED] = None
        login.revision += 1
    return answer({"logged_in": False}, headers={"Set-Cookie": COOKIE + "=" + _ATTRIBUTES + "0"})


def _set_time(app, sent):
    epoch = sent.get("epoch")
    offset = sent.get("utc_offset_s", 0)
    if type(epoch) is not int or not MIN_EPOCH <= epoch <= MAX_EPOCH:
        raise ValueError("epoch is not a whole number of seconds of the years 2024 to 2035.")
    if type(offset) is not int or abs(offset) > MAX_OFFSET_S or offset % 60:
        raise ValueError("utc_offset_s is not a whole number of minutes within 14 hours.")
    on_demand("time_sources").take(app, epoch, "browser", offset)
    return answer({"clock": on_demand("status").clock(app)})


def _change_drive(app, owner):
    if owner not in ("board", "computer"):
        return refusal(400, 'owner must be "board" or "computer".', "owner")
    return answer(_changed(app, owner))


def _changed(app, owner):
    """Give the drive to its new owner, with all rows that wait, while the client waits (a generator)."""
    if owner == "board":
        restarting = on_demand("drive_owner").take(app.drive)
    else:
        while app.recorder.write_step():
            yield None
        restarting = on_demand("drive_owner").give(app.drive)
    app.log.info("The drive belongs to the %s now." % owner)
    if restarting:
        app.restart()
    yield json.dumps({"owner": owner, "restarting": restarting})
