"""The socket pool of this process, for those who look at what goes through it."""

pool = None
