"""The benchmark: what an operation costs, measured beside its baselines in the same minutes (docs/benchmarks.md).

scenarios/   what is done: one file each, and the place to add one
contenders/  to whom: the product, the references, the bare endpoint, pgbench
generator/   by whom: the load, in processes of its own
rounds       in which order; accounting, statements: what it cost; goals: what we want
report/      how it is told
"""
