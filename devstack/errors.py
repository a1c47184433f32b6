"""The one error of this package: its text is written for the person at the keyboard."""


class StackError(Exception):
    """Something stands in the way. The text says what, and what to do about it; no traceback is needed."""
