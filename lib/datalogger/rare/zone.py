"""Time zones as POSIX writes them (IEEE 1003.1, section 8.3), such as CET-1CEST,M3.5.0,M10.5.0/3."""

import time

from micropython import const

from ..on_demand import on_demand

dates = on_demand("dates")

_DAY_S = const(86400)
_TWO_O_CLOCK = const(7200)


def at(rule, epoch):
    """(offset east of UTC in seconds, seconds since 1970 of its next change or None) at that time.
    Raises ValueError where the rule can't be read."""
    try:
        return _at(rule, epoch)
    except IndexError:
        raise ValueError("%s is no time zone." % rule)


def _at(rule, epoch):
    parts = rule.split(",")
    names = parts[0]
    place = _after_name(names, 0)
    offset, place = _seconds(names, place)
    standard = -offset  # POSIX counts west of Greenwich
    if place == len(names):
        return standard, None
    summer = standard + 3600
    place = _after_name(names, place)
    if place < len(names):
        offset, place = _seconds(names, place)
        summer = -offset
    year = time.localtime(epoch + standard)[0]
    changes = []  # seconds since 1970, and the offset from then on
    for one in (year - 1, year, year + 1):
        changes.append((_change(parts[1], one) - standard, summer))
        changes.append((_change(parts[2], one) - summer, standard))
    changes.sort()
    offset = standard
    for when, next_offset in changes:
        if when > epoch:
            return offset, when
        offset = next_offset
    raise ValueError("%s has no next change." % rule)


def _after_name(text, place):
    """The place behind the name of a zone: letters, or anything within < and >."""
    if text[place] == "<":
        return text.index(">", place) + 1
    begin = place
    while place < len(text) and text[place].isalpha():
        place += 1
    if place == begin:
        raise ValueError("%s lacks a name." % text)
    return place


def _seconds(text, place=0):
    """(seconds of a time such as -3:30 from that place on, the place behind it)."""
    end = place
    while end < len(text) and text[end] in "+-:0123456789":
        end += 1
    sign = -1 if text[place] == "-" else 1
    seconds = 0
    unit = 3600
    for part in text[place:end].lstrip("+-").split(":"):
        seconds += int(part) * unit
        unit //= 60
    return sign * seconds, end


def _change(rule, year):
    """Seconds from 1970 to a change such as M10.5.0/3 in that year, in the local time before it."""
    date, _, clock = rule.partition("/")
    month, week, weekday = [int(number) for number in date[1:].split(".")]
    if date[0] != "M" or not (0 < month < 13 and 0 < week < 6 and weekday < 7):
        raise ValueError("%s is no rule of the form M10.5.0/3." % rule)
    first = dates.day_number(year, month, 1)
    day = first + (weekday - first - 4) % 7 + 7 * (week - 1)  # 1970-01-01 was a Thursday
    following = dates.day_number(year + month // 12, month % 12 + 1, 1)
    while day >= following:  # week 5 is the last one
        day -= 7
    return day * _DAY_S + (_seconds(clock)[0] if clock else _TWO_O_CLOCK)
