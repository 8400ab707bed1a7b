"""Settings: the form made from the schema, its checks, backup and restore."""

import pytest
from playwright.sync_api import expect

from .screen import wait_for
from .site import PASSWORD


def open_settings(open_screen, url, **options):
    screen = open_screen(f"{url}/#/settings", **options)
    expect(screen.page.get_by_label("Take a sample every")).to_be_visible()
    return screen


def setting(screen, key):
    return screen.page.locator(f'[data-key="{key}"]')


def unsaved(screen, number):
    bar = screen.page.locator(".save-bar")
    if not number:
        return expect(bar).to_be_hidden()
    return expect(bar).to_contain_text(f"{number} unsaved change")


def value_in_file(simulated, key):
    text = (simulated.drive / "settings.toml").read_text()
    return next(
        (line.partition("=")[2].strip() for line in text.splitlines() if line.startswith(key)), None
    )


def test_saves_what_was_changed(board, open_screen):
    simulated = board(writes=True)
    screen = open_settings(open_screen, simulated.url)
    screen.page.get_by_label("Write to the drive every").fill("300")
    unsaved(screen, 1)
    expect(setting(screen, "FLUSH_SECONDS")).to_contain_text("Not saved yet")
    expect(setting(screen, "FLUSH_SECONDS")).to_contain_text("= 5 min")
    screen.page.get_by_label("When the drive is full").select_option(label="Stop recording")
    unsaved(screen, 2)
    screen.page.get_by_role("button", name="Save").click()
    screen.log_in(PASSWORD)
    screen.see("Saved: Write to the drive every, When the drive is full.")
    unsaved(screen, 0)
    assert value_in_file(simulated, "FLUSH_SECONDS").startswith("300")
    assert value_in_file(simulated, "RETENTION").startswith('"stop"')
    screen.page.reload()
    expect(screen.page.get_by_label("Write to the drive every")).to_have_value("300")


def test_the_focus_stays_at_what_was_changed(mock, open_screen):
    mock.logged_in = True
    screen = open_settings(open_screen, mock.url.rstrip("/"))
    field = screen.page.get_by_label("Write to the drive every")
    field.fill("300")
    field.press("Enter")
    screen.see("Saved: Write to the drive every.")
    expect(field).to_be_focused()
    field.fill("400")
    screen.page.get_by_role("button", name="Save").click()
    unsaved(screen, 0)
    expect(setting(screen, "FLUSH_SECONDS")).to_be_focused()
    field.fill("500")
    screen.page.get_by_role("button", name="Discard").click()
    expect(setting(screen, "FLUSH_SECONDS")).to_be_focused()


def test_the_save_bar_covers_no_field_that_has_the_focus(mock, open_screen):
    screen = open_settings(open_screen, mock.url.rstrip("/"), size="narrow")
    screen.page.get_by_label("Take a sample every").fill("30")
    top = screen.page.locator(".save-bar").bounding_box()["y"]
    for _ in range(12):
        screen.page.keyboard.press("Tab")
        if screen.page.evaluate("Boolean(document.activeElement.closest('.save-bar'))"):
            break
        box = screen.page.locator(":focus").bounding_box()
        assert box["y"] + box["height"] <= top


def test_discards(board, open_screen):
    screen = open_settings(open_screen, board().url)
    screen.page.get_by_label("Write to the drive every").fill("300")
    screen.page.get_by_role("button", name="Discard").click()
    unsaved(screen, 0)
    expect(screen.page.get_by_label("Write to the drive every")).to_have_value("600")


