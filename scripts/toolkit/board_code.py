"""Modules of the board that the computer uses as they are, so that both do the same."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path


def load(file: Path):
    """Import a module that imports no others of the board from its file, without making lib/ importable."""
    spec = spec_from_file_location(file.stem, file)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
