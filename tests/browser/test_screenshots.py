"""Pictures of all pages, of the real app, for people to look at: in build/screenshots/.

With UPDATE_SCREENSHOTS=1 in the environment those of the README, in docs/images/, are made anew as well.
"""

import datetime
import math
import os
import re

import pytest
from playwright.sync_api import expect
from toolkit import environment

from .conftest import SIZES
from .screen import wait_for

SCREENSHOTS = environment.BUILD / "screenshots"
IMAGES = environment.ROOT / "docs" / "images"
README_PICTURES = ("dashboard-wide-light", "data-wide-light", "dashboard-narrow-dark")

# The time of the pictures: the same at whatever hour they are taken.
NOW = datetime.datetime(2026, 6, 3, 17, 42, tzinfo=datetime.timezone.utc)
SAMPLE_S = 900
# Three months: the board was put away for three weeks in between.
DAYS_AGO = (*range(7), 34, 35)
HEADER = (
    "time (UTC+00:00),temperature (°C),voltage (V),air_temperature (°C),humidity (%),pressure (hPa)"
)
SIMULATED = (23.4, 4.94, 21.0, 48.0, 1009.0)
SETTINGS = {"SAMPLE_SECONDS": SAMPLE_S, "FLUSH_SECONDS": 3600, "SENSORS": "chip bme280"}


def weather(at):
    """What the board measures then: warm in the afternoon, damp at night, no day like another."""
    days = (at - NOW).total_seconds() / 86400
    warm = math.sin((at.hour + at.minute / 60 - 9) / 24 * 2 * math.pi)  # most at three
    ripple = math.sin(days * 61) + 0.6 * math.sin(days * 173)
    air = 2.4 * warm + 1.1 * math.sin(days * 0.8) + 0.12 * ripple
    volts = 0.015 * math.sin(days * 9) + 0.003 * ripple
    damp = -5.5 * warm + 4 * math.sin(days * 0.6) - 0.4 * ripple
    pressure = 5 * math.sin(days * 0.5) + 0.3 * math.sin(days * 12)
    return air + 0.1 * ripple, volts, air, damp, pressure


def recording(day, end):
    """The recording of that day until `end`, which leads to what the simulated sensors begin with."""
    lines = [HEADER]
    at = day
    while at < min(end, day + datetime.timedelta(days=1)):
        chip, volts, air, damp, pressure = (
            begin + now - last
            for begin, now, last in zip(SIMULATED, weather(at), weather(NOW), strict=True)
        )
        values = f"{chip:.1f},{volts:.2f},{air:.1f},{damp:.1f},{pressure:.1f}"
        lines.append(f"{at:%Y-%m-%d %H:%M:%S},{values}")
        at += datetime.timedelta(seconds=SAMPLE_S)
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def folder():
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


@pytest.fixture
def lived_in(board):
    """A board that has run for weeks, as full as a real one is."""
    midnight = NOW.replace(hour=0, minute=0)
    days = [midnight - datetime.timedelta(days=ago) for ago in DAYS_AGO]
    files = {f"{day:%Y-%m}/{day:%Y-%m-%d}.csv": recording(day, NOW) for day in days}
    # Compiled, so that the drive has the room of a real one; what fits into its memory is proven elsewhere.
    return board(files, SETTINGS, writes=True, vm="micropython", heap=400_000)


def look(open_screen, url, **options):
    """A screen of that time."""
    screen = open_screen(None, **options)
    screen.page.clock.install(time=NOW)
    screen.page.goto(url)
    expect(screen.page.locator("#link")).to_have_text("Live")
    return screen


def show(screen, page):
    screen.page.goto(screen.page.url.partition("#")[0] + f"#/{page}")
    expect(screen.page.locator("main .loading")).to_have_count(0)
    if page == "dashboard":
        screen.page.get_by_text("24 h", exact=True).click()
        expect(screen.page.get_by_text(re.compile("Visible span: (1 day|23 h)"))).to_be_visible()
        expect(screen.page.locator(".history header [role=status]")).to_be_empty()
        expect(screen.page.locator(".tile")).to_have_count(5)
        expect(screen.page.locator(".failing")).to_have_count(0)
        expect(screen.page.locator(".lanes canvas").first).to_be_visible()
        expect(screen.page.locator(".spark .line").first).to_have_attribute("d", re.compile("^M"))
    if page == "data":
        expect(screen.page.locator(".files li").first).to_be_visible()
        if not screen.page.locator(".files-chart canvas").count():
            for box in screen.page.get_by_label(re.compile("Select 20")).all()[1:4]:
                box.check()
            screen.page.get_by_role("button", name="Show as chart", exact=True).click()
        expect(screen.page.locator(".files-chart canvas").first).to_be_visible()
    if page == "settings":
        expect(screen.page.get_by_label("Take a sample every")).to_be_visible()
    if page == "log":
        expect(screen.page.locator(".lines li").first).to_be_visible()
    screen.page.evaluate("scrollTo(0, 0)")


def test_screenshots(lived_in, open_screen, folder):
    """Each page in each look; an earlier page gets the message that the clock was set."""
    settled = look(open_screen, lived_in.url)
    wait_for(lambda: "The clock is set" in lived_in.output(), "setting the clock")
    settled.close()
    update = os.environ.get("UPDATE_SCREENSHOTS")
    for size in ("wide", "narrow"):
        for theme in ("light", "dark"):
            screen = look(open_screen, lived_in.url, size=size, theme=theme)
            for page in ("dashboard", "data", "settings", "log", "system"):
                show(screen, page)
                name = f"{page}-{size}-{theme}"
                picture = folder / f"{name}.png"
                screen.page.screenshot(path=picture, full_page=True)
                assert picture.stat().st_size > 5000
                if update and name in README_PICTURES:
                    IMAGES.mkdir(parents=True, exist_ok=True)
                    width, height = SIZES[size]
                    clip = {"x": 0, "y": 0, "width": width, "height": height}
                    if page == "data":
                        clip["height"] = 1200  # the list and its chart
                    screen.page.screenshot(path=IMAGES / picture.name, full_page=True, clip=clip)
            screen.close()
