"""One module for each command of `./frontrow`; `run(arguments)` returns its exit code."""
