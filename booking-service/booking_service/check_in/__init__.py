"""Check-in: who is let in at the door, once for each ticket."""
