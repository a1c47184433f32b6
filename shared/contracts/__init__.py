"""What services agree on: Redis keys, live messages, claims of access tokens."""
