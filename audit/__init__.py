"""The auditor: what must hold in the database, asked in one snapshot while the sale goes on.

`python -m audit`, or `./frontrow audit`. The invariants are the SQL files in `audit/invariants`; docs/audit.md is for
operators.
"""
