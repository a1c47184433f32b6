"""Planted bugs: is the checker any good? Each changes the code of one service in its own process, never in a file, and
the product knows nothing of it. Where the database itself would refuse the bug, its guard is switched off as well.
"""
