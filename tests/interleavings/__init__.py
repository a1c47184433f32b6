"""Every order in which the statements of two or three operations can reach one PostgreSQL, each on its own connection.

    stepping.py     connections that stop before every statement, and wait to be told to go on
    scheduler.py    lets one operation go on at a time; knows from PostgreSQL's lock table which ones wait for a lock
    orders.py       all orders, one after the other; the same order again from its text
    situations.py   what the operations find: an event of three seats, a hold, a booking, a clock that can jump
    operations.py   the product's own services, put on such connections
    checks.py       what must be true afterwards, whatever the order was
    laboratory.py   the database and the connections; runs one schedule from the beginning

A schedule is written as `situation: operation.step operation.step …`, and can be run again:

    pytest tests/interleavings --schedule "ended: holdA.1 confirm.1 holdA.2 …"
"""
