"""The one origin of a browser: the front end's pages, and the services behind /api and /ws.

What nginx does in Compose, without nginx.
"""
