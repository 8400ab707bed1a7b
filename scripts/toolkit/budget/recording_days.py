"""How long the space that is left lasts for recording."""

from .. import settings_toml

# With what a board measures at the shipped settings: the chip's temperature and its supply.
BYTES_PER_ROW = len("2026-11-23 00:00:04,23.4,4.95\n")
DEFAULT_SAMPLE_SECONDS = 60
DEFAULT_RESERVE_KB = 50
SECONDS_PER_DAY = 86400


def reserve(settings: str) -> int:
    """Return the bytes that the app keeps free at these settings (the text of settings.toml)."""
    return int(_number(settings, "RESERVE_KB", DEFAULT_RESERVE_KB) * 1024)


def sample_seconds(settings: str) -> float:
    """Return the time between two rows at these settings."""
    return _number(settings, "SAMPLE_SECONDS", DEFAULT_SAMPLE_SECONDS)


def days(free: int, settings: str, cluster: int) -> float:
    """Return how many days of recording fit into `free` bytes beyond the reserve, one file a day."""
    a_day = SECONDS_PER_DAY / sample_seconds(settings) * BYTES_PER_ROW
    # A file ends in a cluster that is half full on average.
    return max(0, free - reserve(settings)) / (a_day + cluster / 2)


def _number(settings: str, key: str, default: float) -> float:
    value = settings_toml.values(settings).get(key, default)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and value > 0 else default
