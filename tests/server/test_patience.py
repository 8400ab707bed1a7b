"""The table of milliseconds is the same in the code and in the documentation."""

import re

from .harness import ROOT, load


def test_the_reference_has_the_milliseconds_of_the_code():
    text = (ROOT / "docs" / "library.md").read_text()
    told = [int(number) for number in re.findall(r"^\|[^|]+\| (\d+) ms", text, re.MULTILINE)]
    library = load()["ehttpserver"]
    # The first state is a free place, the last two never give way.
    assert told == list(library._PATIENCE)[1:7]
    assert f"Progress is each {library._PROGRESS} bytes" in text
