"""Why a package manager failed, read off its output. Older Pythons can read this module too."""

_NO_NETWORK = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ENETUNREACH",
    "ETIMEDOUT",
    "ENOTCACHED",
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ProxyError",
    "Failed to establish a new connection",
)


def reason(output: str) -> str:
    """Return why a package manager failed, from what it printed."""
    for sign in _NO_NETWORK:
        if sign in output:
            return (
                f"the package registry did not answer ({sign}). "
                "It is needed once; after that everything works offline."
            )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines or ["no message"]
    return errors[0].removeprefix("ERROR:").strip()
