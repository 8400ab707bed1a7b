"""GET /api/status: the state of the whole board, as people see it."""

import gc
import json
import os
from binascii import hexlify

import board
import microcontroller
from ehttpserver import __version__ as server_version

from .. import __version__
from ..on_demand import on_demand
from ..web.answers import answer, json_list

prospects = on_demand("prospects")


def get(server, path, query_params, headers, body):
    """The answer to a GET."""
    return answer(texts(server.app, server.app.login.is_logged_in(headers)))


def texts(app, logged_in):
    """The whole state as JSON in pieces (a generator). logged_in: whether the client is."""
    yield '{"board":' + json.dumps(_board(app.reset_reason))
    yield ',"uptime_s":%d,"clock":' % (app.clock.tenths // 10) + json.dumps(clock(app))
    for name, part in (
        ("memory", _memory),
        ("drive", _drive),
        ("recorder", _recorder),
        ("wifi", _wifi),
        ("battery", _battery),
    ):
        yield ',"%s":' % name + json.dumps(part(app))
    yield ',"login":' + json.dumps(_login(app.settings, logged_in))
    needed = json.dumps(app.settings.restart_needed())
    yield ',"restart_needed":%s,"update":"%s"' % (needed, app.trial.update)
    readings = app.readings
    off = [one.name for index, one in enumerate(readings.sensors) if readings.off >> index & 1]
    yield ',"sensors_off":%s,"channels":[' % json.dumps(off)
    yield from json_list(_channels(app))
    yield '],"outputs":%d,"errors":%d}' % (len(app.outputs), app.log.errors)


def _channels(app):
    """Each channel, and whether it is measured (a generator). low, high: limits, None without."""
    readings = app.readings
    index = 0
    for sensor in readings.sensors:
        for channel in sensor.channels:
            error = readings.errors[index]
            limit = readings.limits and readings.limits.of(index)
            unit = 10**channel.decimals
            yield json.dumps(
                {
                    "name": channel.name,
                    "label": channel.label,
                    "unit": channel.unit,
                    "decimals": channel.decimals,
                    "state": "failing" if error else limit.state if limit else "ok",
                    "message": error or "",
                    "since": app.clock.epoch(readings.since[index]),
                    "diagnostic": getattr(sensor.kind, "diagnostic", False),
                    "low": limit.low / unit if limit and limit.low is not None else None,
                    "high": limit.high / unit if limit and limit.high is not None else None,
                }
            )
            index += 1


def _board(reset_reason):
    system = os.uname()
    cpu = microcontroller.cpu
    return {
        "name": system.machine,
        "id": board.board_id,
        "uid": hexlify(cpu.uid).decode().upper(),
        "firmware": "CircuitPython " + system.release,
        "app": __version__,
        "server": server_version,
        "reset_reason": reset_reason,
    }


def clock(app):
    """The state of the clock."""
    return {
        "set": app.clock.is_set(),
        "epoch": app.clock.epoch(),
        "utc_offset_s": app.clock.utc_offset_s,
        "source": app.clock.source,
        "zone": app.settings["TIME_ZONE"],
        "drifts": app.clock.drifts,
    }


def _memory(app):
    free = gc.mem_free()
    return {"free": free, "total": free + gc.mem_alloc()}


def _flash_years(app):
    return prospects.rounded(prospects.flash_years(app.recorder, app.settings), 10)


def _drive(app):
    drive = app.drive
    result = prospects.room(app)
    result["owner"] = "board" if drive.writable else "computer"
    result["reason"] = drive.reason
    result["can_change"] = True
    result["needs_restart"] = drive.needs_restart()
    on_card = app.medium.on_card
    result["flash_years"] = None if on_card else _flash_years(app)
    result["recordings"] = "card" if on_card else "internal"
    return result


def _recorder(app):
    recorder = app.recorder
    state, reason = recorder.state()
    return {
        "state": state,
        "reason": reason,
        "file": recorder.file(),
        "next_write_s": prospects.next_write_s(recorder, app.clock),
        "buffered": recorder.samples.pending(),
        "dropped": recorder.samples.dropped,
        "sample_s": app.settings["SAMPLE_SECONDS"],
        "flush_s": app.settings["FLUSH_SECONDS"],
    }


def _wifi(app):
    network = app.network
    return {
        "mode": network.mode,
        "ssid": network.ssid,
        "address": network.address(),
        "hostname": network.hostname + ".local",
        "clients": network.clients(),
        "signal_dbm": network.signal_dbm(),
        "fallback": network.fallback,
    }


def _battery(app):
    return {
        "low": app.battery_is_low,
        "volts": prospects.rounded(app.readings.value("voltage"), 100),
        "limit": app.settings["LOW_BATTERY_VOLTS"],
    }


def _login(settings, logged_in):
    return {
        "logged_in": logged_in,
        "required_to_read": settings["ADMIN_LOGIN_TO_READ"],
        "default_password": bool(settings.default_passwords),
        "default_passwords": settings.default_passwords,
    }
