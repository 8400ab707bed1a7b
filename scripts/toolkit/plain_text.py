"""Text from a board as a terminal may show it. Older Pythons can read this module too."""

import unicodedata

_KEPT = "\n\t"
_CONTROL = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def plain(text):
    """Return the text with a "?" for each character that steers a terminal or hides what stands there."""
    return "".join(
        character if character in _KEPT or unicodedata.category(character) not in _CONTROL else "?"
        for character in str(text)
    )
