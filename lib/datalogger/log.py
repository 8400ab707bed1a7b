"""What happened: a bounded list of messages in memory."""

from traceback import format_exception

from micropython import const

LEVELS = ("debug", "info", "warning", "error")
_MOST_ENTRIES = const(40)
_MOST_CHARACTERS = const(4000)
_LONGEST_TEXT = const(900)


class Log:
    """The latest messages, oldest dropped first: at most 40 of together 4000 characters.

    An entry is a tuple (number, tenths since start, level as an index of LEVELS, text). Numbers
    grow by one and are never used twice, also not after clear().
    """

    def __init__(self, clock, echo=print):
        """echo: function that also shows each message, for example on the serial console."""
        self._clock = clock
        self._echo = echo
        self._entries = []
        self._characters = 0
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
        trace = "".join(format_exception(error)).strip()
        if len(trace) > _LONGEST_TEXT - 100:  # its end says most
            trace = "..." + trace[100 - _LONGEST_TEXT :]
        self._add(3, text + "\n" + trace)

    def _add(self, level, text):
        if level == 3:
            self.errors += 1
        if level < self._threshold:
            return
        text = text[:_LONGEST_TEXT]
        if self._echo:
            self._echo("%s %s: %s" % (self._clock.uptime_text(), LEVELS[level], text))
        entries = self._entries
        entries.append((self.next, self._clock.tenths, level, text))
        self.next += 1
        self._characters += len(text)
        while len(entries) > _MOST_ENTRIES or self._characters > _MOST_CHARACTERS:
            self._characters -= len(entries.pop(0)[3])

    def entries(self, since=0):
        """The entries with number >= since, oldest first (a generator)."""
        for entry in tuple(self._entries):
            if entry[0] >= since:
                yield entry

    def line(self, entry):
        """An entry as one line of text (a traceback has more), ending in a newline."""
        _, tenths, level, text = entry
        clock = self._clock
        when = clock.iso(tenths) if clock.is_set() else clock.uptime_text(tenths) + " s"
        return "%s %s %s\n" % (when, LEVELS[level], text)

    def clear(self):
        """Forget all entries; returns the number of the next one."""
        self._entries.clear()
        self._characters = 0
        return self.next
