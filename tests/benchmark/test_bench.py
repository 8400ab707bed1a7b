"""bench.py from the outside: it measures everything and finds faults. Times are not checked."""

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
def everything(bench):
    """All measurements of this library, of a fragile one and of the limit."""
    return bench(
        "--quick", "--only", "limit,ehttpserver,fragile", "--library", f"fragile={_FRAGILE}"
    )


def is_number(value):
    return isinstance(value, (int, float)) and math.isfinite(value) and value > 0


def test_it_succeeds_without_a_word_of_error(everything):
    assert everything.code == 0, everything.errors
    assert everything.errors == ""
    assert everything.markdown == everything.text


def test_the_rates_of_each_round_are_there(everything):
    rates = everything.results["rates"]
    for name, kinds in (
        ("limit", _KINDS),
        ("ehttpserver", _KINDS),
        ("fragile", ("new", "file", "post")),  # it always closes
    ):
        assert len(rates[name]) == 2
        for figures in rates[name]:
            assert set(figures) - {"problem"} == set(kinds), (name, figures)
            assert all(is_number(figures[kind]) for kind in kinds), (name, figures)


def test_a_crowd(everything):
    crowd = everything.results["crowd"]
    (own,) = crowd["ehttpserver"]
    assert 0 < own["wait"] <= own["wait99"]
    assert own["unanswered"] == 0
    assert 0 < own["step"]
    (fragile,) = crowd["fragile"]
    assert fragile["step"] > 100  # it waits for the client that sends byte by byte
    assert fragile["lost"] > own["lost"]


def test_memory(everything):
    limit, own, fragile = (
        everything.results["memory"][name][0] for name in ("limit", "ehttpserver", "fragile")
    )
    for figures in (own, fragile):
        assert set(figures) == {"import", "bytecode", "smallest_heap"}
        assert all(map(is_number, figures.values())), figures
    assert fragile["import"] < own["import"]
    assert fragile["bytecode"] < own["bytecode"]
    assert limit["smallest_heap"] < own["smallest_heap"]
    assert fragile["smallest_heap"] > 30000  # it holds the file whole


def test_faults_are_found(everything):
    (fragile,) = everything.results["faults"]["fragile"]
    assert fragile["handler raises"] == "ends the program"
    assert fragile["truncated body"] == "handed over as whole"
    assert fragile["50 idle connections"] != "ok"
    assert fragile["client closes early"] == "ok"
    (own,) = everything.results["faults"]["ehttpserver"]
    lost = ("ends the program", "no answer any more", "handed over as whole", "does not start")
    assert len(own) == 7
    assert not [fault for fault, outcome in own.items() if outcome.startswith(lost)]


def test_every_topic_has_a_table(everything):
    for title in (
        "Requests per second",
        "Five clients at once",
        "Memory of MicroPython with 64 bits",
        "Faults survived",
        "Where another is ahead of ehttpserver",
    ):
        assert f"## {title}\n" in everything.markdown
    assert "bytecode: fragile" in everything.markdown  # it is smaller, and the document says so


def test_every_peer_does_the_work(bench):
    run = bench("--quick", "--measure", "rates")
    assert run.code == 0, run.errors
    for name in _PEERS:
        for figures in run.results["rates"][name]:
            assert all(is_number(figures[kind]) for kind in ("new", "file", "post")), figures


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "apache"), "--only: 'apache' is none of limit, ehttpserver, biplane"),
        (("--measure", "beauty"), "--measure: 'beauty' is none of rates"),
        (("--library", "nothing"), "is not NAME=FILE"),
        (("--library", "old=/missing.py"), "there is no file /missing.py"),
        (("--library", f"biplane={_FRAGILE}"), "the name 'biplane' is taken"),
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
    assert "broken.py" in run.errors
