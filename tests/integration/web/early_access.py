"""Early conversations for the table of access: who sees which page, and conversations at the stages that the pages are for."""

from __future__ import annotations

from typing import Any

from convenor.intelligence import actions as early
from convenor.intelligence.models import EarlyConversation, Reply
from convenor.intelligence.rules.conversation import Outcome, ReplyKind
from tests.factories.partnership import AT, SLUG, World

BROKER = frozenset({"broker"})
CHAIR = frozenset({"chair-of-governors"})  # who alone of the table speaks for the school
#: 990001 asked itself, its lines are shared and it has said something; 990002's conversation is taken up, 990004's agreed, 990005's waits.
PAGES: dict[str, frozenset[str]] = {
    "early-conversations": frozenset({
        "head", "school-leader", "chair-of-governors", "trust-lead", "cluster-lead", "officer", "broker", "manager",
    }),
    "early-conversation": BROKER | {"school-leader", "chair-of-governors"},
    "early-refer": CHAIR,
    "early-reply": CHAIR,
    "early-cluster": CHAIR,
    "early-withdraw": CHAIR,
    "early-take-up": BROKER,
    "early-share": BROKER,
    "early-answer": BROKER,
    "early-agree": BROKER,
    "early-review": BROKER,
    "early-hand-over": BROKER,
    "early-step-aside": BROKER,
}  # fmt: skip
#: Who is told that there is no such page, where others are refused: those who speak for another school.
HIDDEN_FROM = {name: frozenset({"head", "trust-lead"}) for name in ("early-cluster", "early-withdraw")}
#: Pages that are only read.
READ = ("early-conversations", "early-conversation")


def begin(everyone: World) -> None:
    """Four schools ask for a conversation themselves; each is taken so far."""
    broker, chair, trust = everyone["broker"], everyone["chair of governors"], everyone["trust lead"]
    for urn, by in (("990001", chair), ("990002", trust), ("990004", trust), ("990005", everyone["other head"])):
        early.refer_self(slug=SLUG, urn=urn, by=by, at=AT)
        if urn == "990005":
            continue
        pk = early.take_up(slug=SLUG, urn=urn, by=broker, at=AT).pk
        if urn != "990002":
            early.share(slug=SLUG, conversation_id=pk, by=broker, at=AT)
        if urn == "990004":
            early.triage(slug=SLUG, conversation_id=pk, outcome=Outcome.SUPPORT, why="Agreed.", by=broker, at=AT)
    early.reply(slug=SLUG, urn="990001", kind=ReplyKind.COMMENT, words="We know.", by=chair, at=AT)


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    shared, taken, agreed = (EarlyConversation.objects.get(school_id=urn).pk for urn in ("990001", "990002", "990004"))
    given: dict[str, list[Any]] = {
        "early-conversations": [SLUG], "early-refer": [SLUG, "990001"], "early-reply": [SLUG, "990001"],
        "early-take-up": [SLUG, "990005"], "early-answer": [SLUG, shared, Reply.objects.get().pk], "early-share": [SLUG, taken],
        "early-review": [SLUG, agreed],
    }  # fmt: skip
    own = ("early-conversation", "early-cluster", "early-withdraw", "early-agree", "early-hand-over", "early-step-aside")
    return given | {name: [SLUG, shared] for name in own}
