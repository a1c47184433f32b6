"""`viewers` and `viewers-5000`: a sale goes on, and a thousand people and more watch every seat turn."""

from loadtest.bench.cast import Cast
from loadtest.bench.contenders.shop import OpenEvent, Shop
from loadtest.bench.crew import Audience
from loadtest.bench.frames import COMPACT, seats_told
from loadtest.bench.plans import Answers, Heard, Walk, Watch, Watched
from loadtest.bench.pressing import Pressed, held_as_answered, only, person, press, unknown, warm_up
from loadtest.bench.scenario import Metric, Sample, Scenario
from loadtest.bench.terms import Terms
from loadtest.model import Check
from loadtest.report import percentile

HOLD_EVERY_S = 2.0
"""Of one person: few enough holds of one event to be allowed."""


class Viewers(Scenario):
    """See the module. `field` of the terms says how many watch."""

    about = (
        "Seats of one event are held at an even pace, first with nobody watching, then with everybody. CPU per frame "
        "is what the services took more, over the frames that arrived. The time of a change is the database's (on the "
        "same machine, so by the same clock); it ends when the last viewer has the whole frame."
    )
    contenders = ("product", "compact", "best")
    metrics = (
        Metric("last_ms_p50", "change to the last viewer, p50", "ms", 1, plotted=True),
        Metric("last_ms_p99", "change to the last viewer, p99", "ms", 1),
        Metric("first_to_last_ms_p50", "first to last viewer, p50", "ms", 1),
        Metric("cpu_us_per_frame", "services' CPU per delivered frame", "µs", 1, plotted=True),
        Metric("frames_per_s", "frames delivered", "/s"),
        Metric("bytes_per_frame", "bytes per frame", "", 0),
        Metric("open_s", "everybody's map open after", "s", 2),
        Metric("audience_us", "viewers' own CPU per frame", "µs", 1),
        Metric("audience_cores", "viewers' own share of a core", "", 2),
    )

    def __init__(self, name: str, field: str, title: str) -> None:
        self.name = name
        self.title = title
        self._field = field

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        shop = cast.shop("product" if contender == "compact" else contender)
        viewers = getattr(terms, self._field)
        unwatched, watched = shop.open_events(2, seats=terms.event_seats)
        warm_up(shop, [unwatched, watched], shop.buyers(2))
        before = press(_sale(shop, unwatched, terms), shop.processes())
        ports = shop.booking_ports
        sockets = [(ports[number % len(ports)], shop.viewer_path(watched.event_id)) for number in range(viewers)]
        with Audience(Watch(sockets, subprotocol=COMPACT if contender == "compact" else None)) as audience:
            audience.begin()
            during = press(_sale(shop, watched, terms), shop.processes())
            heard = audience.dismiss()
        told = _Told(heard, shop, watched, viewers=viewers)
        sales = shop.sales([unwatched, watched])
        shop.close_events([unwatched, watched])
        if contender == "compact" and heard.subprotocol != COMPACT:
            return Sample({}, notes=["the service does not speak frontrow.v1"])
        [quietly], [loudly] = before.load.groups, during.load.groups
        return Sample(
            _values(before, during, heard, told) | {"open_s": audience.opened_s},
            [
                only(loudly, 201),
                held_as_answered(sales, Answers(status=quietly.status + loudly.status), besides=2),
                Check("no viewer was lost", heard.lost == 0, f"{heard.lost}"),
                Check(
                    "every viewer was told of every hold",
                    loudly.count(201) <= told.seats <= loudly.count(201) + unknown(loudly),
                    f"{told.seats} of {loudly.count(201)}",
                ),
            ],
        )


def _sale(shop: Shop, event: OpenEvent, terms: Terms) -> Walk:
    buyers = shop.buyers(round(terms.changes_per_s * HOLD_EVERY_S))
    turns = int(terms.seconds / HOLD_EVERY_S) + 1
    people = []
    for number, buyer in enumerate(buyers):
        first = event.first_seat_id + number * turns
        # Small halls of the short form have fewer seats than that.
        seats = [seat for seat in range(first, first + turns) if seat < event.seat_ids[-1]]
        people.append(person(shop, number, buyer, [shop.hold_request(buyer, [seat]) for seat in seats]))
    return Walk(people, seconds=terms.seconds, interval_s=HOLD_EVERY_S)


def _values(before: Pressed, during: Pressed, heard: Watched, told: "_Told") -> dict[str, float]:
    more_s = during.cost.seconds["service"] - before.cost.seconds["service"]
    values = {
        "frames_per_s": heard.frames / during.load.seconds,
        "bytes_per_frame": heard.bytes / max(heard.frames, 1),
        "audience_us": heard.cpu_s / max(heard.frames, 1) * 1e6,
        "audience_cores": heard.cpu_s / during.load.seconds,
    }
    # Less than nothing: too little was sent to be seen beside the sale itself.
    if more_s > 0:
        values["cpu_us_per_frame"] = more_s / max(heard.frames, 1) * 1e6
    if told.last_ms:
        values["last_ms_p50"], values["last_ms_p99"] = percentile(told.last_ms, 50), percentile(told.last_ms, 99)
        values["first_to_last_ms_p50"] = percentile(told.first_to_last_ms, 50)
    return values


class _Told:
    """Per held seat, when the first and the last viewer heard of it; of seats that every viewer heard of.

    Frames with the same news differ from instance to instance, so the viewers of all frames of a seat are added up.
    """

    def __init__(self, heard: Watched, shop: Shop, event: OpenEvent, *, viewers: int) -> None:
        frames: dict[int, list[Heard]] = {}
        for frame in heard.heard:
            for seat in seats_told(frame.payload, heard.subprotocol, first_seat_id=event.first_seat_id):
                frames.setdefault(seat, []).append(frame)
        held_at = shop.held_at(event)
        told = {seat: of for seat, of in frames.items() if sum(frame.sockets for frame in of) >= viewers}
        last_at = {seat: max(frame.last_at for frame in of) for seat, of in told.items()}
        self.seats = len(told)
        self.last_ms = [(at - held_at[seat]) * 1000 for seat, at in last_at.items() if seat in held_at]
        self.first_to_last_ms = [
            (last_at[seat] - min(frame.first_at for frame in of)) * 1000 for seat, of in told.items()
        ]
