"""A recording that was begun without a clock, with the times of day of its rows."""

from micropython import const

from .. import file_system
from ..clock import iso_time
from ..on_demand import on_demand

dates = on_demand("dates")

_MAX_LINE = const(512)  # bytes
_READ_BYTES = const(256)  # at once
_LOCAL_TIME = const(19)  # characters of an ISO 8601 time before its offset


def texts(recordings, name):
    """The recording as texts (a generator); its first line must tell when its run began."""
    left = recordings.end(name) or 0
    file = on_demand("open_recording").Guarded(recordings.path(name), recordings, name)
    try:
        header = file.readline(_MAX_LINE)
        start = dates.start_in(header)
        zone = dates.zone_in(header)
        offset_s = dates.offset_of(zone)
        yield "time (UTC%s)%s" % (zone.decode(), header[header.find(b",") :].decode())
        left -= len(header)
        rest = b""
        view = memoryview(file_system.sector)
        while left > 0:
            count = file.readinto(view[: min(left, _READ_BYTES)])
            if not count:
                raise OSError(2)  # ENOENT: the client must not take this for the end
            left -= count
            lines = (rest + bytes(view[:count])).split(b"\n")
            rest = lines.pop()[: 2 * _MAX_LINE]
            for line in lines:
                yield _dated(line.decode(), start, offset_s) + "\n"
        if rest:
            yield rest.decode()
    finally:
        file.close()


def _dated(line, start, offset_s):
    """The line with a time of day in the place of its seconds since the start."""
    begin = line[:7] if line.startswith("# note ") else ""
    mark = " " if begin else ","
    time, _, rest = line[len(begin) :].partition(mark)
    whole = time.partition(".")[0]
    if not whole.isdigit():
        return line
    when = iso_time(start + int(whole), offset_s)[:_LOCAL_TIME].replace("T", " ")
    return begin + when + mark + rest
