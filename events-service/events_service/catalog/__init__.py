"""Reading what is on: browse, showtimes, details, seats, seat plans."""
