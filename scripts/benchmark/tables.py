"""The results as tables: the same for the terminal and for Markdown."""

from .comparison import HIGHER, LOWER, Column, Table, ratios
from .contenders import LIMIT, NOTHING, OWN
from .enough_heap import LARGE_HEAP, heap_note
from .server_process import HEAP

_VM_TITLES = {"cpython": "CPython", "micropython": "MicroPython"}
_ROUNDS = "Median of the rounds (where half of them lie; all, when fewer than five)."
_REQUESTS = {
    "new": "new connection",
    "kept": "keep-alive",
    "file": "30 KB file",
    "file_kept": "file, keep-alive",
    "post": "8 KB POST",
}


def build(results):
    """Tables of whatever was measured."""
    tables = []
    for vm, found in results.get("rates", {}).items():
        tables += _rates(vm, found)
    for key, make in (("latency", _latency), ("steps", _steps), ("frames", _frames)):
        tables += [make(_VM_TITLES[vm], found) for vm, found in results.get(key, {}).items()]
    if "memory" in results:
        tables.append(_memory(results["memory"]))
    if "instructions" in results:
        tables.append(_instructions(results["instructions"]))
    tables += [_faults(_VM_TITLES[vm], found) for vm, found in results.get("faults", {}).items()]
    return tables


def _rates(vm, found):
    rates = found["rates"]
    names = list(rates["new"])
    note = (
        f"{_ROUNDS} More is better; no entry: it can't. The limit sends one TCP segment "
        "a step, as is safe on a board; a server that reads a file whole and sends more at once can be ahead of it."
    )
    note += "".join(f" {sentence}." for sentence in found["problems"].values())
    tables = []
    for base, title, style in (
        (LIMIT, "share of the limit", "{:.0%}"),
        (OWN, "this library is 1", "{:.2f}"),
    ):
        if base not in names:
            continue
        columns = []
        for kind, column_title in _REQUESTS.items():
            column = Column(column_title, HIGHER)
            for name in names:
                column.put(name, ratios(rates[kind][name], rates[kind][base]), style.format)
            columns.append(column)
        title = f"Requests per second, {_VM_TITLES[vm]}: {title}"
        tables.append(Table(title, note, names, columns, tells_losses=base == OWN))
    return tables


def _latency(vm_title, found):
    columns = [Column(title, LOWER) for title in ("median", "90 %", "99 %", "longest")]
    unanswered = Column("without an answer", LOWER)
    for name, rounds in _usable(found, columns[0]):
        for column, key in zip(columns, ("p50", "p90", "p99", "longest"), strict=True):
            column.put(name, [figures[key] for figures in rounds], _milliseconds)
        failed = sum(figures["failed"] for figures in rounds)
        total = failed + sum(figures["count"] for figures in rounds)
        unanswered.put(name, [failed / total], lambda _, text=f"{failed} of {total}": text)
    note = (
        "From opening a connection to the end of a small answer, while one client sends its request byte by byte and "
        f"one doesn't read its answer. {_ROUNDS} Less is better."
    ) + _given_more_heap(found)
    title = f"Waiting beside two slow clients, {vm_title}"
    return Table(title, note, list(found), [*columns, unanswered])


def _steps(vm_title, found):
    median = Column("median busy step")
    high = Column("99 % of busy steps", LOWER)
    longest = Column("longest step", LOWER)
    for name, rounds in _usable(found, longest):
        busy = [figures["busy"] for figures in rounds if figures["busy"]["count"]]
        median.put(name, [figures["p50"] / 1000 for figures in busy], _milliseconds)
        high.put(name, [figures["p99"] / 1000 for figures in busy], _milliseconds)
        longest.put(name, [figures["all"]["longest"] / 1000 for figures in rounds], _milliseconds)
    note = (
        "Three clients ask without a pause, one dribbles, one doesn't read. A step is busy when something was sent or "
        f"received. {NOTHING} is an empty program: what the machine does to anybody. {_ROUNDS}"
    ) + _given_more_heap(found)
    return Table(f"Steps, {vm_title}", note, list(found), [median, high, longest])


