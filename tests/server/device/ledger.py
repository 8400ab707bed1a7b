"""Counts what the server does in each step and notes every breach of the contract's "Each step".

`next(server)` does at most one accept and, for each open connection, one recv or one send of at
most one buffer, or one handler call.
"""

SEGMENT = 1460  # bytes of one TCP segment; more in one send is unsafe on the board
_KEPT = 20  # breaches kept: enough to see what is wrong


class Ledger:
    def __init__(self):
        self.steps = 0
        self.handled = 0  # handler calls in all
        self.connections = 0  # open now
        self.taken = 0  # bytes that the system took to send
        self.violations = []
        self._accepts = 0
        self._operations = {}  # connection number -> operations of this step
        self._handled_now = 0
        self._connections_seen = 0  # the most that were open at once during this step

    def begin_step(self):
        self.steps += 1
        self._accepts = 0
        self._handled_now = 0
        self._operations = {}
        self._connections_seen = self.connections

    def end_step(self):
        operations = 0
        for number in self._operations:
            done = self._operations[number]
            operations += len(done)
            if len(done) > 1:
                self.violation("one connection did " + " and ".join(done))
        if self._accepts > 1:
            self.violation("{} calls of accept".format(self._accepts))
        if operations + self._handled_now > self._connections_seen:
            self.violation(
                "{} transfers and {} handler calls with {} connections".format(
                    operations, self._handled_now, self._connections_seen
                )
            )

    def violation(self, text):
        if len(self.violations) < _KEPT:
            self.violations.append("step {}: {}".format(self.steps, text))

    def accept_called(self):
        self._accepts += 1

    def opened(self):
        self.connections += 1
        self._connections_seen += 1

    def closed(self):
        self.connections -= 1

    def received(self, number):
        self._operations.setdefault(number, []).append("recv")

    def sent(self, number, size):
        self._operations.setdefault(number, []).append("send")
        if size > SEGMENT:
            self.violation("{} bytes handed to one send".format(size))

    def handler_called(self):
        self.handled += 1
        self._handled_now += 1
