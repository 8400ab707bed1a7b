"""bench.py from the outside: all is measured, the figures make sense, faults are found. Nothing about times."""

import math
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.alone]

_FRAGILE = Path(__file__).resolve().parent / "fragile.py"
_PEERS = ["biplane", "adafruit_httpserver", "microdot"]
if sys.version_info >= (3, 11):  # chumicro needs it
    _PEERS.append("chumicro")
_KINDS = ("new", "kept", "file", "file_kept", "post")


@pytest.fixture(scope="module")
def everything(run_bench, tmp_path_factory):
    """All measurements of this library, of a fragile one and of the limit, in MicroPython."""
    return run_bench(
        tmp_path_factory.mktemp("bench"),
        *("--quick", "--vm", "micropython", "--only", "limit,ehttpserver,fragile"),
        *("--library", f"fragile={_FRAGILE}"),
    )


def is_number(value):
    return isinstance(value, (int, float)) and math.isfinite(value) and value > 0


def test_it_succeeds_without_a_word_of_error(everything):
    assert everything.code == 0, everything.errors
    assert everything.errors == ""


def test_the_rates_of_each_round_are_there(everything):
    rates = everything.results["rates"]["micropython"]["rates"]
    assert set(rates) == set(_KINDS)
    for kind in _KINDS:
        for name in ("limit", "ehttpserver"):
            assert len(rates[kind][name]) == 2
            assert all(is_number(rate) for rate in rates[kind][name]), (kind, name)
    assert rates["kept"]["fragile"] == [None] * 2  # it always closes: that isn't keep-alive
    assert all(is_number(rate) for rate in rates["new"]["fragile"])


def test_latency_beside_slow_clients(everything):
    latency = everything.results["latency"]["micropython"]
    figures = latency["ehttpserver"][0]
    assert 0 < figures["p50"] <= figures["p90"] <= figures["p99"] <= figures["longest"]
    assert figures["count"] > 0 and figures["failed"] == 0
    assert latency["fragile"]  # it waits for the slow ones: a problem, or few answers


def test_steps_and_frames(everything):
    for name in ("nothing", "limit", "ehttpserver"):
        (figures,) = everything.results["steps"]["micropython"][name]
        assert figures["all"]["count"] > 0
        assert figures["all"]["p50"] <= figures["all"]["p99"] <= figures["all"]["longest"]
        (figures,) = everything.results["frames"]["micropython"][name]
        assert figures["late"]["count"] > 0
    (busy,) = everything.results["steps"]["micropython"]["ehttpserver"]
    assert 0 < busy["busy"]["count"] <= busy["all"]["count"]


def test_memory(everything):
    memory = everything.results["memory"]
    for name in ("ehttpserver", "fragile"):
        figures = memory[name]
        assert figures["problems"] == []
        for key in ("request", "file", "import", "bytecode", "smallest_heap"):
            assert is_number(figures[key]), (name, key)
    assert memory["fragile"]["file"] > 30000 > memory["ehttpserver"]["file"]
    assert memory["fragile"]["bytecode"] < memory["ehttpserver"]["bytecode"]
    assert memory["limit"]["request"] < memory["ehttpserver"]["request"]


def test_faults_are_found(everything):
    faults = everything.results["faults"]["micropython"]
    assert faults["fragile"]["handler raises"]["note"] == "ends the program"
    assert "ValueError" in faults["fragile"]["handler raises"]["detail"]
    assert faults["fragile"]["truncated body"]["note"] == "handed over as whole"
    assert not faults["fragile"]["50 idle connections"]["survived"]
    assert faults["fragile"]["request in two segments"]["survived"]
    lost = ("ends the program", "no answer any more", "handed over as whole", "does not start")
    assert [
        fault for fault, outcome in faults["ehttpserver"].items() if outcome["note"] in lost
    ] == []


def test_every_table_is_shown_and_written(everything):
    for title in (
        "Requests per second, MicroPython: share of the limit",
        "Requests per second, MicroPython: this library is 1",
        "Waiting beside two slow clients, MicroPython",
        "Steps, MicroPython",
        "Animation beside the server, MicroPython",
        "Memory, MicroPython with 64 bits",
        "Faults survived, MicroPython",
    ):
        assert title in everything.text
        assert f"## {title}\n" in everything.markdown
    assert "**ehttpserver**" in everything.markdown


def test_losses_are_told(everything):
    """The fragile library is smaller, and that is said."""
    for text in (everything.text, everything.markdown):
        assert "Where another is ahead of ehttpserver" in text
        assert "bytecode: fragile" in text


def test_every_peer_does_the_work_in_both_interpreters(bench):
    run = bench("--quick", "--measure", "rates")
    assert run.code == 0, run.errors
    for vm in ("cpython", "micropython"):
        found = run.results["rates"][vm]
        for name in _PEERS:
            for kind in ("new", "file", "post"):
                assert all(is_number(rate) for rate in found["rates"][kind][name]), found[
                    "problems"
                ]
        assert not [text for text in found["problems"].values() if "KB of heap" not in text]


def test_instructions_are_the_same_each_time(bench):
    runs = [bench("--instructions", "--only", "limit") for _ in range(2)]
    counts = []
    for run in runs:
        assert run.code == 0, run.errors
        counts.append({kind: found["limit"] for kind, found in run.results["instructions"].items()})
    for kind, count in counts[0].items():
        assert is_number(count)
        assert abs(count - counts[1][kind]) <= count / 1000, counts
    assert "Instructions per request" in runs[0].markdown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "apache"), "--only: 'apache' is none of limit, ehttpserver, biplane"),
        (("--measure", "beauty"), "--measure: 'beauty' is none of rates"),
        (("--library", "nothing"), "is not NAME=FILE"),
        (("--library", "old=/missing.py"), "there is no file /missing.py"),
        (("--library", f"biplane={_FRAGILE}"), "the name 'biplane' is taken"),
        (("--library", f"x={__file__}/../conftest.py"), "there is no file"),
    ],
)
def test_wrong_options_are_one_clear_line(bench, arguments, message):
    run = bench("--quick", *arguments)
    assert run.code == 1
    assert run.errors.startswith("bench.py: ") and run.errors.count("\n") == 1
    assert message in run.errors


def test_a_library_that_is_no_python_is_one_clear_line(bench, tmp_path):
    broken = tmp_path / "broken.py"
    broken.write_text("def (:\n")
    run = bench("--quick", "--library", f"broken={broken}", "--only", "broken")
    assert run.code == 1
    assert run.errors.startswith("bench.py: ") and run.errors.count("\n") == 1
    assert "ehttpserver.py" in run.errors


def test_the_names_to_choose_from(bench):
    run = bench("--list")
    assert run.code == 0
    for name in ("limit", "ehttpserver", *_PEERS, "rates", "faults"):
        assert name in run.text
