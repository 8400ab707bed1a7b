"""Starts the data logger."""

import datalogger.preload  # noqa: F401 - first, for what it does to the memory
from datalogger import app

app.run()
