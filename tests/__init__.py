"""All tests. `./frontrow test` runs them."""
