"""The sample programme: 42 events, the same every time, counted in days from the day they are loaded.

Films, artists and plays are real; venues, dates and prices are made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from events_service.seat_plans import NewEvent, SeatPlan, price_table, seat_plan_for


@dataclass(frozen=True, slots=True)
class Venue:
    """A house and its room. `capacity` None means the usual size of its template."""

    name: str
    city: str
    template: str
    capacity: int | None = None
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """One event ready to store; `prices` in minor units by category."""

    event: NewEvent
    plan: SeatPlan
    prices: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Listing:
    """What is on: its dates are (venue, days after the day of loading, hour and minute in UTC). `price` is that of the
    cheapest seats, in minor units of the venue's currency.
    """

    event_type: str
    name: str
    description: str
    price: int
    dates: tuple[tuple[Venue, int, time], ...]


TIME_ZONES = {
    "Amsterdam": "Europe/Amsterdam",
    "Berlin": "Europe/Berlin",
    "Hamburg": "Europe/Berlin",
    "London": "Europe/London",
    "Paris": "Europe/Paris",
}

LUMEN = Venue("Lumen Palast", "Berlin", "cinema-large")
MOSAIK = Venue("Kino Mosaik", "Berlin", "cinema-small")
BRUG = Venue("Filmhuis De Brug", "Amsterdam", "cinema-small", 126)
ETOILE = Venue("Cinéma Étoile", "Paris", "cinema-large", 255)
RIVERSIDE = Venue("Riverside Picture House", "London", "cinema-odd", currency="GBP")

HARBOUR_ARENA = Venue("Harbour Arena", "Hamburg", "arena")
DOCKLANDS_ARENA = Venue("Docklands Arena", "London", "arena", 11_400, "GBP")
SPREE_HALL = Venue("Spree Concert Hall", "Berlin", "concert-hall")
CANAL_HALL = Venue("Grachtenzaal", "Amsterdam", "concert-hall", 1256)
CELLAR = Venue("The Brick Cellar", "London", "club", currency="GBP")
NIGHTINGALE = Venue("Club Nachtigall", "Berlin", "club", 244)
LANTERN = Venue("Lantern Theatre", "London", "theater", currency="GBP")
COUR = Venue("Théâtre de la Cour", "Paris", "theater")
TABLES = Venue("Comedy at the Tables", "Amsterdam", "cabaret")
SPORTS_HALL = Venue("Hall of Four Winds", "Berlin", "sports-hall")
STADIUM = Venue("Alster Stadium", "Hamburg", "stadium")

_AFTERNOON, _EARLY, _LATE = time(14, 0), time(17, 15), time(20, 30)
_EVENING = time(19, 0)

PROGRAMME: tuple[_Listing, ...] = (
    _Listing(
        "movie",
        "Dune: Part Two",
        "Paul Atreides joins the Fremen and rides towards the war he has foreseen. Denis Villeneuve, 2024.",
        1150,
        (
            (LUMEN, 1, _EARLY),
            (LUMEN, 1, _LATE),
            (LUMEN, 2, _LATE),
            (ETOILE, 1, _LATE),
            (ETOILE, 3, _LATE),
            (RIVERSIDE, 1, _LATE),
            (RIVERSIDE, 4, _LATE),
        ),
    ),
    _Listing(
        "movie",
        "Spirited Away",
        "A girl finds work in a bath house for spirits. Hayao Miyazaki, 2001.",
        950,
        (
            (MOSAIK, 2, _AFTERNOON),
            (MOSAIK, 3, _AFTERNOON),
            (BRUG, 2, _AFTERNOON),
            (BRUG, 5, _EARLY),
            (RIVERSIDE, 2, _AFTERNOON),
        ),
    ),
    _Listing(
        "movie",
        "Oppenheimer",
        "The physicist who built the bomb, and what it made of him. Christopher Nolan, 2023.",
        1150,
        ((LUMEN, 3, _LATE), (ETOILE, 2, _EARLY), (ETOILE, 4, _LATE), (RIVERSIDE, 3, _EARLY)),
    ),
    _Listing(
        "movie",
        "Amélie",
        "A waitress in Montmartre sets out to mend the lives of others. Jean-Pierre Jeunet, 2001.",
        900,
        ((ETOILE, 5, _EARLY), (ETOILE, 6, _EARLY), (BRUG, 3, _LATE), (MOSAIK, 4, _EARLY)),
    ),
    _Listing(
        "movie",
        "Metropolis",
        "The city of the future, silent, with a live piano. Fritz Lang, 1927.",
        850,
        ((MOSAIK, 5, _EARLY), (RIVERSIDE, 5, _EARLY), (BRUG, 6, _EARLY)),
    ),
    _Listing(
        "movie",
        "Parasite",
        "One family folds pizza boxes, another owns a house on the hill. Bong Joon-ho, 2019.",
        950,
        ((MOSAIK, 6, _LATE), (BRUG, 7, _LATE), (LUMEN, 7, _LATE)),
    ),
    _Listing("concert", "Coldplay", "A night of songs to sing along to.", 5900, ((HARBOUR_ARENA, 21, _EVENING),)),
    _Listing("concert", "Billie Eilish", "Whispers and thunder.", 6500, ((DOCKLANDS_ARENA, 35, _EVENING),)),
    _Listing("concert", "Norah Jones", "Piano, voice, a small band.", 4200, ((SPREE_HALL, 12, _EVENING),)),
    _Listing(
        "concert",
        "Max Richter",
        "Strings, piano and electronics, without a break.",
        3800,
        ((SPREE_HALL, 16, _EVENING),),
    ),
    _Listing("concert", "Gregory Porter", "Jazz and soul.", 4400, ((CANAL_HALL, 9, _EVENING),)),
    _Listing("concert", "Khruangbin", "Bass, drums and guitar from Texas.", 3200, ((CELLAR, 8, _LATE),)),
    _Listing("concert", "Big Thief", "Loud and quiet, often in the same song.", 3000, ((CELLAR, 15, _LATE),)),
    _Listing("concert", "Agnes Obel", "Songs at the piano, close by.", 2900, ((NIGHTINGALE, 10, _LATE),)),
    _Listing("concert", "Ludovico Einaudi", "Piano and ensemble.", 4600, ((CANAL_HALL, 18, _EVENING),)),
    _Listing("concert", "Hania Rani", "Grand piano, upright piano, voice.", 3600, ((SPREE_HALL, 23, _EVENING),)),
    _Listing("theater", "Hamlet", "William Shakespeare.", 2200, ((LANTERN, 6, _EVENING), (LANTERN, 7, _EVENING))),
    _Listing("theater", "Cyrano de Bergerac", "Edmond Rostand.", 1900, ((COUR, 11, _EVENING),)),
    _Listing("comedy", "Stand-up Saturday", "Five comedians, one microphone.", 1800, ((TABLES, 5, _LATE),)),
    _Listing("sports", "City Basketball Final", "The last two of sixteen.", 2400, ((SPORTS_HALL, 28, _EVENING),)),
    _Listing("sports", "Cup Final", "Ninety minutes, and perhaps thirty more.", 2500, ((STADIUM, 44, _EVENING),)),
)


def sample_events(loaded_on: date) -> Iterator[SampleEvent]:
    """The programme with the first showing on the day after `loaded_on` (UTC)."""
    for listing in PROGRAMME:
        for venue, days, at in listing.dates:
            plan = _plan_of(listing.event_type, venue)
            yield SampleEvent(
                event=NewEvent(
                    name=listing.name,
                    event_type=listing.event_type,
                    venue=venue.name,
                    city=venue.city,
                    description=listing.description,
                    time_zone=TIME_ZONES[venue.city],
                    start_time=datetime.combine(loaded_on + timedelta(days=days), at, UTC),
                    currency=venue.currency,
                ),
                plan=plan,
                prices=price_table(plan, listing.price),
            )


@cache
def _plan_of(event_type: str, venue: Venue) -> SeatPlan:
    """A room is drawn once, though it shows many events."""
    return seat_plan_for(event_type, template=venue.template, capacity=venue.capacity)
