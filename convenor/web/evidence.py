"""What a consultation adds beside the nine conditions. Consultation and conditions stand side by side and know nothing of one another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from convenor.conditions.rules.evidence import EvidenceLine
from convenor.consultation.queries.consultations import consultation, consultations
from convenor.consultation.queries.rates import whole
from convenor.consultation.rules.states import ConsultationState
from convenor.partnership.gate import ANYONE, Viewer, day_of

SOURCE: Final = "Consultations, rounded to five"
OVER: Final = (ConsultationState.CLOSED, ConsultationState.REPORTED)


def evidence(slug: str, *, viewer: Viewer, at: date | datetime) -> Iterable[EvidenceLine]:  # noqa: ARG001 - told alike to every viewer
    """When schools were last consulted and how many answered, as anybody may read it, whoever asks. Eight queries at most."""
    on, found = day_of(at), consultations(slug, viewer=ANYONE, at=at)
    over = [each for each in (found[1] if found else ()) if each.state in OVER]
    if not over:
        yield EvidenceLine("vision", "Schools were last consulted", "", "", on, SOURCE, "no consultation has closed yet")
        return
    last = max(over, key=lambda each: (each.closes_on, each.pk))
    yield EvidenceLine("vision", "Schools were last consulted", f"{last.title}, to {last.closes_on:%-d %B %Y}", "", on, SOURCE)
    seen = consultation(slug, last.pk, viewer=ANYONE, at=at)
    rate = whole(seen, viewer=ANYONE, at=at) if seen is not None else None
    if rate is None or rate.heard is None:
        yield EvidenceLine("vision", "Schools that answered it", "", "", on, SOURCE, "too few schools to say")
    else:
        yield EvidenceLine("vision", "Schools that answered it", f"about {rate.heard} of {rate.asked}", "schools", on, SOURCE)
