"""Plain drivers of chips whose usual driver takes more memory than a board with several sensors has.

A deployment brings those that the chosen sensors import, like the libraries from PyPI.
"""
