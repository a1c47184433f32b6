"""The stack with real servers and real processes."""
