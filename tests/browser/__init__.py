"""Tests of the pages in headless Chromium, on a simulated board and on one that misbehaves on request."""
