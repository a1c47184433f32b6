"""The whole system as its users meet it: real processes, one origin, HTTP, sockets, a browser."""
