"""What the platform holds beside each condition: who sees which lines, and that none of them is exact where others see ranges."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.conditions.queries.evidence import SOURCES, evidence
from convenor.conditions.rules.evidence import CONDITIONS, EvidenceLine
from convenor.consultation.models import Consultation
from convenor.funding.actions import record_fund
from convenor.governance.actions import set_priority
from convenor.partnership.actions import record_engagement
from convenor.partnership.roles import Permission
from tests.factories.consultation import asking, respond
from tests.factories.partnership import AT, ON, SLUG, World, world

pytestmark = pytest.mark.django_db


def lines(here: World, who: str) -> list[EvidenceLine]:
    found = evidence(SLUG, viewer=here[who], at=AT)
    assert found is not None
    return [line for rows in found.values() for line in rows]


def test_evidence_is_told_to_each_viewer_as_its_own_pages_tell_it() -> None:
    here = world()
    record_fund(slug=SLUG, name="Pool", source="Schools", year="2026-27", pence=100_000, by="the test", at=AT)
    set_priority(
        slug=SLUG, title="Reading", why="", lead_body="board", measure="From 60 to 70", came_from="", from_on=ON, until_on=date(2027, 9, 1),
        by="the test", at=AT,
    )  # fmt: skip
    for urn in ("990001", "990002"):
        record_engagement(slug=SLUG, urn=urn, kind="attended", what="A day", on=ON, by="the test", at=AT, source="test")
    said = {line.says: line.shown for line in lines(here, "manager")}
    assert said["Priorities with a body that leads"] == "1 of 1"
    assert said["Funds of 2026-27 by source"] == "Schools: £1,000"
    assert said["Seats that somebody left in twelve months"] == "0 of 6 seats"
    assert said["Posts that link us with partners"] == "DfE regional director's link; Diocesan adviser"
    assert said["Schools that asked themselves, of those with a request in twelve months"] == "too few to say"
    assert said["Seats held"] == "5 of 6 seats"
    assert said["Schools that took part in twelve months"] == "about 0 of 6 schools"  # two, which the manager may know elsewhere
    assert said["Days of support given in twelve months"] == "too few to say"
    assert said["Peer reviews with their visit held"] == "too few to say"
    # A deputy sees no totals, no money and no papers.
    deputy = lines(here, "school leader")
    assert {line.needs for line in deputy} == {""}
    assert {line.needs for line in lines(here, "manager")} == {
        "", *(each.value for each in (
            Permission.ENGAGEMENT_SEE, Permission.FUND_SEE, Permission.PAPERS_READ, Permission.REVIEW_TOTALS_SEE,
            Permission.SUPPORT_TOTALS_SEE, Permission.EARLY_TOTALS_SEE,
        )),
    }  # fmt: skip
    assert {line.condition for line in deputy} == {"vision", "trust", "engagement", "leadership", "authority", "links", "structures"}
    assert {line.condition for line in lines(here, "manager")} == set(CONDITIONS)
    assert evidence(SLUG, viewer=here["somebody with no post"], at=AT) is None


def test_last_consultation_is_told_as_anybody_reads_it() -> None:
    here = asking()
    row = Consultation.objects.get()
    for urn in ("990001", "990002", "990003"):
        respond(here, row, urn)
    said = {line.says: line.shown for line in lines(here, "manager")}
    assert said["Schools were last consulted"] == "no consultation has closed yet"
    Consultation.objects.update(state="closed")
    said = {line.says: line.shown for line in lines(here, "manager")}
    assert said["Schools were last consulted"] == f"{row.title}, to 16 November 2026"
    assert said["Schools that answered it"] == "about 5 of 6 schools"  # three, which the manager may know elsewhere


def test_features_above_added_themselves_once() -> None:
    assert len(SOURCES) == len(set(SOURCES))
    modules = {source.__module__.removeprefix("convenor.") for source in SOURCES}
    assert modules >= {"conditions.queries.evidence", "peer_review.queries.conditions", "support.queries.conditions", "web.evidence"}
