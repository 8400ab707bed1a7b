"""Tests of the pages in headless Chromium, on a simulated board and on a mock that misbehaves."""
