"""A run of the benchmark, from the options to the report."""

import datetime
import importlib.metadata
import json
import os
import platform
import random
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from simulator.process import interpreter_is_available

from . import contenders, crowd, faults, instructions, memory, modules, rates, tables
from .device import work
from .server_process import ServerError
from .topic import Setting

TOPICS = {module.TOPIC.name: module.TOPIC for module in (rates, crowd, memory, faults)}
_MAX_PROBLEMS = 2  # rounds; then a server is left alone


class UsageError(Exception):
    """The options ask for what isn't there."""


def run(arguments):
    console = Console(highlight=False)
    if not interpreter_is_available("micropython"):
        raise UsageError("PyPI has no MicroPython for this system")
    chosen = _choose_contenders(arguments, console)
    topics = _choose_topics(arguments)
    for file in (arguments.json, arguments.markdown):
        if file and not file.absolute().parent.is_dir():
            raise UsageError(f"there is no folder {file.absolute().parent}")
    try:
        modules.prepare(chosen)
    except modules.CompileError as error:
        raise UsageError(f"not for MicroPython: {error}") from error
    data = random.Random(1).randbytes(work.FILE_SIZE)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, console.status("") as status:
        (Path(folder) / work.FILE_NAME).write_bytes(data)
        setting = Setting(arguments.quick, Path(folder), data, status.update)
        results = {topic.name: _measure(topic, chosen, setting) for topic in topics}
    text = tables.document(topics, results, _introduction(chosen))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if arguments.markdown:
        arguments.markdown.write_text(text, encoding="utf-8")
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        print(text, end="")


def _measure(topic, chosen, setting):
    """{name: [figures of a round]}; the rounds go round all servers, so that all see the same weather."""
    found = {contender.name: [] for contender in chosen}
    for number in range(setting.choose(*topic.rounds)):
        turn = number % len(chosen)
        for contender in chosen[turn:] + chosen[:turn]:
            setting.tell(f"{topic.name}, round {number + 1}: {contender.name}")
            rounds = found[contender.name]
            if sum("failed" in figures for figures in rounds) >= _MAX_PROBLEMS:
                rounds.append({})
                continue
            try:
                rounds.append(topic.measure(contender, setting))
            except ServerError as error:
                rounds.append({"problem": str(error), "failed": True})
    return found


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
    for name, contender in known.items():
        missing = contender.missing()
        if arguments.only and name not in arguments.only:
            continue
        if missing:
            console.print(f"{name} is left out: {missing} isn't there for this Python.")
        else:
            chosen.append(contender)
    if not chosen:
        raise UsageError("no server is left to measure")
    return chosen


def _choose_topics(arguments):
    if arguments.instructions:
        reason = instructions.why_not()
        if reason:
            raise UsageError(f"--instructions: {reason}")
        return [instructions.TOPIC]
    _check_names("--measure", arguments.measure, TOPICS)
    return [TOPICS[name] for name in arguments.measure or TOPICS]


def _check_names(option, names, known):
    for name in names or ():
        if name not in known:
            raise UsageError(f"{option}: {name!r} is none of {', '.join(known)}")


def _introduction(chosen):
    versions = [
        f"{contender.name} {importlib.metadata.version(contender.distribution)}"
        for contender in chosen
        if contender.distribution
    ]
    date = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    return (
        f"Measured on {date} by `{' '.join(['bench.py', *sys.argv[1:]])}` on {platform.system()} "
        f"{platform.machine()} with {os.cpu_count()} processors: {', '.join(versions)}. All servers run in MicroPython "
        "1.28, from bytecode, behind sockets with the limits of a Pico W. Times belong to that machine; ratios and "
        "counts carry over to a board. Bold marks this library, and the best server of each column.\n\n"
        "`python3 scripts/bench.py` measures all of it again in a quarter of an hour, with `--quick` roughly in a minute; "
        "the last section lists each figure in which another server is ahead."
    )
