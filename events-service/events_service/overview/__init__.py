"""All events as their organisers see them: what is sold of each."""
