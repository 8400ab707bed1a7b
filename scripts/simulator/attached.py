"""Sensors and a clock chip that are chosen in the settings of a simulated board, and models of
them."""

import re
from pathlib import Path

_MODELS = Path(__file__).resolve().parent / "chips"
_LINE = re.compile(r'^SENSORS *= *"([^"\n]*)".*$', re.MULTILINE)
_CHOSEN = re.compile(r'^(?:SENSORS|RTC_CHIP) *= *"([^"\n]*)"', re.MULTILINE)
_CLOCKS = ("ds3231",)  # of which there is a model
_NO_MODELS = ("__init__", "chip", *_CLOCKS)  # not of sensors


def kinds():
    """The kinds of which there are models."""
    return sorted(file.stem for file in _MODELS.glob("*.py") if file.stem not in _NO_MODELS)


def choose(settings, items, template):
    """Choose these sensors, and the chip itself, in a settings.toml, which is made of the template
    where there is none."""
    old = settings.read_text("utf-8") if settings.is_file() else template.decode()
    line = f'SENSORS = "{" ".join(["chip", *items])}"'
    new = _LINE.sub(line, old) if _LINE.search(old) else f"{old.rstrip()}\n{line}\n"
    settings.write_text(new, "utf-8")


def chosen(settings):
    """Those of the chosen sensors and clocks of which there is a model."""
    text = settings.read_text("utf-8", "replace") if settings.is_file() else ""
    items = " ".join(_CHOSEN.findall(text)).split()
    return [item for item in items if item.partition(":")[0] in (*kinds(), *_CLOCKS)]
