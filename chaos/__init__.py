"""Breaks the real system while people use it, writes down what everybody saw, and compares that with the database.

`./frontrow chaos --seed 1 --seconds 60`. What is promised and how it is tested: docs/reliability.md.
"""
