"""The ladder: what boot.py runs, and the page of last resort.

On a board it stands on its own copies of the library and of the update's code, which
`scripts/toolkit/` puts beside it. No update touches any of it before the new version has served
for a while.
"""
