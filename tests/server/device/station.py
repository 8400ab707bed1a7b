"""The server under test, stepped one `next` at a time."""

import gc
import sys
from traceback import format_exception

import supervisor
from ledger import Ledger

ADDRESS = ("127.0.0.1", 0)


class Station:
    """make_pool(ledger) makes the sockets, make_app(ledger, files, **options) the Server.

    A Server that has a method `serve`, like those of programs, is run by it: a generator that gets
    the pool and the address.
    """

    def __init__(self, make_pool, files, make_app, connections=5, **options):
        self.ledger = Ledger()
        self.pool = make_pool(self.ledger)
        self.app = make_app(self.ledger, files, **options)
        if hasattr(self.app, "serve"):
            self.steps = self.app.serve(self.pool, ADDRESS)
        else:
            self.steps = self._serve(connections)
        self.raised = None
        self.busy = None  # what the last step yielded
        self.step(1)  # the first one binds

    def _serve(self, connections):
        with self.pool.socket() as listener:
            yield from self.app.start(
                listener, listen_on=ADDRESS, max_parallel_connections=connections
            )

    def step(self, count):
        """Let the server run this many steps; an exception that it raises is kept in `raised`."""
        for _ in range(count):
            if self.raised:
                return
            self.ledger.begin_step()
            try:
                self.busy = next(self.steps)
            except Exception as error:  # noqa: BLE001 - the tests look for any
                self.raised = "".join(format_exception(error))
            self.ledger.end_step()

    def advance(self, milliseconds):
        supervisor.advance(milliseconds)

    def report(self):
        """What the tests look at, as data that JSON can carry."""
        return {
            "raised": self.raised,
            "steps": self.ledger.steps,
            "handled": self.ledger.handled,
            "connections": self.ledger.connections,
            "taken": self.ledger.taken,
            "violations": self.ledger.violations,
            "generators_open": getattr(self.app, "generators_open", 0),
            "last_upload": getattr(self.app, "last_upload", None),
            "messages": getattr(self.app, "messages", []),
            "closed": self.app.closed_connections,
            "asked": getattr(self.app, "asked", []),
            "busy": self.busy,
        }

    def memory(self):
        """What is in use once the garbage is collected: bytes in MicroPython, else blocks."""
        gc.collect()
        return gc.mem_alloc() if hasattr(gc, "mem_alloc") else sys.getallocatedblocks()

    def forget(self):
        """Drop what the report has gathered so far."""
        self.ledger.violations.clear()
        if hasattr(self.app, "messages"):
            self.app.messages.clear()
            self.app.asked.clear()
            self.app.last_upload = None

    def let(self, name, value):
        """Set what one of the app's hooks returns, or let the server forget what it can."""
        if name == "forget":
            self.app.forget()
        else:
            setattr(self.app, name, value)
