"""Everything by keyboard alone, with a visible focus."""

import pytest
from playwright.sync_api import expect

from .mock_board import PASSWORD

FOCUS = """() => { const e = document.activeElement; if (e === document.body) return null;
    const s = getComputedStyle(e.matches('.choice input') ? e.nextElementSibling : e);
    const r = e.getBoundingClientRect();
    const bar = document.querySelector('.tabs'); const tabs = bar.getBoundingClientRect();
    const covered = getComputedStyle(bar).position === 'fixed' && !bar.contains(e) && r.top >= tabs.top;
    return { what: e.outerHTML.slice(0, 100), outline: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
        covered, id: e.dataset.stop ??= String(Math.random()) }; }"""


def walk(screen):
    """Every stop of the Tab key on the page, in order."""
    stops = []
    while True:
        screen.page.keyboard.press("Tab")
        stop = screen.page.evaluate(FOCUS)
        if stop is None or any(stop["id"] == earlier["id"] for earlier in stops):
            return stops
        stops.append(stop)
        assert len(stops) < 150


@pytest.mark.parametrize("size", ["narrow", "wide"])
@pytest.mark.parametrize("page", ["dashboard", "data", "settings", "log", "system", "guide"])
def test_every_control_is_reached_with_a_focus_that_shows(mock, open_screen, page, size):
    screen = open_screen(f"{mock.url}#/{page}", size=size)
    expect(screen.page.locator("#link")).to_have_text("Live")
    expect(screen.page.locator("main .loading")).to_have_count(0)
    if page == "dashboard":
        expect(screen.page.locator(".lanes canvas").first).to_be_visible()
    stops = walk(screen)
    assert 'class="skip"' in stops[0]["what"]
    assert [stop["what"] for stop in stops if not stop["outline"]] == []
    assert [stop["what"] for stop in stops if stop["covered"]] == []
    controls = screen.page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
        .filter((e) => e.checkVisibility() && !e.disabled && !(e.type === 'radio' && !e.checked)).length"""
    )
    assert len(stops) == controls


def test_the_skip_link_leads_to_the_content(mock, open_screen):
    screen = open_screen(f"{mock.url}#/data")
    screen.see_heading("Data")
    screen.page.keyboard.press("Tab")
    screen.page.keyboard.press("Enter")
    assert screen.page.evaluate("document.activeElement.id") == "main"
    assert screen.page.url.endswith("#/data")


def tab_to(screen, locator):
    """Press Tab until the element has the focus."""
    for _ in range(100):
        screen.page.keyboard.press("Tab")
        if locator.evaluate("(e) => e === document.activeElement"):
            return
    raise AssertionError("the Tab key does not lead there")


def test_deleting_a_file_by_keyboard(mock, open_screen):
    screen = open_screen(mock.url)
    page = screen.page
    screen.see_heading("Dashboard")
    tab_to(screen, page.get_by_role("link", name="Data", exact=True))
    page.keyboard.press("Enter")
    delete = page.get_by_role("button", name="Delete 2026-11-22.csv")
    expect(delete).to_be_visible()
    tab_to(screen, delete)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Delete this file?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(delete).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    screen.see("Deleted 2026-11-22.csv.")
    assert "2026-11-22.csv" not in mock.files
    expect(page.locator("body")).not_to_be_focused()


def test_changing_a_setting_by_keyboard(mock, open_screen):
    mock.logged_in = True
    screen = open_screen(f"{mock.url}#/settings")
    page = screen.page
    field = page.get_by_label("Write to the drive every")
    expect(field).to_be_visible()
    tab_to(screen, field)
    page.keyboard.press("Control+a")
    page.keyboard.type("300")
    page.keyboard.press("Enter")
    screen.see("Saved: Write to the drive every.")
    assert mock.values["FLUSH_SECONDS"] == 300


def test_what_happens_is_announced(mock, open_screen):
    """Live regions exist before their text comes, or it would not be read out."""
    screen = open_screen(mock.url)
    page = screen.page
    expect(page.locator("#link[role=status]")).to_have_text("Live")
    expect(page.locator(".recorder [role=status]")).to_contain_text("Recording")
    expect(page.locator("#lost[role=alert]")).to_be_empty()
    expect(page.locator("#toasts[role=log]")).to_have_count(1)
