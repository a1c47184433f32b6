"""Races on real servers, each beside a control: the same race without the guard, which must go wrong.

A race that nobody can lose proves nothing. Where the control breaks and the product does not, the guard is the reason.
"""
