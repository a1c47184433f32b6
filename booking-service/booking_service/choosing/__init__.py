"""Choosing seats well: which places of a house go together, which of those that are free are best, and for whom.

The rules (`house`, `wishes`, `together`, `split`, `accessible`, `blocks`) are pure and explained in
docs/best-available.md; `scenes` brings them what is known of an event, `service` and `alternatives` use them.
"""
