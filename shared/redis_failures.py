"""How it shows that Redis is away. Nobody's seat depends on Redis, so each user of it goes on without."""

from redis.exceptions import RedisError

REDIS_ALONE: tuple[type[Exception], ...] = (
    RedisError,
    # Where uvloop has noticed that Redis died before redis-py has, a write says "the handler is closed", and redis-py
    # 8 passes that on as it is. Holds were answered with 500 for it, until a chaos run (seed 4) killed Redis.
    RuntimeError,
)
"""For `except` around work that also asks the database: what only Redis raises there."""

REDIS_FAILURES: tuple[type[Exception], ...] = (*REDIS_ALONE, OSError, TimeoutError)
"""For `except`, around nothing but the command itself."""
