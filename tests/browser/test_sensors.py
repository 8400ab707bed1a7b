"""Sensors in the browser: devices on the buses, changed channels, limits."""

import re

import pytest
from playwright.sync_api import expect

from .site import PASSWORD


def test_system_looks_at_the_buses(board, open_screen):
    simulated = board(settings={"SENSORS": "chip bme280:0x76 sht4x"})
    screen = open_screen(f"{simulated.url}/#/system")
    screen.page.get_by_role("button", name="Look at the buses").click()
    found = screen.page.locator("#buses")
    expect(found).to_contain_text("SDA at GP0:")
    expect(found.locator("li li")).to_have_text(["0x44 SHT4x", "0x76 BME280, BMP280"])
    simulated.change(faults={"bme280:0x76": "unplugged", "sht4x": "unplugged"})
    screen.page.get_by_role("button", name="Look at the buses").click()
    expect(found).to_contain_text("Nothing answers.")
    assert screen.fits()


def test_a_channel_is_changed(board, open_screen):
    simulated = board(writes=True, settings={"SENSORS": "chip"})
    screen = open_screen(f"{simulated.url}/#/settings")
    channel = screen.page.locator('.channels [data-name="temperature"]').first
    channel.locator("summary").click()
    channel.get_by_label("Label").fill("Cellar; north")
    channel.get_by_label("Factor").fill("1.5")
    channel.get_by_label("Offset").fill("-0.25")
    text = "temperature: label=Cellar north, factor=1.5, offset=-0.25"
    expect(screen.page.get_by_label("Changed channels")).to_have_value(re.compile("Cellar"))
    screen.page.get_by_role("button", name="Save").click()
    screen.log_in(PASSWORD)
    screen.see("Saved: Changed channels.")
    assert text in re.sub(" +", " ", (simulated.drive / "settings.toml").read_text("utf-8"))
    screen.page.get_by_role("button", name="Later").or_(
        screen.page.get_by_role("button", name="Cancel")
    ).click()
    again = screen.page.locator('.channels [data-name="temperature"]').first
    expect(again.get_by_label("Factor")).to_have_value("1.5")
    channel.get_by_label("Factor").fill("")
    expect(screen.page.get_by_label("Changed channels")).not_to_have_value(re.compile("factor"))
    assert screen.fits()


@pytest.mark.parametrize(("size", "theme"), [("narrow", "dark"), ("wide", "light")])
def test_a_tile_tells_that_a_limit_is_passed(board, open_screen, size, theme):
    simulated = board(
        settings={
            "SENSORS": "bme280",
            "OUTPUTS": "relay:GP15:fan",
            "LIMITS": "air_temperature: high=30, high_output=fan; humidity: low=20",
        },
        measured={"bme280": {"temperature": 20.0, "humidity": 15.0}},
    )
    screen = open_screen(f"{simulated.url}/#/dashboard", size=size, theme=theme)
    warm, dry = (screen.page.locator(".tile").nth(index) for index in (0, 1))
    expect(dry).to_have_class(re.compile(r"\blimit\b"))
    expect(dry.locator(".span")).to_contain_text("Low")
    expect(warm.locator(".value")).to_contain_text("20.0")
    expect(warm).not_to_have_class(re.compile(r"\blimit\b"))
    simulated.change(measured={"bme280": {"temperature": 32.5, "humidity": 15.0}})
    expect(warm).to_have_class(re.compile(r"\blimit\b"))
    expect(warm.locator(".span")).to_contain_text("High since ")
    heights = {round(tile.bounding_box()["height"]) for tile in screen.page.locator(".tile").all()}
    assert len(heights) == 1, "no tile grew"
    assert screen.fits()


@pytest.mark.parametrize(("size", "theme"), [("narrow", "dark"), ("wide", "light")])
def test_limits_are_set_in_a_form(board, open_screen, size, theme):
    simulated = board(writes=True, settings={"SENSORS": "chip", "OUTPUTS": "relay:GP15:fan"})
    screen = open_screen(f"{simulated.url}/#/settings", size=size, theme=theme)
    channel = screen.page.locator('[data-key="LIMITS"] [data-name="temperature"]')
    channel.locator("summary").click()
    boxes = [field.bounding_box() for field in channel.locator("input").all()]
    assert len({round(box["x"] + box["width"]) for box in boxes}) == 1, "one edge"
    assert len({round(box["width"]) for box in boxes}) == 2, "one width for numbers, one for names"
    ends = [box["y"] + box["height"] for box in boxes]
    assert all(box["y"] - end >= 4 for end, box in zip(ends, boxes[1:], strict=False)), "apart"
    channel.get_by_label("Too low below").fill("-5")
    channel.get_by_label("Too high above").fill("30.5")
    channel.get_by_label("Hysteresis").fill("1")
    channel.get_by_label("After (s)").fill("60")
    channel.get_by_label("Output while high").fill("fan")
    assert screen.fits()
    screen.page.get_by_role("button", name="Save").click()
    screen.log_in(PASSWORD)
    screen.see("Saved: Limits.")
    text = "temperature: low=-5, high=30.5, hysteresis=1, seconds=60, high_output=fan"
    assert f'LIMITS = "{text}"' in (simulated.drive / "settings.toml").read_text("utf-8")
