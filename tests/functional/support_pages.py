"""Where the pages of support are in the demonstration: each found by a question to its database, since none is everybody's."""

from __future__ import annotations

from dataclasses import dataclass

from tests.functional.deployment import SLUG

HERE = f"/p/{SLUG}/support"
OWN = "school_id = '900001'"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page of something that the demonstration keeps: the question to its database, and the page's address with what it answers."""

    asked: str
    address: str


def of_package(path: str = "", where: str = OWN) -> Kept:
    """A page of a package: of the school of whoever tries it, or of the first of which this is so."""
    return Kept(f"SELECT id FROM support_package WHERE {where} ORDER BY id", f"{HERE}/packages/{{}}/{path}")


def of_own(asked: str, path: str) -> Kept:
    """A page of something in the package of the school of whoever tries it: the question answers with both keys, as 20/visits/31."""
    return Kept(asked, f"{HERE}/packages/{{}}/{path}")


def of_offer(path: str = "", where: str = "kind = 'person'") -> Kept:
    """A page of somebody's entry in the directory."""
    return Kept(f"SELECT id FROM support_supporter WHERE {where} ORDER BY id", f"{HERE}/directory/{{}}/{path}")


def of_need(path: str = "", where: str = "state = 'open'") -> Kept:
    """A page of a request."""
    return Kept(f"SELECT id FROM support_need WHERE {where} ORDER BY id", f"{HERE}/needs/{{}}/{path}")


VISIT = (
    "SELECT p.id || '/visits/' || v.id FROM support_visit v JOIN support_package p ON p.id = v.package_id "
    "WHERE p.school_id = '900001' AND v.delivered_on IS NULL AND v.cancelled_at IS NULL"
)
NOTE = (
    "SELECT p.id || '/notes/' || n.id FROM support_noteofvisit n JOIN support_visit v ON v.id = n.visit_id "
    "JOIN support_package p ON p.id = v.package_id LEFT JOIN support_notemark m ON m.note_id = n.id "
    "WHERE p.school_id = '900001' AND m.id IS NULL"
)
COST = (
    "SELECT p.id || '/money/' || c.id FROM support_packagecost c JOIN support_package p ON p.id = c.package_id WHERE p.school_id = '900001'"
)
VOUCHED = "SELECT supporter_id || '/evidence/' || id FROM support_assurance ORDER BY id"
UNWRITTEN = (
    "SELECT v.package_id || '/visits/' || v.id FROM support_visit v LEFT JOIN support_noteofvisit n ON n.visit_id = v.id "
    "WHERE v.delivered_on IS NOT NULL AND n.id IS NULL"
)