@pytest.mark.parametrize(
    ("label", "text", "problem"),
    [
        ("Write to the drive every", "5", "Enter a value from 10 to 86,400 s."),
        ("Write to the drive every", "abc", "Enter a number."),
        ("Write to the drive every", "", "Enter a number."),
        ("Write to the drive every", "20.5", "Enter a whole number."),
        ("Low battery below", "9", "Enter a value from 0 to 5.5 V."),
        ("Name of the board's network", "", "1 to 32 characters are allowed; this is 0."),
        ("Name of the board's network", "ü" * 17, "1 to 32 characters are allowed; this is 34."),
    ],
)
def test_checks_what_is_typed(mock, open_screen, label, text, problem):
    screen = open_settings(open_screen, mock.url.rstrip("/"))
    field = screen.page.get_by_label(label, exact=True)
    field.fill(text)
    screen.see(problem)
    expect(field).to_have_attribute("aria-invalid", "true")
    screen.page.get_by_role("button", name="Save").click()
    expect(field).to_be_focused()
    assert not [request for request in mock.requests if request[0] == "PUT"]


@pytest.mark.parametrize("size", ["narrow", "wide"])
def test_a_message_does_not_cover_the_buttons(mock, open_screen, size):
    mock.logged_in = True
    mock.faults["PUT /api/settings"] = 409
    screen = open_settings(open_screen, mock.url.rstrip("/"), size=size, failures=True)
    screen.page.get_by_label("Write to the drive every").fill("300")
    screen.page.get_by_role("button", name="Save").click()
    expect(screen.page.locator(".toast.bad")).to_be_visible()
    message = screen.page.locator(".toast.bad").bounding_box()
    assert message["y"] + message["height"] <= screen.page.locator(".save-bar").bounding_box()["y"]


def test_shows_what_the_board_refuses_at_its_field(mock, open_screen):
    mock.logged_in = True
    screen = open_settings(open_screen, mock.url.rstrip("/"), failures=True)
    field = screen.page.get_by_label("Name of the board's network")
    field.fill("taken")
    screen.page.get_by_role("button", name="Save").click()
    expect(setting(screen, "AP_SSID").locator(".error")).to_have_text(
        "Another board has this name."
    )
    expect(field).to_be_focused()
    unsaved(screen, 1)


def test_guards_unsaved_changes(mock, open_screen):
    screen = open_screen(f"{mock.url}#/log")
    screen.see_heading("Log")
    screen.tab("Settings")
    screen.page.get_by_label("Write to the drive every").fill("300")
    screen.page.get_by_role("link", name="System").click()
    expect(screen.page.get_by_role("dialog")).to_contain_text("Write to the drive every")
    screen.confirm("Stay here")
    expect(screen.page.get_by_label("Write to the drive every")).to_have_value("300")
    assert screen.page.url.endswith("#/settings")
    screen.page.go_back()
    screen.confirm("Leave without saving")
    screen.page.wait_for_url("**/#/*")
    expect(screen.page.get_by_role("heading", level=1, name="Settings")).to_have_count(0)


def test_closing_the_window_with_unsaved_changes_asks(mock, open_screen):
    screen = open_settings(open_screen, mock.url.rstrip("/"))
    asked = []
    screen.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    screen.page.get_by_label("Write to the drive every").press_sequentially("1")
    screen.page.close(run_before_unload=True)
    screen.context.pages[0].wait_for_timeout(500)
    assert asked == ["beforeunload"]


def test_secrets_stay_masked_until_changed(board, open_screen):
    simulated = board(writes=True)
    screen = open_settings(open_screen, simulated.url)
    secret = setting(screen, "ADMIN_PASSWORD")
    expect(secret).to_contain_text("••••••••")
    assert PASSWORD not in screen.page.content()
    secret.get_by_role("button", name="Change").click()
    field = secret.locator("input")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("type", "password")
    expect(secret.locator(".error")).to_contain_text("8 to 63")
    field.fill("a new password")
    unsaved(screen, 1)
    screen.page.get_by_role("button", name="Save").click()
    screen.log_in(PASSWORD)
    screen.see("Saved: Admin password.")
    assert value_in_file(simulated, "ADMIN_PASSWORD").startswith('"a new password"')


def test_a_secret_can_be_kept(mock, open_screen):
    screen = open_settings(open_screen, mock.url.rstrip("/"))
    secret = setting(screen, "ADMIN_PASSWORD")
    secret.get_by_role("button", name="Change").click()
    unsaved(screen, 1)
    secret.get_by_role("button", name="Keep the current one").click()
    unsaved(screen, 0)
    expect(secret.locator("input")).to_be_hidden()


