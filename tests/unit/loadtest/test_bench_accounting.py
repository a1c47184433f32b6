"""CPU time of process trees: whose time is counted, and that nobody's is counted twice."""

import os
import subprocess
import sys

from loadtest.bench.accounting import Cost, ProcessTimes, metered, parse_stat, tree_seconds

SERVER, BACKEND, WORKER, STRANGER = 10, 11, 12, 99


def test_a_tree_is_its_root_all_living_descendants_and_those_that_have_ended() -> None:
    table = {
        SERVER: ProcessTimes(parent=1, own_s=1.0, reaped_s=0.5),
        BACKEND: ProcessTimes(parent=SERVER, own_s=2.0, reaped_s=0.0),
        WORKER: ProcessTimes(parent=BACKEND, own_s=4.0, reaped_s=0.0),
        STRANGER: ProcessTimes(parent=1, own_s=100.0, reaped_s=0.0),
    }

    assert tree_seconds(table, SERVER) == 7.5


def test_a_process_that_is_gone_took_no_time() -> None:
    assert tree_seconds({}, SERVER) == 0.0


def test_a_line_of_proc_is_split_after_the_name_whatever_that_holds() -> None:
    hertz = os.sysconf("SC_CLK_TCK")
    fields = ["S", "7", *["0"] * 9, str(2 * hertz), str(hertz), str(3 * hertz), str(hertz), "20"]

    times = parse_stat(f"42 (a ) odd (name) {' '.join(fields)}")

    assert times == ProcessTimes(parent=7, own_s=3.0, reaped_s=4.0)


def test_work_of_a_child_that_ended_meanwhile_is_counted() -> None:
    busy = "import time\nwhile time.process_time() < 0.2: pass"

    with metered({"us": [os.getpid()]}) as cost:
        subprocess.run([sys.executable, "-I", "-c", busy], check=True)  # noqa: S603 - our own interpreter

    assert cost.seconds["us"] > 0.1


def test_cost_per_operation_has_its_total() -> None:
    cost = Cost({"service": 0.3, "postgres": 0.1})

    assert cost.us_per(1000) == {"service": 300.0, "postgres": 100.0, "total": 400.0}
    assert cost.us_per(0) == {}
