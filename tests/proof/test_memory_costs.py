"""prove.py memory: what each module keeps in memory."""

import re

import pytest
from proof import memory_costs
from toolkit.environment import ROOT
from toolkit.errors import ToolkitError

pytestmark = pytest.mark.slow


def test_what_each_module_keeps(tmp_path, capsys):
    memory_costs.show(memory_costs.measure(tmp_path))
    lines = re.findall(r"^ *(-?[\d,]+)  (.+)$", capsys.readouterr().out, re.MULTILINE)
    sizes = {name: int(size.replace(",", "")) for size, name in lines}
    source = (ROOT / "lib" / "ehttpserver.py").stat().st_size
    assert source / 12 < sizes["ehttpserver"] < source
    *modules, rest, total = sizes.items()
    assert rest[0].startswith("objects") and total[0].startswith("in all")
    kept = [size for name, size in modules if not name.endswith("dropped)")]
    assert rest[1] > 0
    assert sum(kept) + rest[1] == total[1]
    assert len(kept) > 30
    assert "datalogger.rare.settings_schema (used once, dropped)" in sizes


def test_an_app_that_does_not_start_is_a_clear_error(tmp_path, monkeypatch):
    monkeypatch.setattr(
        memory_costs.assembly, "build", lambda drive, form: (drive / "code.py").write_text("1/0")
    )
    with pytest.raises(ToolkitError, match="ZeroDivisionError"):
        memory_costs.measure(tmp_path)
