"""A recording that was begun without a clock, with the times of day of its rows."""

from micropython import const

from ..clock import iso_time
from ..on_demand import on_demand

dates = on_demand("dates")

_BUFFER_BYTES = const(512)
_LOCAL_TIME = const(19)  # characters of an ISO 8601 time before its offset


def texts(recordings, name):
    """The recording as texts (a generator); its first line must tell when its run began."""
    buffer = bytearray(_BUFFER_BYTES)
    left = recordings.end(name, buffer) or 0
    file = on_demand("open_recording").Guarded(recordings.path(name), recordings, name)
    try:
        header = file.readline(_BUFFER_BYTES)
        start = dates.start_in(header)
        zone = dates.zone_in(header)
        offset_s = dates.offset_of(zone)
        yield "time (UTC%s)%s" % (zone.decode(), header[header.find(b",") :].decode())
        left -= len(header)
        rest = b""
        while left > 0:
            count = file.readinto(memoryview(buffer)[: min(left, _BUFFER_BYTES)])
            if not count:
                raise OSError(2)  # ENOENT: the client must not take this for the end
            left -= count
            lines = (rest + bytes(memoryview(buffer)[:count])).split(b"\n")
            rest = lines.pop()[: 2 * _BUFFER_BYTES]
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
