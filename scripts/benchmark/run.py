"""A run of the benchmark, from the options to the report."""

import datetime
import importlib.metadata
import json
import os
import platform
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from simulator.process import interpreter_is_available
from toolkit.errors import ToolkitError

from . import contenders, crowd, faults, memory, modules, rates, tables
from .device import work
from .server_process import ServerError
from .topic import Setting

TOPICS = {module.TOPIC.name: module.TOPIC for module in (rates, crowd, memory, faults)}


def run(arguments):
    """Measure and print what the options say; ToolkitError when they ask for what isn't there."""
    if not interpreter_is_available("micropython"):
        raise ToolkitError("PyPI has no MicroPython for this system")
    console = Console(highlight=False)
    chosen = _choose_contenders(arguments, console)
    _check_names("--measure", arguments.measure, TOPICS)
    topics = [TOPICS[name] for name in arguments.measure or TOPICS]
    for file in (arguments.json, arguments.markdown):
        if file and not file.absolute().parent.is_dir():
            raise ToolkitError(f"there is no folder {file.absolute().parent}")
    modules.prepare(chosen)
    data = random.Random(1).randbytes(work.FILE_SIZE)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, console.status("") as status:
        (Path(folder) / work.FILE_NAME).write_bytes(data)
        setting = Setting(arguments.quick, Path(folder), data)
        results = {topic.name: _measure(topic, chosen, setting, status) for topic in topics}
    text = tables.document(topics, results, _introduction(chosen))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if arguments.markdown:
        arguments.markdown.write_text(text, encoding="utf-8")
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        print(text, end="")


def _measure(topic, chosen, setting, status):
    """{name: [figures of a round]}; the rounds go round all servers, so that all see the same weather."""
    found = {contender.name: [] for contender in chosen}
    for number in range(setting.choose(*topic.rounds)):
        turn = number % len(chosen)
        for contender in chosen[turn:] + chosen[:turn]:
            status.update(f"{topic.name}, round {number + 1}: {contender.name}")
            found[contender.name].append(_figures(topic, contender, setting))
    return found


def _figures(topic, contender, setting):
    """The figures of a round with a Pico W's heap; when a server fails with that, with four times as much."""
    larger = replace(setting, heap=4 * setting.heap)
    try:
        try:
            return topic.measure(contender, setting)
        except ServerError:
            found = topic.measure(contender, larger)
    except ServerError as error:
        return {"problem": str(error)}
    sizes = setting.heap >> 10, larger.heap >> 10
    return {**found, "problem": "failed with %d KB of heap and was given %d KB" % sizes}


def _choose_contenders(arguments, console):
    known = contenders.known()
    for text in arguments.library:
        added = contenders.from_option(text, known)
        known[added.name] = added
    _check_names("--only", arguments.only, known)
    chosen = []
    for name, contender in known.items():
        missing = contender.missing()
        if arguments.only and name not in arguments.only:
            continue
        if missing:
            console.print(f"{name} is left out: {missing} isn't there for this Python.")
        else:
            chosen.append(contender)
    if not chosen:
        raise ToolkitError("no server is left to measure")
    return chosen


def _check_names(option, names, known):
    for name in names or ():
        if name not in known:
            raise ToolkitError(f"{option}: {name!r} is none of {', '.join(known)}")


def _introduction(chosen):
    versions = "".join(
        f", {contender.name} {importlib.metadata.version(contender.distribution)}"
        for contender in chosen
        if contender.distribution
    )
    date = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    return (
        f"Measured on {date} by `{' '.join(['bench.py', *sys.argv[1:]])}` on {platform.system()} "
        f"{platform.machine()} with {os.cpu_count()} processors{versions}. All servers run in MicroPython "
        "1.28, from bytecode, behind sockets with the limits of a Pico W. Times belong to that machine; ratios and "
        "counts carry over to a board. Bold marks this library, and the best server of each row.\n\n"
        "`python3 scripts/bench.py` measures all of it again in some minutes, with `--quick` roughly in a minute; "
        "the last section lists each figure in which another server is ahead."
    )
