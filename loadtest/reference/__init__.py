"""What Frontrow is measured against: the described design, in a literal form and in its best form, and a bare endpoint.

Reference code for `./frontrow bench`; the product never imports it, and it is not for serving anybody. The stack is
the described one: FastAPI with pydantic bodies, synchronous SQLAlchemy ORM on psycopg2, synchronous redis-py, PyJWT
for each request, a ConnectionManager that awaits `send_json` for each socket.

Where it is generous, compared with the product: no ledger, no guard in the database, no idempotency, no limit of holds,
no session lookup (a signature is believed until it ends), no request ids and no log line per request, news only for the
viewers of its own process.
"""
