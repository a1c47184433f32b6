"""How large the sales are that the machine holds, and what it can choose from at each step."""

from hypothesis import strategies as st

from tests.stateful.box_office import INSTANCES

EVENTS = (8, 4)
"""Seats of the two events."""
SALE_ENDS_IN_S = (30 * 24 * 3600, 2 * 3600)
SEATS = sum(EVENTS)
USERS = 3
ADMINS = 2
LONG_AGO = -300_000_000
"""A scanner without network has a clock of its own: it tells of instants ten years before the sale."""
IN_THE_FUTURE = 900_000_000

users = st.integers(0, USERS - 1)
any_event = st.integers(0, len(EVENTS) - 1)
keyed = st.booleans()
instances = st.integers(0, INSTANCES - 1)
several_instances = st.lists(instances, min_size=1, max_size=3)
"""Where the same request arrives at the same time: more than one is a double click."""
back = st.sampled_from((0, 0, 0, 1, 1, 2, 3, 9))
"""The last one, or the one so many before it; beyond the first there is none, which people ask for as well."""
by_whom = st.sampled_from((None, None, None, None, *range(USERS)))
"""`None`: by whoever may."""
a_few_seats = st.one_of(
    st.lists(st.integers(0, EVENTS[0] - 1), min_size=1, max_size=4, unique=True),
    st.lists(st.integers(EVENTS[0], SEATS - 1), min_size=1, max_size=4, unique=True),
)
scanners = st.sampled_from((*range(USERS, USERS + ADMINS), *range(USERS, USERS + ADMINS), 0))
"""Administrators, and one who is none."""
gates = st.sampled_from(("North", "South", None))
told_at = st.sampled_from((None, None, None, LONG_AGO, LONG_AGO + 30, LONG_AGO + 61, LONG_AGO + 200, IN_THE_FUTURE))
any_seats = st.lists(st.integers(0, SEATS), min_size=1, max_size=6)
"""Also of two events, twice the same, too many, and one that there is not."""
