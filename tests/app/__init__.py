"""Tests of the data logger: its logic by itself, and the whole of it on a simulated board."""
