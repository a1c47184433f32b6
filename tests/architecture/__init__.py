"""The papers and the shape of the code hold each other to their word."""
