"""Early conversations: the list as each has it, one conversation, and a school that asks for one itself."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.intelligence import actions
from convenor.intelligence.forms import conversations as boxes
from convenor.intelligence.queries import conversations as queries
from convenor.intelligence.queries.conversations import ConversationPage, ConversationSeen, ReplySeen
from convenor.intelligence.rules.circle import Sight, told
from convenor.intelligence.rules.conversation import TOPICS, ReplyKind, State
from convenor.intelligence.rules.indicators import CODES
from convenor.intelligence.rules.lines import SELF, SOFT_SIGNAL
from convenor.intelligence.rules.showing import name_of
from convenor.intelligence.views.secrecy import truth
from convenor.partnership.gate import NotAllowed, Permission, record_look, record_looks
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.registers.queries.known import SchoolInShort, school_in_short

ROOM = "early-identification"
#: As whom each part of the list is read, for the record of who looked.
READING_AS = {
    "broker": Permission.CONVERSATION_HOLD,
    "manager": Permission.CONVERSATION_FOLLOW,
    "cluster": Permission.BODY_LEAD,
    "officer": Permission.STATUTORY_SEE,
}
#: The lines that a school may speak of, by code and name.
LINES = [(code, name_of(code)) for code in (*CODES, SOFT_SIGNAL) if code != SELF]


class Conversations(PartnershipPage):
    """The conversations that this viewer may know of: never a table of schools by their figures."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "early"
    confidential = True

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list, by name or by date. That it was opened is written down for each school that it names, once a day."""
        seen = queries.conversations(slug, viewer=self.viewer, at=self.today, order=request.GET.get("order", "name"))
        if seen is None:
            raise NotAllowed("You cannot see early conversations: they are between a school and its one broker.")
        right = next((READING_AS[part] for part in READING_AS if part in seen.parts), None)
        strangers = [urn for urn in seen.named if urn not in self.viewer.urns]
        if right is not None and strangers:
            record_looks(self.viewer, urns=strangers, record="the list of early conversations", at=self.now, by_right=right)
        return self.page("intelligence/conversations.jinja", seen=seen, ordered=right is not None, truth=truth("early-conversation"))


def beside(replies: tuple[ReplySeen, ...]) -> dict[str, list[ReplySeen]]:
    """What was said, by line."""
    found: dict[str, list[ReplySeen]] = {}
    for each in replies:
        found.setdefault(each.line, []).append(each)
    return found


class OfConversation(PartnershipPage):
    """What every page of one conversation shares. Somebody outside its circle is told the same as if there were none."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "early"
    confidential = True

    @cached_property
    def seen(self) -> ConversationPage:
        """The conversation of the address; not found for whoever is outside its circle."""
        return self.found(queries.conversation(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def looked(self) -> None:
        """Writes down that somebody who is not of the school itself opens it."""
        one = self.seen.conversation
        if self.seen.of_school:
            return
        right = Permission.SCHOOL_RECORD_SEE if one.sight is Sight.OWN else Permission.BODY_LEAD
        if one.sight is Sight.HOLDS or (one.sight is Sight.READS and not one.state.open):
            right = Permission.CONVERSATION_HOLD
        record_look(self.viewer, urn=one.urn, record="the early conversation, its lines and replies", at=self.now, by_right=right)


class Conversation(OfConversation):
    """One conversation: for the school, its broker, and whoever the school lets read along."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page; looking from outside the school is written down first."""
        self.looked()
        one = self.seen.conversation
        chosen = {"line": request.GET.get("line", ""), "kind": "comment"}
        return self.page(
            "intelligence/conversation.jinja",
            seen=self.seen,
            c=one,
            beside=beside(self.seen.replies),
            doing=self.doing(),
            unanswered=[each for each in self.seen.replies if self.seen.holds and not each.answers],
            reply_form=boxes.ReplyForm(initial=chosen, lines=LINES) if self.seen.may_speak else None,
            truth=truth(one.record_class),
            topics=[TOPICS[key] for key in one.asked_about],
            line_name=name_of,
        )

    def doing(self) -> list[tuple[str, str, bool]]:
        """What its broker may do next: label, address, and whether it is the next thing. Empty for everybody else."""
        if not self.seen.holds:
            return []
        state = self.seen.conversation.state
        steps = {
            "early-share": ("Share the lines with the school", state is State.SUGGESTED, True),
            "early-agree": (
                "Write down what comes next",
                state in (State.REPLIED, State.REVIEWED) or (state is State.SHARED and self.seen.may_go_on),
                True,
            ),
            "early-review": ("Write down what came of it", state is State.TRIAGED, True),
            "early-hand-over": ("Hand over to another broker", True, False),
            "early-step-aside": ("Step aside", True, False),
        }
        return [(label, reverse(name, args=[self.slug, self.kwargs["pk"]]), main) for name, (label, now, main) in steps.items() if now]


class EarlyAction(ActionPage):
    """One action about a school or its conversation: a form, what it means, who will see it, one button."""

    room, tab = ROOM, "early"
    confidential = True
    template = "intelligence/conversation_action.jinja"
    #: The class of record that what is written here belongs to.
    record_class = "early-conversation"

    def back(self) -> str:
        """The conversation, or the list."""
        pk = self.kwargs.get("pk")
        return reverse("early-conversation", args=[self.slug, pk]) if pk is not None else reverse("early-conversations", args=[self.slug])

    def about(self) -> dict[str, Any]:
        """The sentence on secrecy."""
        return {"truth": truth(self.record_class), "line_name": name_of}


class OfSchool(EarlyAction):
    """An action of a school's own people, or of a broker about a school that has no conversation yet."""

    @cached_property
    def school(self) -> SchoolInShort:
        """The school of the address."""
        return self.found(school_in_short(self.kwargs["urn"], viewer=self.viewer))  # type: ignore[no-any-return]

    @cached_property
    def open(self) -> ConversationSeen | None:
        """Its open conversation, where this viewer may read it."""
        return queries.open_conversation_of(self.kwargs["urn"], viewer=self.viewer, at=self.today)

    def about(self) -> dict[str, Any]:
        return super().about() | {"eyebrow": self.school.name, "school": self.school}


class Speaking(OfSchool):
    """For whoever speaks for the school of the address."""

    permission = Permission.SCHOOL_SPEAK

    def subject(self) -> dict[str, Any]:
        """The school of the address."""
        return {"urn": self.kwargs["urn"]}


class Refer(Speaking):
    """A school asks for a conversation itself."""

    template = "intelligence/refer.jinja"
    title, button = "Ask for an early conversation", "Ask for a conversation"
    lede = "Asking first is a strength. It counts in your favour: it stands on record as your own step, and adds nothing to any score."
    done = "You have asked. A broker will take it up and get in touch; you see here who it is."
    record_class = "self-referral"

    def form(self, data: Any = None) -> Form:
        return boxes.ReferForm(data)

    def perform(self, form: Any) -> None:
        self.begun = actions.refer_self(slug=self.slug, urn=self.kwargs["urn"], by=self.viewer, at=self.now, **form.cleaned_data)

    def back(self) -> str:
        begun = getattr(self, "begun", None)
        pk = begun.pk if begun is not None else self.open.id if self.open is not None else None
        if pk is not None:
            return reverse("early-conversation", args=[self.slug, pk])
        return reverse("early-school", args=[self.slug, self.kwargs["urn"]])

    def about(self) -> dict[str, Any]:
        return super().about() | {"open": self.open, "circle": told(None, on=self.today), "asked_by": self.viewer.name}


class Reply(Speaking):
    """A school's word beside a line, or beside the whole."""

    title, button, done = "Say what you think", "Put it on record", "It stands beside the score from now on."
    lede = "Comment, correct or dispute. Nobody can change or remove it, and it is shown wherever the line is shown."
    record_class = "reply"

    def form(self, data: Any = None) -> Form:
        chosen = {"line": self.request.GET.get("line", ""), "kind": "comment"}
        return boxes.ReplyForm(data, initial=chosen, lines=LINES)

    def perform(self, form: Any) -> None:
        given = form.cleaned_data | {"kind": ReplyKind(form.cleaned_data["kind"])}
        actions.reply(slug=self.slug, urn=self.kwargs["urn"], by=self.viewer, at=self.now, **given)

    def back(self) -> str:
        if self.open is not None:
            return reverse("early-conversation", args=[self.slug, self.open.id])
        return reverse("early-school", args=[self.slug, self.kwargs["urn"]])


class TakeUp(OfSchool):
    """A broker becomes the one named broker of a school."""

    permission = Permission.CONVERSATION_HOLD
    title, button = "Take this conversation up", "Take it up"
    lede = (
        "You become the school’s one named broker. From then on you, and no other broker, read its lines; the school sees that you "
        "took it up and each time you look."
    )
    done = "You hold this conversation. Read the lines, ring the head, then share."

    def form(self, data: Any = None) -> Form:
        if queries.to_take_up(self.kwargs["urn"], viewer=self.viewer, at=self.today) is None:
            raise Http404("No conversation waits for a broker there.")
        return boxes.NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        self.taken = actions.take_up(slug=self.slug, urn=self.kwargs["urn"], by=self.viewer, at=self.now)

    def back(self) -> str:
        taken = getattr(self, "taken", None)
        return reverse("early-conversation", args=[self.slug, taken.pk]) if taken else reverse("early-conversations", args=[self.slug])
