"""The admin server: what every request passes, and the frequent requests."""
