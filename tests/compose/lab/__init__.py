"""A container engine and base images of our own, where there is neither: Debian, root, no registry, no systemd.

`python -m tests.compose.lab 'COMMAND'` starts the engine, runs the command with `docker compose` pointed at it, and
leaves the machine as it was. The compose tests do the same when they find no running engine.
"""
