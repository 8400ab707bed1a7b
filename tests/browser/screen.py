"""One browser window under test."""

import time

from playwright.sync_api import expect

DEADLINE_S = 30
expect.set_options(timeout=DEADLINE_S * 1000)

# What Chromium itself logs about failed requests.
BROWSER_LINES = (
    "Failed to load resource",
    "net::ERR_",
    "Failed to fetch dynamically imported module",
)


class Screen:
    """A window with the errors that its pages logged."""

    def __init__(self, context, failures=False):
        self.context = context
        self.errors = []
        self._failures = failures
        context.set_default_timeout(DEADLINE_S * 1000)
        self.page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))

    def _console(self, message):
        hint = message.text.startswith("[DOM]")  # about passwords and forms
        if message.type not in ("error", "warning") and not hint:
            return
        if "status of 401" in message.text:  # how the pages learn that a login is needed
            return
        if self._failures and any(line in message.text for line in BROWSER_LINES):
            return
        self.errors.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def close(self):
        self.context.close()

    def tab(self, name):
        """Open a tab of the pages by its link."""
        self.page.get_by_role("navigation").get_by_role("link", name=name).click()
        self.see_heading(name)

    def see_heading(self, name):
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_attached()

    def see(self, text):
        """Wait until the text is shown."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def see_live(self):
        """Wait until live values come."""
        expect(self.page.locator("#link")).to_have_class("state ok")

    def log_in(self, password):
        """Fill the login dialog that is open, or opens now."""
        dialog = self.page.get_by_role("dialog", name="Log in")
        dialog.get_by_label("Password").fill(password)
        dialog.get_by_role("button", name="Log in").click()
        expect(dialog).to_have_count(0)

    def confirm(self, button):
        """Press a button of the dialog that is open, or opens now."""
        self.page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()

    def fits(self):
        """Whether nothing needs sideways scrolling."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )

    def violations(self, axe_script):
        """What axe-core finds, one line for each rule and element."""
        self.page.evaluate(axe_script)
        found = self.page.evaluate(
            """async () => (await axe.run({runOnly: {type: 'tag', values:
            ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})).violations"""
        )
        return [
            f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]


def wait_for(condition, what, deadline_s=DEADLINE_S):
    """Wait until condition() is true; fail naming `what` after the deadline."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen within {deadline_s} s"
        time.sleep(0.05)
