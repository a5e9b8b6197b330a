"""The steps of an early conversation: shared, answered, agreed, reviewed, handed on, and what the school itself may decide."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import Http404
from django.urls import reverse

from convenor.intelligence import actions
from convenor.intelligence.forms import conversations as boxes
from convenor.intelligence.queries.conversation_people import brokers
from convenor.intelligence.queries.conversations import ReplySeen
from convenor.intelligence.rules.conversation import Outcome, State, review_due
from convenor.intelligence.views.conversations import EarlyAction, OfConversation
from convenor.partnership.gate import Permission


class Step(EarlyAction, OfConversation):
    """A step of one conversation."""

    permission = Permission.CONVERSATION_HOLD

    def about(self) -> dict[str, Any]:
        return super().about() | {"eyebrow": self.seen.conversation.name, "c": self.seen.conversation}

    def form(self, data: Any = None) -> Form:
        """The form, for those who may take the step; not found for everybody else."""
        if not self.may():
            raise Http404("That is not for you to do, or not now.")
        self.looked()
        return self.box(data)

    def may(self) -> bool:
        """Whether this viewer takes this step, now."""
        return self.seen.holds

    def box(self, data: Any) -> Form:
        """The form itself."""
        raise NotImplementedError

    @property
    def known(self) -> dict[str, Any]:
        """What every action is told."""
        return {"slug": self.slug, "conversation_id": self.kwargs["pk"], "by": self.viewer, "at": self.now}


class Share(Step):
    """The broker shares the lines."""

    title, button = "Share the lines with the school", "Share them"

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What happens; a school that asked itself has its ten working days from the day on which it asked."""
        kept = "The lines are kept as they stand today. The school’s head and chair get a letter that something waits, and nothing more."
        if self.seen.conversation.asked_itself:
            return f"{kept} Its ten working days run from the day on which it asked."
        return f"{kept} From today the school has ten working days before the manager or an officer may learn that a conversation is open."

    @property
    def done(self) -> str:  # type: ignore[override]
        """What was done."""
        own = self.seen.conversation.asked_itself
        return "Shared. The school reads the lines now." if own else "Shared. The school has ten working days to itself and its broker."

    def may(self) -> bool:
        return super().may() and self.seen.conversation.state is State.SUGGESTED

    def box(self, data: Any) -> Form:
        return boxes.ShareForm(data)

    def perform(self, form: Any) -> None:
        actions.share(**self.known, **form.cleaned_data)


class Answer(Step):
    """The broker answers a word of the school."""

    title, button, done = "Answer the school", "Put the answer on record", "Your answer stands beside the school’s words."
    record_class = "reply"

    @property
    def reply(self) -> ReplySeen:
        """The words of the address."""
        return self.found(next((each for each in self.seen.replies if each.id == self.kwargs["reply"]), None))  # type: ignore[no-any-return]

    def about(self) -> dict[str, Any]:
        return super().about() | {"reply": self.reply}

    def box(self, data: Any) -> Form:
        assert self.reply
        return boxes.AnswerForm(data)

    def perform(self, form: Any) -> None:
        actions.answer(slug=self.slug, reply_id=self.reply.id, by=self.viewer, at=self.now, **form.cleaned_data)


class Agree(Step):
    """What comes next."""

    title, button = "What comes next", "Write it down"
    lede = "What the two of you agreed. It is reviewed within a term. Nothing here is a category, and no formal step begins here."
    done = "Written down. The school sees it, and when it will be reviewed."

    def may(self) -> bool:
        return super().may() and self.seen.conversation.state in (State.SHARED, State.REPLIED, State.REVIEWED)

    def box(self, data: Any) -> Form:
        return boxes.AgreeForm(data, latest=review_due(self.today))

    def perform(self, form: Any) -> None:
        actions.triage(**self.known, **form.cleaned_data | {"outcome": Outcome(form.cleaned_data["outcome"])})


class Review(Step):
    """What came of it."""

    title, button, done = "What came of it", "Write it down", "The review is on record."

    def may(self) -> bool:
        return super().may() and self.seen.conversation.state is State.TRIAGED

    def box(self, data: Any) -> Form:
        return boxes.ReviewForm(data)

    def perform(self, form: Any) -> None:
        actions.review(**self.known, words=form.cleaned_data["words"], ends=form.cleaned_data["ends"] == "yes")


class HandOver(Step):
    """Another broker follows."""

    title, button, done = "Hand over to another broker", "Hand over", "They hold it from now on, and you no longer see it."
    lede = "They see everything that you see; you will see it no longer. The school is told that something waits."

    def box(self, data: Any) -> Form:
        found = brokers(self.seen.conversation.urn, viewer=self.viewer, at=self.today)
        return boxes.HandOverForm(data, brokers=[(each.person_id, each.name) for each in found if each.person_id != self.viewer.person_id])

    def perform(self, form: Any) -> None:
        actions.hand_over(**self.known, to_person_id=form.cleaned_data["person"], why=form.cleaned_data["why"])
        self.gone = True

    def back(self) -> str:
        """The list, once they hold it no longer."""
        return reverse("early-conversations", args=[self.slug]) if getattr(self, "gone", False) else super().back()


class StepAside(HandOver):
    """The broker lets it go."""

    title, button, done = "Step aside", "Step aside", "You hold it no longer. Another broker may take it up."
    lede = "Such as for an interest of your own in the school. Until another broker takes it up, nobody holds it. The school is told."

    def box(self, data: Any) -> Form:
        return boxes.WhyForm(data)

    def perform(self, form: Any) -> None:
        actions.step_aside(**self.known, **form.cleaned_data)
        self.gone = True


class OfTheSchool(Step):
    """A step that is the school's own."""

    permission = Permission.SCHOOL_SPEAK

    def may(self) -> bool:
        return self.seen.may_speak and self.seen.conversation.state.open


class Withdraw(OfTheSchool):
    """A school takes its own request back."""

    title, button, done = "Take the request back", "Take it back", "Taken back. Nobody but your own school sees it any more."
    lede = "The conversation ends, and nobody but your own people can read what was said in it. You may ask again whenever you like."
    record_class = "self-referral"

    def may(self) -> bool:
        return super().may() and self.seen.conversation.asked_itself

    def box(self, data: Any) -> Form:
        return boxes.WithdrawForm(data)

    def perform(self, form: Any) -> None:
        actions.withdraw(**self.known, **form.cleaned_data)


class Cluster(OfTheSchool):
    """Whether the cluster lead reads along."""

    title, button, done = "Your cluster lead", "Save", "Saved. It holds from this moment."

    def may(self) -> bool:
        return super().may() and self.seen.conversation.standing.shared_on is not None

    def box(self, data: Any) -> Form:
        may_see = self.seen.conversation.standing.cluster_may_see
        self.button = "Take this back" if may_see else "Yes, let them read along"  # type: ignore[misc]
        self.lede = (  # type: ignore[misc]
            "The lead of your cluster reads along now. Take it back, and they see nothing more from that moment."
            if may_see
            else "The lead of your cluster, a neighbour, sees nothing of this. If you agree, they read what you read, and take no part. "
            "Each look is written down for you, and you may take it back at any time."
        )
        return boxes.ClusterForm(data, initial={"agreed": "no" if may_see else "yes"})

    def perform(self, form: Any) -> None:
        actions.let_cluster_lead_see(**self.known, agreed=form.cleaned_data["agreed"] == "yes")
