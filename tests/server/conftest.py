"""Benches for the tests: one per interpreter and kind of socket, kept as long as they work."""

import pytest

from .cases_bodies import BODY_LIMIT
from .cases_files import make_files
from .harness import SOCKET_KINDS, VMS, ChildBench, LocalBench

OPTIONS = {"max_body_bytes": BODY_LIMIT}
DAILY_KIND = "limited"  # like the board's
BENCHES = [(vm, kind) for vm in VMS for kind in SOCKET_KINDS]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Without the slow tests, sockets like the board's are enough, in each interpreter."""
    for item in items:
        key = item.callspec.params.get("bench") if hasattr(item, "callspec") else None
        if key in BENCHES and key[1] != DAILY_KIND:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """The folder of the files that are served."""
    folder = tmp_path_factory.mktemp("files")
    make_files(folder)
    return folder


@pytest.fixture(scope="session")
def make_bench(files, tmp_path_factory):
    """Makes a bench; the caller closes it."""

    def make(vm, kind, **options):
        if "program" not in options:
            options = {**OPTIONS, **options}
        if vm == "cpython":
            return LocalBench(kind, files, **options)
        return ChildBench(kind, files, tmp_path_factory.mktemp("child"), **options)

    return make


@pytest.fixture(scope="session")
def _kept_benches():
    """Benches between tests. One that a test left in disorder is replaced by a new one."""
    benches = {}
    yield benches
    for kept in benches.values():
        kept.close()


@pytest.fixture(params=BENCHES, ids="-".join)
def bench(request, make_bench, _kept_benches):
    """A running server without connections, for one test."""
    key = request.param
    if key not in _kept_benches:
        _kept_benches[key] = make_bench(*key)
    bench = _kept_benches[key]
    bench.forget()
    failed_before = request.session.testsfailed
    yield bench
    if request.session.testsfailed > failed_before or not _in_order(bench):
        _kept_benches.pop(key).close()


def _in_order(bench):
    try:
        return not bench.report()["connections"]
    except (AssertionError, OSError):
        return False
