"""`python -m chaos.clocks.run FILE MODULE …`: `python -m MODULE …` whose wall clock is wrong by what FILE says."""

import runpy
import sys
from pathlib import Path

from chaos.clocks.shifting import shift_clocks
from chaos.clocks.skew import Skew


def main() -> None:
    """Shift, then become the module."""
    file, module = sys.argv.pop(1), sys.argv.pop(1)
    shift_clocks(Skew(Path(file)).seconds)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
