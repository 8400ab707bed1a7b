"""GET /metrics: the state in the text format of Prometheus, version 0.0.4."""

import gc

from ..sensors.readings import NOTHING, number
from ..web.answers import answer

_STATES = {"low": -1, "ok": 0, "high": 1}
_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def get(server, path, query_params, headers, body):
    """The answer to a GET."""
    return answer(_metrics(server.app, server.requests, server.responses), content_type=_TYPE)


def _metrics(app, requests, responses):
    yield _head("reading", "Latest value of a sensor.", "gauge")
    values = app.readings.values
    for index in range(len(values)):
        if values[index] != NOTHING:
            channel = app.readings.channels[index]
            value = number(values[index], channel.decimals)
            labels = (_label(channel.name), _label(channel.unit), value)
            yield 'datalogger_reading{sensor="%s",unit="%s"} %s\n' % labels
    if app.readings.limits:
        yield _head("limit_passed", "1 while a value is too high, -1 while too low.", "gauge")
        for limit in app.readings.limits.limits:
            labels = (app.readings.channels[limit.index].name, _STATES[limit.state])
            yield 'datalogger_limit_passed{sensor="%s"} %d\n' % labels
    if app.outputs:
        yield _head("output", "Value of an output; 1 when a switch is on.", "gauge")
    for output in app.outputs:
        yield 'datalogger_output{output="%s"} %s\n' % (output.name, float(output.value))
    for kind, name, help_text, value in _values(app, requests):
        if value is not None:
            yield _head(name, help_text, kind) + "datalogger_%s %s\n" % (name, value)
    yield _head("http_responses_total", "Responses by class of status.", "counter")
    for index in range(2, 6):
        labels = (index, responses[index])
        yield 'datalogger_http_responses_total{class="%dxx"} %d\n' % labels
    yield _head("recorder_state", "1 for the present state of the recorder.", "gauge")
    present = app.recorder.state()[0]
    for state in ("recording", "paused", "full", "error"):
        yield 'datalogger_recorder_state{state="%s"} %d\n' % (state, state == present)


def _label(text):
    """The text as the value of a label; the unit of inches is a quote."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _head(name, help_text, kind):
    return "# HELP datalogger_%s %s\n# TYPE datalogger_%s %s\n" % (name, help_text, name, kind)


def _values(app, requests):
    gauge = "gauge"
    counter = "counter"
    network = app.network
    samples = app.recorder.samples
    free = gc.mem_free()
    yield gauge, "uptime_seconds", "Time since start.", app.clock.tenths // 10
    yield gauge, "clock_set", "1 when the clock is set.", int(app.clock.is_set())
    yield gauge, "memory_free_bytes", "Free memory.", free
    yield gauge, "memory_total_bytes", "Memory of the Python heap.", free + gc.mem_alloc()
    yield gauge, "drive_free_bytes", "Free room on the drive.", app.room.free()
    yield gauge, "drive_total_bytes", "Room on the empty drive.", app.room.total()
    yield gauge, "drive_writable", "1 when the board may write.", int(app.drive.writable)
    yield gauge, "samples_waiting", "Samples in memory only.", samples.pending()
    yield gauge, "battery_low", "1 when the battery is low.", int(app.battery_is_low)
    yield gauge, "wifi_station", "1 in a network it joined.", int(network.mode == "station")
    yield gauge, "wifi_clients", "Devices in its own network.", network.clients()
    yield gauge, "wifi_signal_dbm", "Strength of the joined network.", network.signal_dbm()
    yield counter, "samples_total", "Samples taken since start.", samples.added
    yield counter, "samples_dropped_total", "Samples lost unwritten.", samples.dropped
    yield counter, "http_requests_total", "Requests since start.", requests
    yield counter, "errors_total", "Errors logged since start.", app.log.errors
