"""Takes the pictures of docs/images anew: a short-lived system with a lively sale, looked at by a real Chromium.

`./frontrow pictures`. What they show: docs/screens.md.
"""
