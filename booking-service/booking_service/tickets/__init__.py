"""Tickets: what a confirmed booking lets somebody show at the door."""
