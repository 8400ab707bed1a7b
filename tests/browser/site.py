"""The recordings and settings of the simulated boards whose pages are tested."""

import datetime

PASSWORD = "correct horse"
HEADER = "time,temperature,voltage,memory\n"


def csv(start, rows, step_s=60, header=HEADER):
    """Text of a recording: `rows` samples from `start` (ISO 8601, UTC) on."""
    at = datetime.datetime.fromisoformat(start + "+00:00")
    lines = []
    for i in range(rows):
        moment = at + datetime.timedelta(seconds=i * step_s)
        lines.append(
            f"{moment.isoformat()},{20 + i % 50 / 10:.1f},{4.9 + i % 7 / 100:.2f},{81000 + i % 997}\n"
        )
    return header + "".join(lines)


RECORDINGS = {
    "2025-03-01.csv": csv("2025-03-01T00:00:00", 1440),
    "2025-03-02.csv": csv("2025-03-02T00:00:00", 700),
    "2025-03-03.csv": csv("2025-03-03T06:00:00", 30),
}
SETTINGS = {
    "ADMIN_PASSWORD": PASSWORD,
    "AP_PASSWORD": "better than shipped",
    "SAMPLE_SECONDS": 1,
    "LIVE_SECONDS": 1,
}
