"""Attacks a board while a person looks at its pages, and compares it before and after."""

import time
from dataclasses import dataclass, field

from . import attacks
from .visits import Person, Waited

_PREPARATION_S = 3  # for each
PATIENCE_S = 3  # a person waits no longer for an answer
# Some requests fill the memory; one object of theirs may stay in the middle of it.
LARGEST_PIECE_SHARE = 0.5


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
        board.use_every_place(path)
    cases = attacks.probes.SCANNER + attacks.probes.OVERSIZED[:3]
    attacks.Strange(board.port, "preparation", cases, _PREPARATION_S).run()
