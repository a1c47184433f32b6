"""The booking service: holds, bookings, and the live map of who sits where."""
