"""An update on the drive: how it waits, how it takes its place, how it is taken back.

The room imports nothing of the app: lib/rescue/ on a board holds a copy of it. docs/updates.md has
the whole picture.
"""
