"""The stand-ins have what CircuitPython has, under the same names and with the same parameters, and
nothing else."""

import ast
from pathlib import Path

import board_stubs
import pytest
import simulator

STAND_INS = Path(simulator.__file__).parent / "board_modules"
MODULES = sorted(file.stem for file in STAND_INS.glob("*.py") if file.stem != "__init__")

# circuitpython-stubs leaves out what CircuitPython shares with Python.
WITHOUT_STUBS = {
    "gc": {"collect", "disable", "enable", "isenabled", "mem_alloc", "mem_free"},
    "os": {
        "chdir",
        "getcwd",
        "getenv",
        "listdir",
        "mkdir",
        "remove",
        "rename",
        "rmdir",
        "sep",
        "stat",
        "statvfs",
        "sync",
        "uname",
        "unlink",
        "urandom",
        "utime",
    },
    "select": {"POLLERR", "POLLHUP", "POLLIN", "POLLOUT", "poll"},
    "sys": {
        "argv",
        "byteorder",
        "exit",
        "implementation",
        "maxsize",
        "modules",
        "path",
        "platform",
        "print_exception",
        "stderr",
        "stdin",
        "stdout",
        "version",
        "version_info",
    },
    "time": {"localtime", "mktime", "monotonic", "monotonic_ns", "sleep", "struct_time", "time"},
}

# Parameters whose default the stub leaves out or can't express.
DEFAULT_NOT_IN_STUB = {
    ("socketpool", "Socket.recv_into", "bufsize"),
    ("traceback", "format_exception", "value"),
    ("traceback", "print_exception", "value"),
}
NOT_IN_STUB = {
    ("micropython", "opt_level"),  # MicroPython's
    ("socketpool", "Socket.fileno"),  # by which select.poll() finds the computer's socket
    ("socketpool", "Socket.ioctl"),
}


@pytest.mark.parametrize("name", MODULES)
def test_stand_in_agrees_with_the_stub(name):
    mine = board_stubs.Scope(
        ast.parse((STAND_INS / f"{name}.py").read_text(encoding="utf-8")).body, name
    )
    stub = board_stubs.module(name)
    if stub is None:
        assert mine.public() <= WITHOUT_STUBS[name]
        return
    differences = list(compare(name, "", mine, stub))
    assert not differences, "\n".join(differences)
    assert mine.public()


def compare(module, prefix, mine, stub):
    is_class = bool(prefix)
    for name in sorted(mine.public()):
        full = prefix + name
        if (module, full) in NOT_IN_STUB:
            continue
        if name not in stub.names():
            yield f"{module}.{full} is not in CircuitPython"
        elif name in mine.classes and name in stub.classes:
            yield from compare(module, full + ".", mine.classes[name], stub.classes[name])
        elif name in mine.functions and name in stub.functions:
            yield from compare_parameters(
                module, full, mine.functions[name], stub.functions[name], is_class
            )
    if is_class and "__init__" in stub.functions:
        wanted = board_stubs.parameters(stub.functions["__init__"], True)
        if wanted and "__init__" in mine.functions:
            yield from compare_parameters(
                module,
                prefix + "__init__",
                mine.functions["__init__"],
                stub.functions["__init__"],
                True,
            )


def compare_parameters(module, full, mine, stub, is_method):
    have = board_stubs.parameters(mine, is_method)
    want = board_stubs.parameters(stub, is_method)
    want = [
        (name, kind, default or (module, full, name) in DEFAULT_NOT_IN_STUB)
        for name, kind, default in want
    ]
    if have != want:
        yield f"{module}.{full} takes {have}, in CircuitPython {want}"


def test_comparison_notices_each_kind_of_difference():
    stub = board_stubs.Scope(ast.parse("def f(a, *, b=1): ...\nclass C:\n    x: int\n").body, "m")
    for text in (
        "def g(): pass",
        "def f(a, b=1): pass",
        "def f(a, *, b): pass",
        "def f(a, *, c=1): pass",
        "def f(*, b=1): pass",
        "class C:\n    y = 1",
    ):
        assert list(compare("m", "", board_stubs.Scope(ast.parse(text).body, "m"), stub)), text


@pytest.mark.parametrize("name", sorted(set(MODULES) - set(WITHOUT_STUBS) - {"micropython"}))
def test_names_made_at_run_time_are_in_the_stub(on_board, vm, name):
    output = on_board(
        f"""
import {name} as module
for name in dir(module):
    print(name)
    value = getattr(module, name)
    if isinstance(value, type):
        for inner in dir(value):
            print(name + "." + inner)
""",
        vm=vm,
    )
    stub = board_stubs.module(name)
    strange = [line for line in output.split() if not is_known(name, line, stub)]
    assert not strange
    assert output


def is_known(module, name, stub):
    outer, dot, inner = name.partition(".")
    if outer.startswith("_") or inner.startswith("_") or (module, name) in NOT_IN_STUB:
        return True
    if not dot:
        return name in stub.names() or board_stubs.module(name) is not None or name in HELPERS
    if outer not in stub.classes:
        return True
    return inner in stub.classes[outer].names() or inner in INHERITED


# Modules that a stand-in imports, and names that classes inherit from Python's.
HELPERS = {
    "clock",
    "lwip",
    "conditions",
    "host",
    "link",
    "power",
    "web_workflow",
    "analog",
    "guard",
    "pulses",
    "wiring",
    "lights",
    "usb",
} | {
    "board_drive",
    "settings_file",
    "nonvolatile",
    "io",
    "sys",
    "time",
    "IPv4Address",
    "WatchDogTimer",
    "Direction",
}
INHERITED = (
    set(dir(tuple)) | set(dir(__import__("io").IOBase)) | set(dir(Exception)) | {"errno", "value"}
)