def _frames(vm_title, found):
    columns = [Column(title, LOWER) for title in ("median", "99 %", "latest")]
    lost = Column("frames lost", LOWER)
    for name, rounds in _usable(found, columns[0]):
        for column, key in zip(columns, ("p50", "p99", "longest"), strict=True):
            values = [figures["late"][key] / 1000 for figures in rounds]
            column.put(name, values, _milliseconds)
        missed = sum(figures["lost"] for figures in rounds)
        total = missed + sum(figures["late"]["count"] for figures in rounds)
        lost.put(name, [missed / total], lambda _, text=f"{missed} of {total}": text)
    note = (
        "How late the frames of an animation are, one each 20 ms, while five clients load pages. "
        f"{_ROUNDS} Less is better."
    ) + _given_more_heap(found)
    title = f"Animation beside the server, {vm_title}"
    return Table(title, note, list(found), [*columns, lost])


def _memory(found):
    titles = {
        "request": "per request",
        "request_kept": "per kept request",
        "file": "per 30 KB file",
        "import": "heap after import",
        "smallest_heap": "smallest heap that serves",
        "bytecode": "bytecode",
    }
    columns = []
    for key, title in titles.items():
        column = Column(title, LOWER)
        for name, figures in found.items():
            column.put(name, [figures.get(key)], _bytes)
        columns.append(column)
    note = (
        "Bytes allocated include the socket's; objects are about half as large on a board. Heap and bytecode count what "
        "a server imports beyond CircuitPython's own modules, asyncio left out. The smallest heap has room for the test "
        "program too (see the limit) and does all kinds of work, one client at a time."
    )
    for name, figures in found.items():
        note += "".join(f" {name}: {text}." for text in figures["problems"])
    return Table("Memory, MicroPython with 64 bits", note, list(found), columns)


def _instructions(found):
    columns = []
    for kind, counts in found.items():
        column = Column(_REQUESTS[kind], LOWER)
        own = counts.get(OWN)
        for name, count in counts.items():
            if isinstance(count, str):
                column.texts[name] = count
            else:
                column.put(name, [count], lambda value, own=own: _thousands(value, own))
        columns.append(column)
    note = (
        "Thousands of instructions per request, client included (the same for all); in brackets this library is 1. "
        "Repeatable, whatever else the machine does; what the kernel does is not in them."
    )
    return Table("Instructions per request, MicroPython", note, list(found["new"]), columns)


def _faults(vm_title, found):
    names = list(found)
    columns = []
    for fault in next(iter(found.values()), {}):
        column = Column(fault, HIGHER)
        for name in names:
            outcome = found[name][fault]
            text = outcome["note"] or "ok"
            column.put(name, [int(outcome["survived"])], lambda _, text=text: text)
        columns.append(column)
    note = (
        "ok: the next ordinary question is answered within two seconds, and the fault itself as it should be. Every "
        "server runs as its documentation's example does."
    )
    return Table(f"Faults survived, {vm_title}", note, names, columns, turned=True)


def _usable(found, column_for_problems):
    """(name, rounds without a problem) of all that have such; the problem of the others goes into the column."""
    for name, rounds in found.items():
        usable = [figures for figures in rounds if "problem" not in figures]
        if usable:
            yield name, usable
        elif rounds:
            column_for_problems.texts[name] = rounds[0]["problem"]


def _given_more_heap(found):
    """Sentences about those that ran out of memory; `found` is {name: [figures of a round]}."""
    names = [
        name for name, rounds in found.items() if any(f.get("heap", HEAP) > HEAP for f in rounds)
    ]
    return "".join(f" {heap_note(name, LARGE_HEAP)}." for name in names)


def _milliseconds(value):
    return f"{value:.2f} ms" if value < 10 else f"{value:.0f} ms"


def _bytes(number):
    return f"{number:,} B" if number < 10000 else f"{number / 1024:.0f} KB"


def _thousands(count, own):
    share = f" ({count / own:.2f})" if isinstance(own, int) and own else ""
    return f"{count / 1000:,.0f} k{share}"
