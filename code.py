"""Starts the data logger."""

from datalogger import app

app.run()
