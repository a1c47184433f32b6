"""Creating, changing and deleting events."""
