"""GET /api/readings: the latest values. The event stream sends them too."""

import json

from ..sensors.readings import number
from ..web.answers import answer


def get(server, path, query_params, headers, body):
    """The answer to a GET."""
    return answer(texts(server.app.readings, server.app.clock))


def texts(readings, clock):
    """The latest values as JSON, channel by channel (a generator)."""
    yield '{"t":%s,"epoch":%s,"readings":[' % (clock.uptime_text(), json.dumps(clock.epoch()))
    comma = ""
    for index, channel in enumerate(readings.channels):
        decimals = channel.decimals
        error = readings.errors[index]
        limit = readings.limits and readings.limits.of(index)
        yield (
            '%s{"name":"%s","label":%s,"unit":%s,"decimals":%d,"value":%s,"min":%s,"max":%s,'
            '"state":"%s","error":%s}'
            % (
                comma,
                channel.name,
                json.dumps(channel.label),
                json.dumps(channel.unit),
                decimals,
                number(readings.values[index], decimals),
                number(readings.lowest[index], decimals),
                number(readings.highest[index], decimals),
                "failing" if error else limit.state if limit else "ok",
                json.dumps(error),
            )
        )
        comma = ","
    yield "]}"


def row_json(readings, samples, row):
    """The values of a row of Samples as JSON, separated by commas."""
    found = []
    for column in range(samples.columns):
        found.append(number(samples.value(row, column), readings.channels[column].decimals))
    return ",".join(found)
