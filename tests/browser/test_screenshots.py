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

from .screen import wait_for

SCREENSHOTS = environment.BUILD / "screenshots"
IMAGES = environment.ROOT / "docs" / "images"
README_PICTURES = ("dashboard-wide-light", "data-wide-light", "dashboard-narrow-dark")


def recording(day, hours=24.0):
    """A day of temperature, voltage and memory, a row every three minutes: three days of it fit
    beside the sources of the app."""
    lines = ["time,temperature,voltage,memory"]
    for minute in range(0, int(hours * 60), 3):
        at = datetime.datetime.fromisoformat(f"{day}T00:00:00+00:00") + datetime.timedelta(
            minutes=minute
        )
        warm = (
            21.5
            + 2.4 * math.sin((minute / 1440 - 0.35) * 2 * math.pi)
            + 0.3 * math.sin(minute / 37)
        )
        volts = 4.93 + 0.02 * math.sin(minute / 180) + 0.004 * math.sin(minute * 1.7)
        free = 71000 + 2600 * (1 - (minute % 25) / 25) + 300 * math.sin(minute)
        lines.append(f"{at.isoformat()},{warm:.1f},{volts:.2f},{free:.0f}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def folder():
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


@pytest.fixture
def lived_in(board):
    """A board that has run for some hours, with the recordings of the days before."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    days = [today - datetime.timedelta(days=ago) for ago in (1, 2, 3)]
    simulated = board(
        {f"{day}.csv": recording(day.isoformat()) for day in days},
        {"SAMPLE_SECONDS": 60, "FLUSH_SECONDS": 600},
        writes=True,
    )
    simulated.change(speed=600)
    simulated.wait(lambda: False, timeout=20)
    simulated.change(speed=1)
    return simulated


def show(screen, page):
    screen.page.goto(screen.page.url.partition("#")[0] + f"#/{page}")
    expect(screen.page.locator("main .loading")).to_have_count(0)
    if page == "dashboard":
        expect(screen.page.locator(".lanes canvas").first).to_be_visible()
        expect(screen.page.locator(".spark .line").first).to_have_attribute("d", re.compile("^M"))
    if page == "data":
        expect(screen.page.locator(".files li").first).to_be_visible()
        if not screen.page.locator(".files-chart canvas").count():
            for box in screen.page.get_by_label(re.compile("Select 20")).all()[-2:]:
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
    settled = open_screen(lived_in.url)
    wait_for(lambda: "The clock is set" in lived_in.output(), "setting the clock")
    settled.close()
    update = os.environ.get("UPDATE_SCREENSHOTS")
    for size in ("wide", "narrow"):
        for theme in ("light", "dark"):
            screen = open_screen(lived_in.url, size=size, theme=theme)
            expect(screen.page.locator("#link")).to_have_text("Live")
            for page in ("dashboard", "data", "settings", "log", "system"):
                show(screen, page)
                name = f"{page}-{size}-{theme}"
                picture = folder / f"{name}.png"
                screen.page.screenshot(path=picture, full_page=True)
                assert picture.stat().st_size > 5000
                if update and name in README_PICTURES:
                    if page == "data":
                        screen.page.locator(".files-chart").scroll_into_view_if_needed()
                    IMAGES.mkdir(parents=True, exist_ok=True)
                    screen.page.screenshot(path=IMAGES / f"{name}.png")
            screen.close()
