"""The load, in processes of its own: raw sockets on uvloop, requests encoded beforehand, answers hardly looked at.

aiohttp costs some 300 µs for a request, more than the endpoint that it would measure; this costs about a tenth of it,
and what it costs is reported beside every result.
"""
