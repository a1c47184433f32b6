"""What organisers see of a sale: how much is sold, to what effect, and how many came too late."""
