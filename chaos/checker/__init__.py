"""Compares what everybody saw with what the database holds. Pure: a history goes in, violations come out.

Seats are independent registers, and each change of one has a version, so no search for an order is needed: the ledger
claims one, and it is checked against the answers that people got and the times at which they got them. If all rules
hold, the ledger's order is a witness that the run was linearizable, seat by seat. The ledger is written by the system
under test: so it is never believed alone (docs/reliability.md).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from chaos.checker import answers, door, effects, ledger, maps, order, promises
from chaos.checker.history import History, Violation

RULES: Mapping[str, Callable[[History], Iterator[Violation]]] = {
    "the ledger is a legal path of each seat": ledger.legal_paths,
    "what was acknowledged is in the ledger": effects.acknowledged_is_durable,
    "what was refused had no effect, and every effect was asked for": effects.effects_were_asked_for,
    "the same key gets the same answer": answers.same_key_same_answer,
    "what ended before something began comes before it": order.real_time_order,
    "a reader is never behind what was acknowledged before": order.reads_are_fresh,
    "a hold is kept until its end": promises.holds_are_kept,
    "nobody is refused a seat that is free": promises.refusals_have_a_reason,
    "a ticket lets in once, and for ever": door.admissions_stand,
    "whoever was let in was scanned": door.admissions_were_asked_for,
    "whoever is sent away from the door is told the truth": door.refusals_at_the_door_are_true,
    "viewers are told the truth, forwards": maps.viewers_hear_the_truth,
    "viewers are told soon": maps.viewers_are_told_soon,
    "viewers agree with the database in the end": maps.viewers_agree,
    "my bookings are what was acknowledged": answers.my_bookings_are_right,
    "no answer is a crash of ours": answers.no_crashes,
    "an honest token is let in, but for a wrong clock": answers.honest_tokens_are_let_in,
    "the auditor finds nothing": answers.the_auditor_finds_nothing,
}


def check(history: History) -> Sequence[Violation]:
    """Everything that is wrong with the run."""
    return [violation for rule in RULES.values() for violation in rule(history)]
