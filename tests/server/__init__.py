"""Tests of lib/ehttpserver.py against what it promises on the wire."""
