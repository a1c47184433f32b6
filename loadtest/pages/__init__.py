"""What the pages cost a phone on a slow line, beside a page with nothing on it in the same run.

visit    one load of a page under throttling, and taps on a seat map
report   how it is told
"""
