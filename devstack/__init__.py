"""The whole system on one machine: real servers from packages, the three services and the front end.

`stack.py` is the system on a page; everything else here serves it. Behind `./frontrow`, the end-to-end
tests and the load tests stands this one package, so nobody debugs a difference between set-ups.
"""
