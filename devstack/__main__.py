"""`python -m devstack`: what `./frontrow` becomes once its virtual environment is ready."""

from devstack.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
