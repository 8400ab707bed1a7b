"""Where and how is measured."""

from dataclasses import dataclass

from .files import Files
from .plan import Plan


@dataclass(frozen=True)
class Setting:
    """progress: has step(text), which tells what is done now. vm: the interpreter, where one is asked for."""

    plan: Plan
    files: Files
    progress: object
    vm: str = "micropython"
