"""The gate: Redis keys that turn a stampede away early. It may refuse; it never grants."""
