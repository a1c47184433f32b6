"""Holds: temporary, all-or-nothing claims on seats by one user."""
