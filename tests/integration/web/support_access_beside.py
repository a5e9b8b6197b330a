"""What stands beside packages, for the table of access: who sees which page of contacts, others, mentors, the call and rings."""

from __future__ import annotations

from typing import Any

from convenor.support.models import ContactNote, InspectionCall, Mentoring, OtherSupport, Ring, RingLink, RingPlan
from tests.factories.partnership import AT, ON, SLUG, World
from tests.factories.support_beside import RECEIVER, call, mentoring, note, other, plan, ring

#: Of the school, 990001, that everything here is about.
OWN = frozenset({"school-leader", "chair-of-governors"})
BROKER = frozenset({"broker"})
WRITERS = frozenset({"cluster-lead", "alliance-lead", "officer", "broker", "manager"})
PAGES: dict[str, frozenset[str]] = {
    "support-contact": OWN | BROKER,  # its school, and whoever wrote it
    "support-contact-new": WRITERS,
    "support-contact-mark": OWN,
    "support-others": OWN | {"broker", "manager"},
    "support-other-enter": OWN | {"broker", "manager"},
    "support-other-end": OWN | {"broker", "manager"},
    "support-mentor-offer": BROKER,
    "support-mentor-agree": frozenset({"system-leader"}),  # the mentor, once the head has agreed
    "support-mentor-end": frozenset({"system-leader"}),
    "support-call": frozenset({"chair-of-governors", "clerk"}),  # who speaks for the school, and whom its head told
    "support-call-told": frozenset(),
    "support-call-outcome": frozenset(),
    "support-call-published": frozenset(),
    "support-call-end": frozenset(),
    "support-ring": OWN | BROKER | {"head"},  # of the other school in it
    "support-ring-agree": frozenset({"chair-of-governors"}),
    "support-ring-leave": frozenset({"chair-of-governors"}),
    "support-ring-end": BROKER,
    "support-ring-told": OWN,
    "support-ring-propose": BROKER,
}
FOR_MEMBERS = ("support-contacts", "support-mentors", "support-rings")
#: Pages that say to a member who may not that there is none such.
HIDDEN_FROM_MEMBERS = ("support-contact", "support-mentor-agree", "support-mentor-end", "support-call", "support-ring")
#: Pages that are only read.
READ = ("support-contact", "support-others", "support-ring")
SPEAKERS = frozenset({"head", "chair-of-governors", "trust-lead"})
ASKING = frozenset({"head", "school-leader", "trust-lead"})
HIDDEN_FROM = {
    "support-contact-mark": ASKING,
    **{f"support-call-{step}": SPEAKERS for step in ("told", "outcome", "published", "end")},
    "support-ring-agree": SPEAKERS - {"chair-of-governors"},
    "support-ring-leave": SPEAKERS - {"chair-of-governors"},
    "support-ring-told": ASKING - {"school-leader"},
}
HIDDEN_FROM["support-contact-mark"] -= OWN


def begin(everyone: World) -> None:
    """One of everything, about one school."""
    everyone.people.setdefault("supporter", everyone.people["system leader"])
    everyone.viewers.setdefault("supporter", everyone.viewers["system leader"])
    note(everyone)
    other(everyone)
    mentoring(everyone, head_agreed_at=AT)
    call(everyone, knows=[everyone.people["clerk"].pk])
    ring(everyone, RECEIVER, "990005")
    ring(everyone, RECEIVER, "990003", begun_on=ON)
    plan(everyone, "broker", "990004", "990006")


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    contact, mentor, pressed = ContactNote.objects.order_by("pk")[0].pk, Mentoring.objects.get(), InspectionCall.objects.get().pk
    asked, begun = Ring.objects.get(begun_on=None).pk, Ring.objects.exclude(begun_on=None).get()
    link, found = RingLink.objects.get(ring=begun, receiver_id=RECEIVER).pk, RingPlan.objects.get().pk
    given: dict[str, list[Any]] = {name: [SLUG, contact] for name in ("support-contact", "support-contact-mark")}
    given |= {name: [SLUG, RECEIVER] for name in ("support-others", "support-other-enter", "support-call")}
    given |= {f"support-call-{step}": [SLUG, RECEIVER, pressed] for step in ("told", "outcome", "published", "end")}
    given |= {name: [SLUG, mentor.pk] for name in ("support-mentor-agree", "support-mentor-end")}
    given |= {name: [SLUG, asked] for name in ("support-ring", "support-ring-end")}
    given |= {name: [SLUG, asked, RECEIVER] for name in ("support-ring-agree", "support-ring-leave")}
    given |= {name: [SLUG] for name in (*FOR_MEMBERS, "support-contact-new")}
    return given | {
        "support-other-end": [SLUG, RECEIVER, OtherSupport.objects.get().pk],
        "support-mentor-offer": [SLUG, mentor.head_id, mentor.mentor_id],
        "support-ring-told": [SLUG, begun.pk, link],
        "support-ring-propose": [SLUG, found, 1],
    }
