"""The latest samples, kept in memory for the chart and until they are on the drive."""

from array import array

from micropython import const

_BYTES = const(1920)  # of all rows: 120 with three sensors, two hours at one a minute


class Samples:
    """A ring of rows (time, values), allocated once. Each row has a number that grows by one per
    sample: `added` is the next row's, `written` that of the first row that is not on the drive yet.
    `dropped` counts the rows that were overwritten before they were written."""

    def __init__(self, columns, capacity=0):
        """columns: how many values a row has; capacity: rows, 0 for as many as the memory meant
        for them takes."""
        self.columns = columns
        self.capacity = capacity = capacity or _BYTES // (4 + 4 * columns)
        self._times = array("I", bytes(4 * capacity))
        self._values = array("i", bytes(4 * capacity * columns))
        self.added = self.written = self.dropped = 0

    def add(self, tenths, values):
        """A row: uptime in tenths of a second, and the array of a value for each column that Readings
        keeps."""
        slot = self.added % self.capacity
        self._times[slot] = tenths
        at = slot * self.columns
        self._values[at : at + self.columns] = values
        self.added += 1
        if self.pending() > self.capacity:
            self.written += 1
            self.dropped += 1

    def pending(self):
        """How many rows wait to be written."""
        return self.added - self.written

    def time(self, row):
        """Uptime of a row in tenths of a second."""
        return self._times[row % self.capacity]

    def value(self, row, column):
        """A value of a row; NOTHING when the sensor failed."""
        return self._values[row % self.capacity * self.columns + column]
