"""Another checkout takes part with its own code."""

import subprocess
import sys
from pathlib import Path

from devstack.paths import python_environment
from loadtest.bench.contenders.checkout import parts_of


def test_a_service_of_another_checkout_runs_that_checkouts_code_with_our_options(tmp_path: Path) -> None:
    package = tmp_path / "booking-service" / "booking_service"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import sys\nprint('theirs', sys.argv[1:])\n")

    # S603: our own interpreter and module.
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-P", *parts_of(tmp_path).booking, "--port", "1"],
        env=python_environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "theirs ['--port', '1']\n"
