"""What the server allocates, measured inside the real MicroPython (64-bit)."""

import http.client
import json
import os
import shutil
import subprocess

import pytest

from .harness import (
    DEVICE,
    LIBRARY,
    MICROPYTHON_STAND_INS,
    cross_compile,
    micropython,
    micropython_path,
    ticks_source,
)

SMALL_JSON_LIMIT = 1536  # bytes that a kept connection's GET of a small JSON may allocate
UPLOAD = 300_000
SIZES = {"small.bin": 1000, "medium.bin": 5000, "large.bin": 500_000}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("garbage")
    shutil.copy(ticks_source(), folder)
    for name, size in SIZES.items():
        (folder / name).write_bytes(bytes(size))
    return folder


@pytest.fixture
def measure(folder):
    """Run one measurement of device/garbage.py; returns its result."""

    def run(what, *arguments):
        completed = subprocess.run(
            [micropython(), "-X", "heapsize=16M", str(DEVICE / "garbage.py"), what, str(folder)]
            + [str(argument) for argument in arguments],
            env=dict(os.environ, MICROPYPATH=micropython_path(folder)),
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert completed.returncode == 0, (completed.stdout + completed.stderr).decode()
        return json.loads(completed.stdout)

    return run


@pytest.mark.parametrize("connections", [0, 1, 5])
def test_idle_step_allocates_nothing(measure, connections):
    assert measure("idle", connections)["bytes"] == 0


def test_stream_with_nothing_to_send_allocates_nothing(measure):
    assert measure("stream")["bytes"] == 0


def test_request_for_a_small_json(measure):
    result = measure("keep_alive")
    print(f"GET of a small JSON: {result['bytes']:.0f} bytes allocated")
    assert 60 < result["answer"] < 400  # it was answered
    assert result["bytes"] <= SMALL_JSON_LIMIT


def test_cost_of_a_file_does_not_depend_on_its_size(measure):
    medium, large = measure("file", "medium.bin"), measure("file", "large.bin")
    print(f"GET of a file: {medium['bytes']:.0f} bytes for 5 KB, {large['bytes']:.0f} for 500 KB")
    assert medium["answer"] > SIZES["medium.bin"] and large["answer"] > SIZES["large.bin"]
    assert large["bytes"] - medium["bytes"] < 1024  # 339 more sends


@pytest.mark.slow
def test_memory_does_not_grow_with_requests(measure):
    result = measure("growth")
    assert result["last"] <= result["first"] + 512


def test_upload_larger_than_the_heap(folder, tmp_path):
    """A PUT of 300 KB goes to a file through a heap of 64 KB, as bytecode like on a board."""
    modules = tmp_path / "modules"
    modules.mkdir()
    sources = [DEVICE / f"{name}.py" for name in ("small_heap", "ledger", "sockets", "supervisor")]
    sources += [LIBRARY / "ehttpserver.py", MICROPYTHON_STAND_INS / "traceback.py", ticks_source()]
    for source in sources:
        cross_compile(source, modules)
    main = tmp_path / "main.py"
    main.write_text("import small_heap\n")
    data = os.urandom(UPLOAD)
    child = subprocess.Popen(
        [micropython(), "-X", "heapsize=64k", str(main), str(tmp_path)],
        env=dict(os.environ, MICROPYPATH=str(modules)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        line = child.stdout.readline()
        assert line.strip().isdigit(), line + child.stdout.read()
        connection = http.client.HTTPConnection("127.0.0.1", int(line), timeout=60)
        connection.request("PUT", "/data/stored", data)
        response = connection.getresponse()
        assert (response.status, response.read()) == (201, str(UPLOAD).encode())
        assert (tmp_path / "stored").read_bytes() == data
        connection.request("GET", "/stop")
        print(f"most memory in use: {connection.getresponse().read().decode()} bytes")
        connection.close()
        assert child.wait(30) == 0
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
