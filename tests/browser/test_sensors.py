"""Sensors in the browser: what is on the buses, and channels with a text, a unit and a factor of their own."""

import re

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
    channel = screen.page.locator('.channels [data-name="temperature"]')
    channel.locator("summary").click()
    channel.get_by_label("Text").fill("Cellar; north")
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
    again = screen.page.locator('.channels [data-name="temperature"]')
    expect(again.get_by_label("Factor")).to_have_value("1.5")
    channel.get_by_label("Factor").fill("")
    expect(screen.page.get_by_label("Changed channels")).not_to_have_value(re.compile("factor"))
    assert screen.fits()
