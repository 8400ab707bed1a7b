"""Dates and times as numbers."""


def day_number(year, month, day):
    """Days from 1970-01-01 to that day of the Gregorian calendar; the month is 1 to 12."""
    if month < 3:  # years that begin in March end with the day that not all of them have
        year -= 1
        month += 12
    days = 365 * year + year // 4 - year // 100 + year // 400
    return days + (153 * month - 457) // 5 + day - 719469


def epoch_of(text):
    """Seconds since 1970-01-01 of bytes such as b"2026-11-29 06:35:26", or of the day alone, as if
    they were UTC. Raises ValueError."""
    seconds = day_number(int(text[:4]), int(text[5:7]), int(text[8:10])) * 86400
    if len(text) > 10:
        seconds += int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19])
    return seconds


def offset_of(text):
    """Seconds east of UTC of bytes such as b"+01:00". Raises ValueError."""
    offset = int(text[1:3]) * 3600 + int(text[4:6]) * 60
    return -offset if text[:1] == b"-" else offset


def start_in(header):
    """Seconds since 1970 of the start of the run that a recording without a clock is of, as its
    first line tells it (bytes); None where it doesn't. Raises ValueError."""
    first = bytes(header).split(b",")[0]
    when = first.partition(b" since ")[2]
    return epoch_of(when[:19]) - offset_of(zone_in(first)) if when else None


def zone_in(header):
    """The offset of the times of a recording to UTC, such as b"+01:00", as its first line tells it;
    b"" where each time has its own."""
    return bytes(header).split(b",")[0].partition(b"(UTC")[2].partition(b")")[0]
