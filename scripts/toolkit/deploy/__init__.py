"""Bringing the payload to a board, by cable or over Wi-Fi."""
