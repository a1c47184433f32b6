"""The events service: what is on, where its seats are, and the hands that change it."""
