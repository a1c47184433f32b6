"""What the seat map costs in a browser, at 1,000 and at 50,000 seats, beside an empty page in the same run.

plans    halls of a wanted size
browser  a Chromium with the front end's own files, and the page of `page/` in it
rounds   what is done with the map, and how often
report   how it is told
"""