def test_secrets_are_not_mixed_up_by_a_browser_that_keeps_passwords(mock, open_screen):
    """Each is in a form with a name of its own; that form is saved with the others."""
    mock.logged_in = True
    screen = open_settings(open_screen, mock.url.rstrip("/"))
    setting(screen, "AP_PASSWORD").get_by_role("button", name="Change").click()
    setting(screen, "ADMIN_PASSWORD").get_by_role("button", name="Change").click()
    names = [
        setting(screen, key)
        .locator("input")
        .evaluate("input => new FormData(input.form).get('username')")
        for key in ("AP_PASSWORD", "ADMIN_PASSWORD")
    ]
    assert names == ["AP_PASSWORD", "admin"]
    setting(screen, "AP_PASSWORD").locator("input").fill("a new password")
    setting(screen, "ADMIN_PASSWORD").locator("input").fill("another password")
    setting(screen, "ADMIN_PASSWORD").locator("input").press("Enter")
    screen.see("Saved: Password of the board's network, Admin password.")


def test_offers_the_restart_that_a_setting_needs(board, open_screen):
    simulated = board(writes=True)
    screen = open_settings(open_screen, simulated.url)
    screen.page.get_by_label("Name of the board", exact=True).fill("greenhouse")
    screen.page.get_by_role("button", name="Save").click()
    screen.log_in(PASSWORD)
    expect(screen.page.get_by_role("dialog", name="Restart the board?")).to_be_visible()
    screen.confirm("Cancel")
    expect(screen.page.locator("#notices")).to_contain_text(
        "Some settings take effect at a restart."
    )


def test_backup_and_restore_with_preview(board, open_screen, tmp_path):
    simulated = board(writes=True)
    screen = open_settings(open_screen, simulated.url)
    with screen.page.expect_download() as download:
        screen.page.get_by_role("link", name="Download backup").click()
    assert download.value.suggested_filename == "settings.toml"
    text = download.value.path().read_text()
    assert PASSWORD not in text and "FLUSH_SECONDS" in text

    changed = tmp_path / "changed.toml"
    changed.write_text(text.replace("FLUSH_SECONDS = 600", "FLUSH_SECONDS = 120"))
    screen.page.locator("#restore-file").set_input_files(changed)
    screen.log_in(PASSWORD)
    dialog = screen.page.get_by_role("dialog", name="Restore changed.toml?")
    expect(dialog).to_contain_text("Write to the drive every FLUSH_SECONDS")
    expect(dialog).to_contain_text("10 min → 2 min")
    screen.confirm("Cancel")
    assert value_in_file(simulated, "FLUSH_SECONDS").startswith("600")
    screen.page.locator("#restore-file").set_input_files(changed)
    screen.confirm("Restore")
    screen.see("Restored 1 setting from changed.toml.")
    expect(screen.page.get_by_label("Write to the drive every")).to_have_value("120")
    assert value_in_file(simulated, "FLUSH_SECONDS").startswith("120")
    assert value_in_file(simulated, "ADMIN_PASSWORD").startswith(f'"{PASSWORD}"')


