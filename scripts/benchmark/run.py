"""A run of the benchmark, from the options to the reports."""

import dataclasses
import datetime
import importlib.metadata
import json
import os
import platform
import sys
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from . import (
    contenders,
    faults,
    instructions,
    latency,
    memory,
    modules,
    rates,
    report_markdown,
    report_terminal,
    steps,
    tables,
)
from .files import Files
from .plan import FULL, MEASURES, QUICK
from .server_process import why_not
from .setting import Setting

_DISTRIBUTIONS = {
    "biplane": "biplane",
    "adafruit_httpserver": "adafruit-circuitpython-httpserver",
    "microdot": "microdot",
    "chumicro": "chumicro-http-server",
}
_IN_EACH_VM = {
    "rates": rates.measure,
    "latency": latency.measure,
    "steps": steps.measure_steps,
    "frames": steps.measure_frames,
}
_WIDTH_OF_FILES = 140  # where no terminal says how wide it is


class UsageError(Exception):
    """The options ask for what isn't there."""


def run(arguments):
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH_OF_FILES)
    if arguments.list:
        _list(console)
        return
    chosen = _choose_contenders(arguments, console)
    measures = _choose_measures(arguments)
    vms = _choose_vms(arguments, console)
    for file in (arguments.json, arguments.markdown):
        if file and not file.absolute().parent.is_dir():
            raise UsageError(f"there is no folder {file.absolute().parent}")
    try:
        modules.prepare(chosen)
    except modules.CompileError as error:
        raise UsageError(f"not for MicroPython: {error}") from error
    results = {"about": _about(arguments, chosen)}
    with Files() as files, _progress(console) as progress:
        setting = Setting(QUICK if arguments.quick else FULL, files, progress)
        if arguments.instructions:
            results["instructions"] = instructions.measure(chosen, setting)
        else:
            _measure(measures, chosen, vms, setting, results)
    shown = tables.build(results)
    report_terminal.show(console, shown)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if arguments.markdown:
        text = report_markdown.render(shown, results["about"])
        arguments.markdown.write_text(text, encoding="utf-8")


def _measure(measures, chosen, vms, setting, results):
    # In a hurry the second interpreter gets the rates only.
    others = vms[-1:] if setting.plan.one_interpreter else vms
    for name, measure in _IN_EACH_VM.items():
        if name in measures:
            these = vms if name == "rates" else others
            results[name] = {
                vm: measure(chosen, dataclasses.replace(setting, vm=vm)) for vm in these
            }
    if "memory" in measures and "micropython" in vms:
        results["memory"] = memory.measure(chosen, setting)
    if "faults" in measures:
        results["faults"] = faults.measure(chosen, others, setting)


def _list(console):
    for contender in contenders.known().values():
        console.print(f"{contender.name:22}{contender.note}".rstrip())
    console.print()
    for name, text in MEASURES.items():
        console.print(f"{name:22}{text}")


def _choose_contenders(arguments, console):
    known = contenders.known()
    for text in arguments.library:
        try:
            name, file = contenders.parse_library(text)
        except ValueError as error:
            raise UsageError(f"--library: {error}") from error
        if name in known:
            raise UsageError(f"--library: the name {name!r} is given twice")
        known[name] = contenders.from_file(name, file)
    _check_names("--only", arguments.only, known)
    chosen = []
    for contender in known.values():
        if arguments.only and contender.name not in arguments.only:
            continue
        missing = contender.missing()
        if missing:
            console.print(f"{contender.name} is left out: {missing} isn't there for this Python.")
        else:
            chosen.append(contender)
    if not chosen:
        raise UsageError("no server is left to measure")
    return chosen


def _choose_measures(arguments):
    _check_names("--measure", arguments.measure, MEASURES)
    return arguments.measure or list(MEASURES)


def _choose_vms(arguments, console):
    if arguments.instructions:
        reason = instructions.why_not() or why_not("micropython")
        if reason:
            raise UsageError(f"--instructions: {reason}")
    vms = [arguments.vm] if arguments.vm else list(contenders.VMS)
    for vm in list(vms):
        reason = why_not(vm)
        if reason:
            console.print(f"Without {vm}: {reason}.")
            vms.remove(vm)
    if not vms:
        raise UsageError("no interpreter is left")
    return vms


def _check_names(option, names, known):
    for name in names or ():
        if name not in known:
            raise UsageError(f"{option}: {name!r} is none of {', '.join(known)}")


def _about(arguments, chosen):
    versions = {}
    for contender in chosen:
        if contender.name in _DISTRIBUTIONS:
            versions[contender.name] = importlib.metadata.version(_DISTRIBUTIONS[contender.name])
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "command": " ".join(["bench.py", *sys.argv[1:]]),
        "system": f"{platform.system()} {platform.machine()} with {os.cpu_count()} processors",
        "python": platform.python_version(),
        "quick": arguments.quick,
        "versions": versions,
    }


class _Steps:
    def __init__(self, progress):
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def step(self, text):
        """Tell what is done now."""
        self._progress.update(self._task, description=text)


@contextmanager
def _progress(console):
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Steps(progress)
