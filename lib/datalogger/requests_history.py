"""GET /api/history: the samples in memory. Used on demand."""

import json

from .answers import answer, json_list, query_number


def get(admin, path, query_params, headers, body):
    """The answer to a GET."""
    return answer(_history(admin.parts, query_number(query_params, "since")))


def _history(parts, since):
    clock = parts.clock
    samples = parts.recorder.samples
    row = first_row(samples, since)
    yield '{"columns":%s,"sample_s":%d,"t":%s,"epoch":%s,"rows":[' % (
        json.dumps(parts.readings.columns()),
        parts.settings["SAMPLE_SECONDS"],
        clock.uptime_text(),
        json.dumps(clock.epoch()),
    )
    yield from json_list(_rows(parts, row, samples.added))
    yield "]}"


def first_row(samples, since=-1):
    """Number of the first row in memory that is later than `since` (tenths)."""
    row = max(0, samples.added - samples.capacity)
    while row < samples.added and samples.time(row) <= since:
        row += 1
    return row


def _rows(parts, row, end):
    samples = parts.recorder.samples
    while row < end:
        if row >= samples.added - samples.capacity:  # not overwritten meanwhile
            time = parts.clock.uptime_text(samples.time(row))
            yield "[%s,%s]" % (time, parts.readings.row_json(samples, row))
        row += 1
