"""Who may review whom: each hard rule that concerns one person and one host, with its reason in words.

Sources: distance and no vested interest (Challenge Partners' four tests); a school's own objections; the rest is the default of
this software, set out in docs/how-to/match-reviewers.md.
"""

from __future__ import annotations

from convenor.peer_review.rules.matching.round import Person, Round, Rule, School


def barred_by(found: Round, person: Person, host: School) -> list[Rule]:
    """The rules in force that bar `person` from the team that reviews `host`; empty where none does."""
    school = found.school(person.school) if person.school else None
    barred = [
        (Rule.TRAINING, person.trained_until < found.on),
        (Rule.REVIEWS_LEFT, person.reviews_left < 1),
        (Rule.DECLARED_INTEREST, host.id in person.declared_interests),
    ]
    if school:
        barred += [(rule, rule in bars_school(school, host)) for rule in _BETWEEN_SCHOOLS]
    return [rule for rule, bars in barred if bars and rule in found.enforced]


_BETWEEN_SCHOOLS = (Rule.OWN_SCHOOL, Rule.SAME_TRUST, Rule.FEDERATION, Rule.OBJECTION, Rule.REACH)


def bars_school(school: School, host: School) -> list[Rule]:
    """The rules that keep everyone of `school` from reviewing `host`, whether waived or not."""
    bars = {
        Rule.OWN_SCHOOL: school.id == host.id,
        Rule.SAME_TRUST: school.id != host.id and school.trust is not None and school.trust == host.trust,
        Rule.FEDERATION: school.id != host.id and school.federation is not None and school.federation == host.federation,
        Rule.OBJECTION: school.id in host.objects_to,
        Rule.REACH: school.circle is not None and host.circle is not None and school.circle != host.circle,
    }
    return [rule for rule in _BETWEEN_SCHOOLS if bars[rule]]


def may_review(found: Round, person: Person, host: School) -> bool:
    """Whether `person` may be a member of the team that reviews `host`."""
    return not barred_by(found, person, host)


def rests_from(found: Round, school_id: str, host_id: str) -> int | None:
    """How many cycles ago `school_id` led at `host_id`, the latest, where it still rests; None where it may lead."""
    ago = [led.cycles_ago for led in found.history if (led.host, led.lead_school) == (host_id, school_id)]
    return min(ago) if ago and min(ago) <= found.rest_cycles else None
