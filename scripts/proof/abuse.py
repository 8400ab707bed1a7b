"""Attacks a board while a person looks at its pages, and compares it before and after."""

import time
from dataclasses import dataclass, field

from . import attacks
from .visits import Person, Waited

PATIENCE_S = 2  # in which a person wants an answer


@dataclass
class Attacked:
    """What became of an attack."""

    name: str
    did: str = ""
    seconds: float = 0
    waited: Waited = field(default_factory=Waited)
    problems: list = field(default_factory=list)


def attack(board, one) -> Attacked:
    """Let one of the attacks happen while a person looks at the pages."""
    result = Attacked(one.name)
    start = time.monotonic()
    with Person(board.port) as person:
        try:
            result.did = one.run()
        except RuntimeError as error:
            result.problems.append(str(error))
    result.seconds = time.monotonic() - start
    result.waited = person.waited
    result.problems += person.waited.problems
    if board.status != "running":
        result.problems.append(f"the board is in the state {board.status!r}")
    return result


def prepare(board):
    """Ask for whatever keeps memory once it was asked for."""
    for path in ("/", "/api/status", "/api/files", "/api/history", "/api/log", "/metrics"):
        board.visitor.get(path)
    for name, content in attacks.probes.SCANNER + attacks.probes.OVERSIZED[:3]:
        attacks.visits.talk(board.port, content)


def differences(before, after, memory_share=0.02):
    """How a board's Condition after the attacks differs from that before, in sentences."""
    found = []
    for name in ("free", "largest"):
        old, new = getattr(before, name), getattr(after, name)
        if new < old * (1 - memory_share):
            found.append(f"memory: {name} {old} -> {new} bytes")
    if after.descriptors > before.descriptors:
        found.append(f"{before.descriptors} -> {after.descriptors} files and sockets are open")
    gone, new = before.files - after.files, after.files - before.files
    new = {name for name in new if not name.startswith("data/")}  # recording goes on
    if gone or new:
        found.append(f"files gone: {sorted(gone)}, new: {sorted(new)}")
    if after.errors > before.errors:
        found.append(f"{after.errors - before.errors} errors were logged")
    return found