def test_a_file_that_is_no_backup_is_refused_with_the_reason(board, open_screen, tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("FLUSH_SECONDS = 600\nthis is no setting\n")
    simulated = board(writes=True)
    screen = open_settings(open_screen, simulated.url, failures=True)
    screen.page.locator("#restore-file").set_input_files(broken)
    screen.log_in(PASSWORD)
    expect(screen.page.locator(".toast.bad")).to_be_visible()
    expect(screen.page.get_by_role("dialog")).to_have_count(0)


# ---- Sections, presets, defaults ----


def test_sections_are_jumped_to(mock, open_screen):
    screen = open_settings(open_screen, mock.url.rstrip("/"), size="narrow")
    screen.page.get_by_role("navigation", name="Sections").get_by_role(
        "link", name="Device"
    ).click()
    expect(screen.page.get_by_label("Name of the board", exact=True)).to_be_in_viewport()
    screen.see_heading("Settings")


def test_intervals_have_presets(mock, open_screen):
    screen = open_settings(open_screen, mock.url.rstrip("/"))
    row = setting(screen, "FLUSH_SECONDS")
    expect(row.get_by_role("button", name="10 min")).to_have_attribute("aria-pressed", "true")
    assert row.get_by_role("button", name="1 s", exact=True).count() == 0, "below the minimum"
    row.get_by_role("button", name="1 h").click()
    expect(screen.page.get_by_label("Write to the drive every")).to_have_value("3600")
    unsaved(screen, 1)


def test_one_value_goes_back_to_its_default(mock, open_screen):
    mock.values["FLUSH_SECONDS"] = 300
    screen = open_settings(open_screen, mock.url.rstrip("/"))
    row = setting(screen, "FLUSH_SECONDS")
    expect(setting(screen, "SAMPLE_SECONDS").locator(".reset")).to_be_hidden()
    row.get_by_role("button", name="Reset to default: 10 min").click()
    expect(screen.page.get_by_label("Write to the drive every")).to_have_value("600")
    unsaved(screen, 1)


def test_a_default_is_told_in_the_language_of_the_page(mock, open_screen):
    mock.values["WIFI_MODE"] = "station"
    screen = open_screen(f"{mock.url}#/settings", locale="de-DE")
    expect(setting(screen, "WIFI_MODE").locator(".reset")).to_have_text(
        "Zurück auf Standard: Eigenes Netz"
    )


def test_all_settings_go_back_to_their_defaults_after_naming_them(mock, open_screen):
    mock.logged_in = True
    mock.values.update({"FLUSH_SECONDS": 300, "LOW_BATTERY_VOLTS": 3.3})
    screen = open_settings(open_screen, mock.url.rstrip("/"))
    screen.page.get_by_role("button", name="Reset all settings").click()
    dialog = screen.page.get_by_role("dialog", name="Reset all settings?")
    expect(dialog).to_contain_text("5 min → 10 min")
    expect(dialog).to_contain_text("3.3 V → 0 V")
    screen.confirm("Reset all settings")
    screen.see("2 settings were reset.")
    assert mock.values["FLUSH_SECONDS"] == 600 and mock.values["LOW_BATTERY_VOLTS"] == 0


def test_yes_and_no_are_switches_and_restarts_are_tagged(mock, open_screen):
    screen = open_settings(open_screen, mock.url.rstrip("/"))
    expect(screen.page.get_by_role("switch", name="Log in to read, too")).not_to_be_checked()
    expect(setting(screen, "AP_SSID").locator(".tag")).to_have_text("restart")
    expect(setting(screen, "SAMPLE_SECONDS").locator(".tag")).to_have_count(0)


@pytest.mark.parametrize(("locale", "typed"), [("en-US", "1,000"), ("de-DE", "1.000")])
def test_thousands_are_saved_as_thousands(mock, open_screen, locale, typed):
    mock.logged_in = True
    screen = open_screen(f"{mock.url}#/settings", locale=locale)
    field = screen.page.locator("#setting-FLUSH_SECONDS")
    field.fill(typed)
    expect(setting(screen, "FLUSH_SECONDS").locator(".meaning")).to_have_text("= 16 min")
    field.press("Enter")
    wait_for(lambda: mock.values["FLUSH_SECONDS"] == 1000, "saving a thousand")


def test_a_refused_value_is_told_once(mock, open_screen):
    mock.logged_in = True
    screen = open_settings(open_screen, mock.url.rstrip("/"), failures=True)
    screen.page.get_by_label("Name of the board's network").fill("taken")
    screen.page.get_by_role("button", name="Save").click()
    expect(screen.page.get_by_text("Another board has this name.")).to_have_count(1)
    expect(screen.page.locator(".toast")).to_have_count(0)
