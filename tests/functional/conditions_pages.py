"""Where the pages of the conditions and of consultation are in the demonstration."""

from __future__ import annotations

from tests.functional.deployment import SLUG
from tests.functional.support_pages import Kept

HERE = f"/p/{SLUG}"
WORKSHOP = "SELECT id FROM conditions_workshop WHERE {} ORDER BY id"
HELD, BY_POST, PLANNED = "follows_id IS NOT NULL", "closes_on IS NOT NULL", "state = 'planned'"


def of_workshop(path: str = "", where: str = HELD) -> Kept:
    """A page of a workshop: of the newest that was held, or of one of which this is so."""
    return Kept(WORKSHOP.format(where), f"{HERE}/workshops/{{}}/{path}")


def of_room(path: str = "") -> Kept:
    """What a phone opens of the workshop that is open by post."""
    return Kept(f"SELECT join_code FROM conditions_workshop WHERE {BY_POST} ORDER BY id", f"/join/{{}}/{path}")


def of_prediction(path: str, where: str = "outcome = ''") -> Kept:
    """A page of something that was foreseen."""
    return Kept(f"SELECT id FROM conditions_prediction WHERE {where} ORDER BY id", f"{HERE}/foresight/{{}}/{path}")


def of_consultation(path: str = "", state: str = "open") -> Kept:
    """A page of the consultation that stands there."""
    return Kept(f"SELECT id FROM consultation_consultation WHERE state = '{state}' ORDER BY id", f"{HERE}/consultations/{{}}/{path}")


def of_vote(path: str = "", state: str = "open") -> Kept:
    """A page of the vote that stands there."""
    return Kept(f"SELECT id FROM consultation_forumvote WHERE state = '{state}' ORDER BY id", f"{HERE}/votes/{{}}/{path}")


REPORTED = "reported"
OWN = "900001"
#: name of the page -> where it is
CONDITIONS: dict[str, str | Kept] = {
    "workshops": f"{HERE}/workshops/",
    "workshop-plan": f"{HERE}/workshops/plan/",
    "workshop": of_workshop(),
    "workshop, planned": of_workshop(where=PLANNED),
    "workshop-lead": of_workshop("lead/"),
    "workshop-lead, by post": of_workshop("lead/", BY_POST),
    "workshop-lead, planned": of_workshop("lead/", PLANNED),
    "workshop-change": of_workshop("plan/", PLANNED),
    "workshop-wall": of_workshop("wall/"),
    "workshop-wall, by post": of_workshop("wall/", BY_POST),
    "workshop-canvases": of_workshop("canvases/"),
    "workshop-board": of_workshop("board/", PLANNED),
    "workshop-paper": of_workshop("paper/", BY_POST),
    "workshop-open": of_workshop("open/", PLANNED),
    "workshop-withdraw": of_workshop("withdraw/", PLANNED),
    "workshop-step": of_workshop("step/", BY_POST),
    "workshop-show": of_workshop("show/", BY_POST),
    "workshop-hide": of_workshop("hide/", BY_POST),
    "workshop-close": of_workshop("close/", BY_POST),
    "workshop-results": of_workshop("results/"),
    "workshop-results, too few": of_workshop("results/", BY_POST),
    "workshop-priorities": of_workshop("results/priorities/"),
    "join-code": "/join/",
    "join-room": of_room(),
    "conditions": f"{HERE}/conditions/",
    "conditions-one": f"{HERE}/conditions/about/trust/",
    "conditions-ask": f"{HERE}/conditions/ask/",
    "conditions-say": f"{HERE}/conditions/say/",
    "conditions-close": Kept("SELECT id FROM conditions_selfassessment WHERE state = 'open'", f"{HERE}/conditions/{{}}/close/"),
    "foresight": f"{HERE}/foresight/",
    "foresight-add": f"{HERE}/foresight/add/",
    "foresight-say": of_prediction("say/"),
    "foresight-tell": of_prediction("tell/"),
    "foresight-settle": of_prediction("settle/"),
    "diagnosis": f"{HERE}/two-readings/",
    "diagnosis-read": f"{HERE}/two-readings/yours/",
}
CONSULTATION: dict[str, str | Kept] = {
    "consultations": f"{HERE}/consultations/",
    "consultation-start": f"{HERE}/consultations/start/",
    "consultation": of_consultation(),
    "consultation, reported": of_consultation(state=REPORTED),
    "consultation-change": of_consultation("change/"),
    "consultation-write": of_consultation("write/"),
    "consultation-remind": of_consultation("remind/"),
    "consultation-withdraw": of_consultation("withdraw/"),
    "consultation-rates": of_consultation("rates/"),
    "consultation-paper": of_consultation("paper/"),
    "consultation-sheet": of_consultation("sheet/"),
    "consultation-view": of_consultation("view/"),
    "consultation-answer": of_consultation(f"answer/{OWN}/"),
    "consultation-answer-step": of_consultation(f"answer/{OWN}/1/"),
    "consultation-close": of_consultation("close/"),
    "consultation, draft": of_consultation(state="draft"),
    "consultation-open": of_consultation("open/", "draft"),
    "consultation-question-add": of_consultation("questions/add/", "draft"),
    "consultation-question": of_consultation("questions/structure/", "draft"),
    "consultation-question-drop": of_consultation("questions/structure/take-out/", "draft"),
    "consultation-answer-check": of_consultation(f"answer/{OWN}/check/"),
    "consultation-answer-give": of_consultation(f"answer/{OWN}/give/"),
    "consultation-results": of_consultation("results/", REPORTED),
    "consultation-themes": of_consultation("themes/", REPORTED),
    "consultation-theme": Kept(
        "SELECT consultation_id || '/themes/' || id FROM consultation_theme ORDER BY id", f"{HERE}/consultations/{{}}/"
    ),
    "consultation-report": of_consultation("report/", REPORTED),
    "forum-votes": f"{HERE}/votes/",
    "forum-vote": of_vote(),
    "forum-vote, closed": of_vote(state="closed"),
    "forum-vote-close": of_vote("close/"),
    "forum-vote-plan": f"{HERE}/votes/declare/",
    "set-up": f"{HERE}/set-up/",
    "set-up-step": f"{HERE}/set-up/pilots/",
}
CONDITIONS_PICTURES = {
    "workshop-results",
    "workshop-wall",
    "conditions",
    "foresight",
    "diagnosis",
    "consultation-results",
    "consultation-report",
}
#: Pages looked at in the journeys that lead to them, pages that are only posted to, and files.
CONDITIONS_ELSEWHERE = {
    "workshop-choose", "workshop-note-hide", "workshop-paper-change", "workshop-paper-remove", "workshop-results-table",
    "workshop-results-slide", "workshop-words-hide", "join-send", "join-now", "join-token", "join-results", "conditions-table",
    "consultation-work-out", "consultation-theme-name", "consultation-suggestions", "consultation-theme-say", "consultation-theme-drop",
    "consultation-publish", "consultation-report-file", "forum-vote-open", "forum-vote-decide",
    "set-up-start",  # tests/functional/test_workshop.py, test_consultation.py, and files
}  # fmt: skip
