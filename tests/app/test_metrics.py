"""/metrics, read by a real Prometheus."""

import re
import subprocess

import pytest
from prometheus import Prometheus, need_tools
from simulator.board import SOURCE_CLUSTERS

from .client import PASSWORDS, Client, basic, with_drive

LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? -?[0-9.]+')


@pytest.fixture(scope="module")
def tools():
    need_tools()


def samples(text):
    """{name with labels: value} of a scrape, checked line by line."""
    found = {}
    typed = set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
        elif not line.startswith("#"):
            assert LINE.fullmatch(line), line
            name, value = line.rsplit(" ", 1)
            assert name.partition("{")[0] in typed, line
            assert name not in found
            found[name] = float(value)
    return found


def test_values(boards, vm):
    board = with_drive(boards(vm=vm, settings=PASSWORDS))
    client = Client(board)
    client.set_time()
    client("GET", "/api/nothing")
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = samples(answer.text)
    assert 20 < found['datalogger_reading{sensor="temperature",unit="°C"}'] < 27
    assert found["datalogger_drive_writable"] == 1
    assert found["datalogger_clock_set"] == 1
    assert found["datalogger_samples_total"] >= 1
    assert found["datalogger_samples_dropped_total"] == 0
    assert found['datalogger_recorder_state{state="recording"}'] == 1
    assert found['datalogger_recorder_state{state="paused"}'] == 0
    assert found["datalogger_http_requests_total"] >= 3
    assert found['datalogger_http_responses_total{class="4xx"}'] == 1
    assert found["datalogger_memory_free_bytes"] < found["datalogger_memory_total_bytes"]
    total = found["datalogger_drive_total_bytes"]
    assert found["datalogger_drive_free_bytes"] < total
    assert total in (501760, SOURCE_CLUSTERS * 512)
    assert found["datalogger_errors_total"] == 0
    assert found["datalogger_wifi_clients"] == 1
    assert not [name for name in found if "signal" in name]


def test_a_failing_sensor_has_no_value(boards):
    board = boards(settings={"SENSORS": "chip bme280"}, faults={"bme280": "unplugged"})
    found = samples(Client(board).get("/metrics").text)
    assert not [name for name in found if "humidity" in name]
    assert [name for name in found if "voltage" in name]


ODD_SENSOR = """
class Device:
    channels = (("depth", "Depth", '\\\\"', 0),)

    def read(self):
        return 3
"""


def test_promtool_finds_no_fault(boards, tools):
    board = boards(
        settings={"SENSORS": "chip depth"}, files={"lib/datalogger/sensors/depth.py": ODD_SENSOR}
    )
    text = Client(board).get("/metrics").text
    assert 'unit="\\\\\\""' in text
    done = subprocess.run(
        ["promtool", "check", "metrics"],
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr.strip()


CONFIGURATION = """
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: datalogger
    basic_auth: {{username: admin, password: "{password}"}}
    static_configs:
      - targets: ["{target}"]
"""


def test_prometheus_scrapes_it(boards, tools, tmp_path):
    board = boards(settings={**PASSWORDS, "ADMIN_LOGIN_TO_READ": 1})
    client = Client(board, Authorization=basic())
    (tmp_path / "prometheus.yml").write_text(
        CONFIGURATION.format(password=PASSWORDS["ADMIN_PASSWORD"], target=client.host)
    )
    with Prometheus(tmp_path) as prometheus:
        ((_, warm),) = prometheus.wait_for('datalogger_reading{sensor="temperature"}')
        assert 20 < warm < 27
        prometheus.wait_for("rate(datalogger_http_requests_total[30s]) > 0")
        assert prometheus.query('datalogger_recorder_state{state="paused"}')
    assert client.status()["errors"] == 0
