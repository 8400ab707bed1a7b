"""What happened: a bounded list of messages in memory."""

import struct
from traceback import format_exception

from micropython import const

LEVELS = ("debug", "info", "warning", "error")
_MAX_ENTRIES = const(40)
_MAX_BYTES = const(2200)  # for 40 messages of together 1920 bytes in UTF-8
_MAX_TEXT = const(540)  # characters, which may have four bytes each
_MAX_DESCRIPTION = const(120)  # characters of an error's message
_HEAD = "<IBH"  # before each text: tenths since start, level, bytes of the text
_HEAD_BYTES = const(7)


def described(error):
    """An exception in a few words: its class, and its message where it has one."""
    name = type(error).__name__
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - an error may fail to describe itself
        text = ""
    return "%s: %s" % (name, text[:_MAX_DESCRIPTION]) if text else name


class Log:
    """The latest messages, oldest dropped first: at most 40 of together 1920 bytes.

    An entry is a tuple (number, tenths since start, level as an index of LEVELS, text). Numbers
    grow by one and are never used twice, also not after clear(). They lie one after the other in
    one buffer that is allocated at the start: messages allocated one by one, and kept for hours,
    would break the heap into small pieces.
    """

    def __init__(self, clock, echo=print):
        """echo: function that also shows each message, for example on the serial console."""
        self._clock = clock
        self._echo = echo
        self._kept = bytearray(_MAX_BYTES)
        self._end = 0  # of the used bytes in it
        self._first = 0  # number of the oldest entry
        self._threshold = 1
        self.next = 0
        self.errors = 0

    def set_level(self, name):
        """Keep messages from this level (a name in LEVELS) upwards."""
        self._threshold = LEVELS.index(name)

    def debug(self, text):
        """Something only a developer wants to know."""
        self._add(0, text)

    def info(self, text):
        """Something that went as it should."""
        self._add(1, text)

    def warning(self, text):
        """Something that people should look at; the board carries on."""
        self._add(2, text)

    def error(self, text):
        """Something that failed."""
        self._add(3, text)

    def failure(self, text, error):
        """Something that failed with an exception: its traceback is kept too."""
        try:
            trace = "".join(format_exception(error)).strip()
        except Exception:  # noqa: BLE001 - an error may fail to describe itself
            trace = type(error).__name__
        if len(trace) > _MAX_TEXT - 100:  # its end says most
            trace = "..." + trace[100 - _MAX_TEXT :]
        self._add(3, text + "\n" + trace)

    def _add(self, level, text):
        if level == 3:
            self.errors += 1
        if level < self._threshold:
            return
        text = _plain(text[:_MAX_TEXT])
        if self._echo:
            self._echo("%s %s: %s" % (self._clock.uptime_text(), LEVELS[level], text))
        content = text.encode()
        needed = _HEAD_BYTES + len(content)
        while self.next - self._first >= _MAX_ENTRIES or self._end + needed > _MAX_BYTES:
            self._drop_oldest()
        struct.pack_into(_HEAD, self._kept, self._end, self._clock.tenths, level, len(content))
        self._kept[self._end + _HEAD_BYTES : self._end + needed] = content
        self._end += needed
        self.next += 1

    def _drop_oldest(self):
        size = _HEAD_BYTES + struct.unpack_from(_HEAD, self._kept, 0)[2]
        kept = memoryview(self._kept)
        kept[: self._end - size] = kept[size : self._end]
        self._end -= size
        self._first += 1

    def entries(self, since=0):
        """The entries with number >= since, oldest first (a generator). It includes entries that
        are added meanwhile, and leaves out those that are dropped."""
        number = max(since, self._first)
        while number < self.next:
            at = 0
            for _ in range(number - self._first):
                at += _HEAD_BYTES + struct.unpack_from(_HEAD, self._kept, at)[2]
            tenths, level, length = struct.unpack_from(_HEAD, self._kept, at)
            at += _HEAD_BYTES
            yield number, tenths, level, str(memoryview(self._kept)[at : at + length], "utf-8")
            number = max(number + 1, self._first)

    def line(self, entry):
        """An entry as one line of text (a traceback has more), ending in a newline."""
        _, tenths, level, text = entry
        clock = self._clock
        when = clock.iso(tenths) if clock.is_set() else clock.uptime_text(tenths) + " s"
        return "%s %s %s\n" % (when, LEVELS[level], text)

    def clear(self):
        """Forget all entries; returns the number of the next one."""
        self._first = self.next
        self._end = 0
        return self.next


def _plain(text):
    """The text without control characters but line ends: terminals obey them."""
    for character in text:
        if character < " " and character != "\n" or "\x7f" <= character < "\xa0":
            text = text.replace(character, "?")
    return text
