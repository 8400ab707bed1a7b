"""docs/fleet.md: its configuration, with a real Prometheus and several boards; the loop that
deploys to them."""

import os
import re
import subprocess
import sys
import urllib.request

import pytest
from prometheus import Prometheus, need_tools
from toolkit.environment import ROOT

FOLDER = ROOT / "docs" / "fleet"
PAGE = (ROOT / "docs" / "fleet.md").read_text(encoding="utf-8")
PASSWORD = "one for all boards"
PASSWORDS = {"ADMIN_PASSWORD": PASSWORD, "AP_PASSWORD": "another password"}
NAMES = ("greenhouse", "cellar")


@pytest.fixture(scope="module", autouse=True)
def tools():
    need_tools()


def configuration(boards):
    """docs/fleet/prometheus.yml with these boards as its targets, scraped each second."""
    text = (FOLDER / "prometheus.yml").read_text(encoding="utf-8")
    for name, board in zip(NAMES, boards, strict=True):
        assert f"- {name}.local\n" in text
        text = text.replace(f"{name}.local", board.url.removeprefix("http://"))
    for line, replacement in (
        ("scrape_interval: 60s", "scrape_interval: 1s"),
        ("scrape_timeout: 20s", "scrape_timeout: 1s"),
        ("evaluation_interval: 60s", "evaluation_interval: 1s"),
        ("# basic_auth:", "basic_auth:"),
    ):
        assert line in text
        text = text.replace(line, replacement)
    return text


def test_promtool_accepts_the_files():
    for command in (["config", "prometheus.yml"], ["rules", "alerts.yml"]):
        done = subprocess.run(
            ["promtool", "check", *command],
            cwd=FOLDER,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_sees_all_boards(boards, tmp_path):
    settings = {**PASSWORDS, "ADMIN_LOGIN_TO_READ": 1}
    fleet = [boards(settings=settings, temperature=warm) for warm in (18.0, 31.0)]
    (tmp_path / "password.txt").write_text(PASSWORD)
    (tmp_path / "prometheus.yml").write_text(configuration(fleet), encoding="utf-8")
    alerts = (FOLDER / "alerts.yml").read_text(encoding="utf-8").replace("for: 10m", "for: 1s")
    (tmp_path / "alerts.yml").write_text(alerts, encoding="utf-8")
    with Prometheus(tmp_path) as prometheus:
        prometheus.wait_for('count(up{job="datalogger", site="home"} == 1) == 2')
        queries = re.findall(r"^\|[^|]+\| `([^`]+)` \|$", PAGE, re.MULTILINE)
        assert len(queries) >= 5
        found = {labels["instance"]: value for labels, value in prometheus.wait_for(queries[0])}
        for board, warm in zip(fleet, (18.0, 31.0), strict=True):
            assert abs(found[board.url.removeprefix("http://")] - warm) < 1
        for query in queries[3:]:
            assert len(prometheus.query(query)) == 2, query
        assert prometheus.query(queries[1]) == []
        fleet[1].stop()
        silent = prometheus.wait_for(queries[1])
        assert [labels["instance"] for labels, _ in silent] == [
            fleet[1].url.removeprefix("http://")
        ]
        (alert,) = prometheus.wait_for('ALERTS{alertstate="firing"}')
        assert alert[0]["alertname"] == "BoardSilent"


def test_every_metric_named_is_there(boards):
    board = boards(settings=PASSWORDS)
    with urllib.request.urlopen(board.url + "/metrics", timeout=30) as answer:
        text = answer.read().decode()
    named = set(re.findall(r"datalogger_\w+", PAGE + (FOLDER / "alerts.yml").read_text("utf-8")))
    assert len(named) > 5
    for name in named:
        assert re.search(rf"^# TYPE {name} ", text, re.MULTILINE), name


def test_the_loop_deploys_to_all(boards, tmp_path):
    """A shell runs the lines of the page for a board that is up to date and one that is not."""
    fleet = [boards(settings=PASSWORDS) for _ in NAMES]
    for board in fleet:
        board.change(speed=20)
        board.wait_for_output("the board has taken the drive")
        board.change(speed=1)
    old = fleet[1].drive / "www" / "pages" / "log.js.gz"
    old.unlink()
    loop = re.search(r"```sh\n(read .*?)```", PAGE, re.DOTALL)[1]
    for name, board in zip(NAMES, fleet, strict=True):
        assert name in loop
        loop = loop.replace(name, board.url.rpartition(":")[2])
    loop = loop.replace("http://$board.local", "http://127.0.0.1:$board").replace(
        "python3", "$PYTHON"
    )
    done = subprocess.run(
        ["bash", "-c", loop],
        input=PASSWORD + "\n",
        cwd=ROOT,
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not deployed" not in done.stdout, done.stdout + done.stderr
    assert old.is_file()
