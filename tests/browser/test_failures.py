"""Actions on a board that answers 500, 401, 409, slowly or never; and text that looks like HTML."""

import pytest
from playwright.sync_api import expect

from .mock_board import PASSWORD
from .screen import wait_for

HOSTILE = '<script>window.broken = true</script><img src=x onerror="window.broken = true">'


def sent(mock, method, path):
    return mock.requests.count((method, path))


def set_clock(screen):
    screen.page.get_by_role("button", name="Set from this device").click()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (500, "The mock was told to answer 500. The log may say more."),
        (409, "The mock was told to answer 409."),
        (403, "The mock was told to answer 403. Open this page by the board's own address."),
        ("cut", "The board couldn't be reached. It may have been done all the same"),
    ],
)
def test_a_failed_action_says_what_to_do_and_is_sent_once(mock, open_screen, fault, told):
    mock.logged_in = True
    mock.faults["POST /api/time"] = fault
    screen = open_screen(f"{mock.url}#/system", failures=True)
    set_clock(screen)
    expect(screen.page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    expect(screen.page.locator("#set-clock.busy")).to_have_count(0)
    if fault != "cut":  # Chromium itself asks again on a connection that ends before an answer
        assert sent(mock, "POST", "/api/time") == 1
    mock.faults.clear()
    screen.page.get_by_role("button", name="Close this message").click()
    set_clock(screen)
    screen.see("The clock is set to this device's time.")


def test_an_action_shows_that_it_is_under_way_and_is_sent_once(mock, open_screen):
    mock.logged_in = True
    mock.faults["POST /api/time"] = "slow"
    screen = open_screen(f"{mock.url}#/system")
    button = screen.page.locator("#set-clock")
    expect(button).to_be_visible()
    place = """(e) => { const { x, y, width, height } = e.getBoundingClientRect();
        return [x, y + scrollY, width, height]; }"""
    before = button.evaluate(place)
    set_clock(screen)
    expect(button).to_have_class("busy")
    assert button.evaluate(place) == before
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    button.click(force=True)
    screen.see("The clock is set to this device's time.")
    expect(button).to_have_class("done")
    assert button.evaluate(place) == before
    assert sent(mock, "POST", "/api/time") == 1


def test_no_answer_ends_in_words(mock, open_screen):
    mock.logged_in = True
    mock.faults["POST /api/time"] = "never"
    screen = open_screen(f"{mock.url}#/system")
    set_clock(screen)
    screen.see(
        "The board didn't answer within 15 s. It may have been done all the same: check before you try again."
    )
    assert sent(mock, "POST", "/api/time") == 1


def test_a_login_that_is_needed_is_asked_for_and_the_action_goes_on(mock, open_screen):
    screen = open_screen(f"{mock.url}#/system", failures=True)
    set_clock(screen)
    screen.log_in(PASSWORD)
    screen.see("The clock is set to this device's time.")
    assert sent(mock, "POST", "/api/time") == 2  # refused, then done


def test_an_action_without_the_login_is_not_done(mock, open_screen):
    screen = open_screen(f"{mock.url}#/system", failures=True)
    set_clock(screen)
    screen.confirm("Cancel")
    expect(screen.page.locator("#set-clock.busy")).to_have_count(0)
    assert sent(mock, "POST", "/api/time") == 1
    expect(screen.page.locator(".toast")).to_have_count(0)


def test_too_many_wrong_passwords_say_how_long_to_wait(mock, open_screen):
    screen = open_screen(f"{mock.url}#/system", failures=True)
    mock.faults["POST /api/login"] = 429
    set_clock(screen)
    dialog = screen.page.get_by_role("dialog", name="Log in")
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Log in").click()
    expect(dialog.get_by_role("alert")).to_have_text("The mock was told to answer 429.")


def test_a_deletion_that_fails_half_way_shows_what_is_left(mock, open_screen):
    mock.logged_in = True
    mock.add_day("2026-11-21.csv", 1795219200, 10)
    mock.faults["DELETE /api/files/2026-11-21.csv"] = 409
    screen = open_screen(f"{mock.url}#/data", failures=True)
    screen.page.get_by_label("All but the one being recorded").check()
    screen.page.get_by_role("button", name="Delete", exact=True).click()
    screen.confirm("Delete 2 files")
    screen.see("The mock was told to answer 409.")
    expect(screen.page.locator(".files li")).to_have_count(2)
    assert "2026-11-21.csv" in mock.files and "2026-11-22.csv" not in mock.files


@pytest.mark.parametrize(
    ("page", "path", "shown"),
    [
        ("data", "/api/files", "Try again"),
        ("settings", "/api/settings", "Try again"),
        ("log", "/api/log", "Couldn't load the log"),
        ("dashboard", "/api/history", "Couldn't load the history"),
        ("dashboard", "/uplot/uPlot.js", "The board didn't send the chart library."),
    ],
)
def test_what_does_not_load_says_so(mock, open_screen, page, path, shown):
    mock.faults[path] = 500
    screen = open_screen(f"{mock.url}#/{page}", failures=True)
    screen.see_live()  # then the page asks once more by itself
    screen.see(shown)
    mock.faults.clear()
    if shown == "Try again":
        screen.page.get_by_role("button", name="Try again").click()
        expect(screen.page.get_by_role("button", name="Try again")).to_have_count(0)


def test_text_of_the_board_is_never_html(mock, open_screen):
    name = f"\"quoted\" & 'more' {HOSTILE[:40]}.csv"
    mock.files[name] = (
        f"time,{HOSTILE}\n2026-11-23T00:00:00+00:00,1\n2026-11-23T00:01:00+00:00,2\n".encode()
    )
    mock.log.append((4, "error", HOSTILE))
    mock.values["AP_SSID"] = HOSTILE
    screen = open_screen(f"{mock.url}#/log")
    expect(screen.page.locator(".line").filter(has_text=HOSTILE)).to_be_visible()
    screen.tab("Settings")
    expect(screen.page.get_by_label("Name of the board's network")).to_have_value(HOSTILE)
    screen.tab("Data")
    expect(screen.page.locator(".files b").filter(has_text=name)).to_be_visible()
    screen.page.get_by_role("button", name=f"Show {name} as chart").click()
    expect(screen.page.locator(".chip").filter(has_text=HOSTILE)).to_be_visible()
    mock.logged_in = True
    screen.page.get_by_role("button", name=f"Delete {name}").click()
    expect(screen.page.get_by_role("dialog")).to_contain_text(name)
    screen.confirm("Delete it")
    wait_for(lambda: name not in mock.files, "the deletion")
    assert screen.page.evaluate("window.broken") is None
    assert screen.page.locator("main script, main img").count() == 0