#: name of the page -> where it is
SUPPORT: dict[str, str | Kept] = {
    "support": f"{HERE}/",
    "support-totals": f"{HERE}/totals/",
    "support-costs": f"{HERE}/costs/",
    "support-directory": f"{HERE}/directory/",
    "support-directory-add": f"{HERE}/directory/add/",
    "support-yours": f"{HERE}/directory/yours/",
    "support-designations": f"{HERE}/directory/designations/",
    "support-take-in": f"{HERE}/directory/take-in/",
    "support-published": f"{HERE}/directory/published/",
    "support-offer": of_offer(),
    "support-offer-change": of_offer("change/"),
    "support-offer-leave": of_offer("leave/"),
    "support-designate": of_offer("designations/"),
    "support-vouch": of_offer("evidence/"),
    "support-vouch-withdraw": Kept(VOUCHED, f"{HERE}/directory/{{}}/withdraw/"),
    "support-private": of_offer("private/", "school_id = '900001' AND kind = 'person'"),
    "support-answers": f"{HERE}/answers/",
    "support-answer": f"{HERE}/answers/yours/",
    "support-needs": f"{HERE}/needs/",
    "support-need-ask": f"{HERE}/needs/ask/",
    "support-matching": f"{HERE}/needs/matching/",
    "support-need": of_need(),
    "support-need, one's own": of_need(where=OWN),
    "support-need-unmet": of_need("unmet/"),
    "support-packages": f"{HERE}/packages/",
    "support-package": of_package(),
    "support-package, asked for": of_package(where="state = 'asked'"),
    "support-package, the Department's tasks": of_package(where="workflow_key = 'targeted'"),
    "support-package-move": of_package("moves/end/"),
    "support-package-pause": of_package("pause/"),
    "support-package-resume": of_package("resume/", "paused_on IS NOT NULL"),
    "support-package-stop": of_package("stop/"),
    "support-package-step-up": of_package("step-up/"),
    "support-package-step-down": of_package("step-down/"),
    "support-package-hand-over": of_package("hand-over/"),
    "support-package-concern": of_package("concern/", "workflow_key = 'targeted'"),
    "support-package-formal": of_package("formal/"),
    "support-effect": of_package("effect/"),
    "support-effect, long closed": of_package("effect/", "state = 'closed'"),
    "support-effects": f"{HERE}/effects/",
    "support-plan": of_package("plan/"),
    "support-plan-set": of_package("plan/set/"),
    "support-agree-withdraw": of_package("plan/withdraw/"),
    "support-visits": of_package("visits/"),
    "support-visit-new": of_package("visits/new/"),
    "support-visit-move": of_own(VISIT, "move/"),
    "support-visit-off": of_own(VISIT, "off/"),
    "support-note": of_own(UNWRITTEN, "note/"),
    "support-note-mark": of_own(NOTE, ""),
    "support-progress": of_package("reviews/"),
    "support-progress-new": of_package("reviews/new/"),
    "support-money": of_package("money/"),
    "support-cost-new": of_package("money/new/"),
    "support-cost-end": of_own(COST, "end/"),
    "support-evaluation": of_package("evaluation/"),
    "support-rates": f"{HERE}/rates/",
    "support-rate-set": f"{HERE}/rates/new/",
    "support-rate-end": Kept("SELECT id FROM funding_dayrate ORDER BY id", f"{HERE}/rates/{{}}/end/"),
    "support-contacts": f"{HERE}/contacts/",
    "support-contact-new": f"{HERE}/contacts/new/",
    "support-contact": Kept(f"SELECT id FROM support_contactnote WHERE {OWN} ORDER BY id", f"{HERE}/contacts/{{}}/"),
    "support-contact-mark": Kept(f"SELECT id FROM support_contactnote WHERE {OWN} ORDER BY id", f"{HERE}/contacts/{{}}/mark/"),
    "support-others": f"{HERE}/schools/900001/others/",
    "support-other-enter": f"{HERE}/schools/900001/others/enter/",
    "support-other-end": Kept("SELECT id FROM support_othersupport ORDER BY id", f"{HERE}/schools/900001/others/{{}}/end/"),
    "support-mentors": f"{HERE}/mentors/",
    "support-mentor-end": Kept("SELECT id FROM support_mentoring", f"{HERE}/mentors/{{}}/end/"),
    "support-call": f"{HERE}/schools/900001/call/",
    "support-rings": f"{HERE}/rings/",
    "support-ring": Kept("SELECT id FROM support_ring", f"{HERE}/rings/{{}}/"),
    "support-ring-end": Kept("SELECT id FROM support_ring", f"{HERE}/rings/{{}}/end/"),
}
#: Pages looked at in the journeys of support, or reached only from a state that the demonstration does not show to whoever signs in.
SUPPORT_ELSEWHERE = {
    "support-offer-follow", "support-private-end", "support-need-change", "support-need-withdraw", "support-need-follow",
    "support-need-begin", "support-need-choose", "support-package-task", "support-package-follow", "support-package-end-closed",
    "support-package-concern-resolve", "support-effect-fix", "support-agree", "support-note-keep", "support-cost-fund", "support-lesson",
    "support-lesson-back", "support-evaluate", "support-mentor-offer", "support-mentor-agree", "support-call-told",
    "support-call-outcome", "support-call-published", "support-call-end", "support-ring-agree", "support-ring-leave",
    "support-ring-told", "support-ring-propose",  # tests/functional/test_support_*.py and the pages' own tests
    "support-published-services", "support-published-service", "support-published-extension",  # for machines
}  # fmt: skip
#: Pages of support with charts.
SUPPORT_PICTURES = {
    "support-totals", "support-effect", "support-effect, long closed", "support-effects", "support-directory", "support-rings",
}  # fmt: skip
