"""bench.py --boot: what each module keeps in memory."""

import re

import pytest
from benchmark import boot
from toolkit.environment import ROOT

pytestmark = pytest.mark.slow


def test_what_each_module_keeps(bench):
    run = bench("--boot")
    assert run.code == 0, run.errors
    lines = re.findall(r"^ *(-?[\d,]+)  (.+)$", run.text, re.MULTILINE)
    sizes = {name: int(size.replace(",", "")) for size, name in lines}
    source = (ROOT / "lib" / "ehttpserver.py").stat().st_size
    assert source / 12 < sizes["ehttpserver"] < source
    *modules, imports, started = sizes.items()
    assert imports[0].startswith("imports") and started[0] == "started"
    assert imports[1] < started[1]
    kept = [size for name, size in modules if not name.endswith("dropped)")]
    assert sum(kept) == imports[1]
    assert len(modules) > 30


def test_an_app_that_does_not_start_is_a_clear_error(monkeypatch):
    monkeypatch.setattr(
        boot.assembly, "build", lambda drive, form: (drive / "code.py").write_text("1/0")
    )
    with pytest.raises(boot.UsageError, match="ZeroDivisionError"):
        boot.run()
