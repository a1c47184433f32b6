"""Bookings: the durable sale of seats that were held."""
