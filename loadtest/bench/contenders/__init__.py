"""To whom a scenario is done: the product and its baselines, behind one interface."""
