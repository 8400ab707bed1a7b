"""What holds on every page, at both widths, in both themes."""

import pytest
from playwright.sync_api import expect

PAGES = {
    "dashboard": "Dashboard",
    "data": "Data",
    "settings": "Settings",
    "log": "Log",
    "system": "System",
    "guide": "First steps",
}


def open_ready(open_screen, url, page, **options):
    """A screen whose page shows what it got from the board."""
    screen = open_screen(f"{url}#/{page}", **options)
    screen.see_heading(PAGES[page])
    expect(screen.page.locator("#link")).to_have_text("Live")
    expect(screen.page.locator("main .loading")).to_have_count(0)
    if page == "dashboard":
        expect(screen.page.locator(".lanes canvas").first).to_be_visible()
    return screen


@pytest.mark.parametrize("page", PAGES)
def test_is_accessible_and_fits(mock, open_screen, axe_script, look, page):
    size, theme = look
    screen = open_ready(open_screen, mock.url, page, size=size, theme=theme)
    assert screen.fits()
    assert screen.violations(axe_script) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_or_fails_is_accessible(mock, open_screen, axe_script, theme):
    """Dialogs, wrong input, a message of failure, a chart of files, a lost board."""
    mock.logged_in, mock.owner = True, "computer"
    mock.faults["DELETE /api/files/2026-11-22.csv"] = 409
    screen = open_ready(open_screen, mock.url, "data", size="narrow", theme=theme, failures=True)
    page, found = screen.page, {}

    def look(what):
        found[what] = screen.violations(axe_script)

    page.get_by_role("button", name="Show 2026-11-22.csv as chart").click()
    expect(page.locator(".files-chart canvas").first).to_be_visible()
    look("chart of a file")
    page.get_by_role("button", name="Delete 2026-11-22.csv").click()
    look("question before a deletion")
    screen.confirm("Delete it")
    expect(page.locator(".toast.bad")).to_be_visible()
    look("message of a failure")
    screen.tab("Settings")
    page.get_by_label("Take a sample every").fill("x")
    page.get_by_role("button", name="Change: Admin password").click()
    look("wrong input and a new secret")
    page.get_by_role("link", name="Dashboard").click()
    look("unsaved changes")
    screen.confirm("Leave without saving")
    expect(page.get_by_role("button", name="Take over the drive")).to_be_visible()
    expect(page.locator(".lanes canvas").first).to_be_visible()
    page.locator(".chip").first.click()
    look("paused recorder and a series that is off")
    mock.stop()
    expect(page.locator("#lost")).not_to_be_empty()
    look("lost board")
    assert {what: violations for what, violations in found.items() if violations} == {}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [320, 360, 768, 1920])
def test_fits_any_width_and_doubled_text(mock, open_screen, page, width):
    screen = open_ready(open_screen, mock.url, page, size=(width, 900))
    assert screen.fits()
    screen.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert screen.fits()


@pytest.mark.parametrize("page", PAGES)
def test_targets_are_large_enough(mock, open_screen, page):
    """WCAG 2.2, 2.5.8: 24 by 24 CSS pixels, except links within a sentence."""
    screen = open_ready(open_screen, mock.url, page, size="narrow")
    small = screen.page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, nav a, a.button, .notice a')]
        .filter((e) => e.checkVisibility() && !e.closest('.choice'))
        .map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
        .filter(([, r]) => r.width < 24 || r.height < 24)"""
    )
    assert small == []


@pytest.mark.daily
def test_tabs_have_addresses_and_the_way_back_works(mock, open_screen):
    screen = open_ready(open_screen, mock.url, "dashboard")
    screen.tab("Data")
    assert screen.page.url.endswith("#/data")
    assert screen.page.title().startswith("Data")
    current = screen.page.locator(".tabs a[aria-current=page]")
    expect(current).to_have_text("Data")
    screen.tab("Log")
    screen.page.go_back()
    screen.see_heading("Data")
    screen.page.go_back()
    screen.see_heading("Dashboard")
    expect(current).to_have_text("Dashboard")


def test_tabs_stay_where_they_are(mock, open_screen):
    screen = open_ready(open_screen, mock.url, "dashboard")
    places = "[...document.querySelectorAll('.tabs a')].map((e) => e.getBoundingClientRect().left)"
    before = screen.page.evaluate(places)
    screen.tab("System")
    assert screen.page.evaluate(places) == before


def test_an_unknown_address_leads_to_the_dashboard(mock, open_screen):
    screen = open_screen(f"{mock.url}#/nothing")
    screen.see_heading("Dashboard")
    assert screen.page.url.endswith("#/dashboard")


def test_reduced_motion_stops_movement(mock, open_screen):
    mock.faults["POST /api/time"] = "slow"
    mock.logged_in = True
    screen = open_ready(open_screen, mock.url, "system", reduced_motion="reduce")
    screen.page.get_by_role("button", name="Set from this device").click()
    busy = screen.page.locator("#set-clock.busy")
    expect(busy).to_be_visible()
    duration = busy.evaluate("(e) => getComputedStyle(e, '::before').animationDuration")
    assert float(duration.rstrip("s")) >= 4
    expect(busy).to_have_count(0)


def test_the_page_can_be_put_on_a_home_screen(mock, open_screen):
    screen = open_ready(open_screen, mock.url, "dashboard")
    link = screen.page.locator("link[rel=manifest]")
    expect(link).to_have_count(1)
    icon = screen.page.locator("link[rel=apple-touch-icon]").get_attribute("href")
    manifest = screen.page.request.get(f"{mock.url.rstrip('/')}{link.get_attribute('href')}").json()
    assert manifest["start_url"] == "/" and manifest["display"] == "standalone"
    for address in [icon, *(one["src"] for one in manifest["icons"])]:
        assert screen.page.request.get(f"{mock.url.rstrip('/')}{address}").ok, address
