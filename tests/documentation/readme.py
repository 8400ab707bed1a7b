"""README.md taken apart: its blocks of code, and the changes to the project that it describes."""

import re
from dataclasses import dataclass

from toolkit.environment import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")

_BLOCK = re.compile(
    r"(?:^(At the end of|In|New file) `([^`\n]+)`:\n\n)?^ *```(\w+)\n(.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass
class Block:
    """One block of code. `how` and `path` say what to do with it, if a line above it does."""

    how: str
    path: str
    language: str
    text: str

    def apply(self, root):
        """Makes this change in the copy of the project at `root`."""
        file = root / self.path
        if self.how == "New file":
            assert not file.exists()
            file.write_text(self.text, encoding="utf-8")
        elif self.how == "At the end of":
            with open(file, "a", encoding="utf-8") as end:
                end.write("\n\n" + self.text)
        else:
            file.write_text(_patched(file.read_text(encoding="utf-8"), self.text), encoding="utf-8")


def section(title):
    """The text from that heading to the next of the same level or above."""
    start = re.search(rf"^(#+) {re.escape(title)}\n", TEXT, re.MULTILINE)
    assert start, f"README.md has no section {title!r}"
    rest = TEXT[start.end() :]
    end = re.search(rf"^#{{1,{len(start[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def blocks(text=TEXT):
    """All blocks of code; a diff without a file of its own goes on with the file before it."""
    found = []
    for how, path, language, content in _BLOCK.findall(text):
        if not path and language == "diff":
            how, path = found[-1].how, found[-1].path
        found.append(Block(how, path, language, content))
    return found


def commands():
    """The lines of all sh blocks."""
    return [
        line.strip()
        for block in blocks()
        if block.language == "sh"
        for line in block.text.splitlines()
    ]


def _patched(text, diff):
    before = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in " -")
    after = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in " +")
    assert text.count(before) == 1, f"this is missing, or there more than once:\n{before}"
    return text.replace(before, after)
