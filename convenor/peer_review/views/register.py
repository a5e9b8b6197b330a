"""The register of reviewers, a reviewer's own page, and a school's own objections."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.intelligence.views.secrecy import truth
from convenor.partnership.gate import Permission
from convenor.partnership.queries.seats import people_to_choose
from convenor.partnership.views.pages import PartnershipPage
from convenor.peer_review.actions import register as actions
from convenor.peer_review.forms import register as forms
from convenor.peer_review.queries import register as queries
from convenor.peer_review.queries.register import ObjectionsPage, RegisterPage, ReviewerMe, ReviewerSeen
from convenor.peer_review.rules.register import TrainingState
from convenor.peer_review.rules.states import Interest, TrainingKind
from convenor.peer_review.rules.themes import name_of
from convenor.peer_review.views.answers import ROOM, Answering

#: How training can stand, in the order in which a coordinator looks: what needs a word first.
STATES = (TrainingState.ENDED, TrainingState.ENDS_SOON, TrainingState.NONE, TrainingState.IN_DATE)


class Register(PartnershipPage):
    """Everybody on the register, with their training; never what they declared."""

    permission = Permission.REVIEWER_REGISTER
    room, tab = ROOM, "reviewers"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list, narrowed by how training stands."""
        seen: RegisterPage = self.found(queries.register(viewer=self.viewer, at=self.today))
        wanted = request.GET.get("training", "")
        text = request.GET.get("text", "")
        shown = [
            each
            for each in seen.reviewers
            if (not wanted or each.training == wanted) and text.strip().lower() in f"{each.name} {each.school}".lower()
        ]
        return self.page(
            "peer_review/register.jinja", seen=seen, shown=shown, states=STATES, wanted=wanted, text=text, theme=name_of,
        )  # fmt: skip


class RegisterAction(Answering):
    """An action on the register."""

    permission = Permission.REVIEWER_REGISTER
    tab = "reviewers"
    template = "peer_review/action.jinja"

    def back(self) -> str:
        return reverse("reviewers", args=[self.slug])

    def about(self) -> dict[str, Any]:
        return {"eyebrow": "Register of reviewers"}


class AddReviewer(RegisterAction):
    """Somebody goes on the register."""

    title, button, done = "Add a reviewer", "Put on the register", "They are on the register. Record their training next."
    lede = "They are matched once their training is recorded, and only while it is in date."

    def form(self, data: Any = None) -> forms.ReviewerForm:
        people = {str(each.person_id): f"{each.name} – {each.said}" for each in self.people}
        schools = queries.member_names(viewer=self.viewer, at=self.today)
        return forms.ReviewerForm(data, people=people.items(), schools=schools)

    @cached_property
    def people(self) -> list[Any]:
        """Everybody who holds a post or seat."""
        return people_to_choose(self.slug, viewer=self.viewer, at=self.today)

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        given = {name: data[name] for name in ("urn", "near", "can_lead", "can_champion")}
        if data["person"]:
            actions.add_reviewer(slug=self.slug, person_id=int(data["person"]), by=self.viewer, at=self.now, **given)
        else:
            actions.add_new_reviewer(slug=self.slug, name=data["name"], email=data["email"], by=self.viewer, at=self.now, **given)


class OneReviewer(RegisterAction):
    """An action on one reviewer."""

    @cached_property
    def reviewer(self) -> ReviewerSeen:
        """The reviewer of the address."""
        return self.found(  # type: ignore[no-any-return]
            queries.reviewer_on_register(self.kwargs["pk"], viewer=self.viewer, at=self.today)
        )

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.reviewer.name}


class ChangeReviewer(OneReviewer):
    """What somebody can do on a team, and where they come from."""

    title, button, done = "Change a reviewer’s entry", "Keep it so", "Kept."

    def form(self, data: Any = None) -> forms.ReviewerForm:
        now = self.reviewer
        given = {"urn": now.urn, "can_lead": now.can_lead, "can_champion": now.can_champion}
        schools = queries.member_names(viewer=self.viewer, at=self.today)
        return forms.ReviewerForm(data, people=None, schools=schools, initial=given)

    def perform(self, form: Any) -> None:
        actions.change_reviewer(slug=self.slug, reviewer_id=self.reviewer.pk, by=self.viewer, at=self.now, **form.cleaned_data)


class EndReviewer(OneReviewer):
    """Somebody leaves the register."""

    title, button = "Leaves the register", "Take off the register"
    lede = "From today they are matched to no new team. What they declared in private is removed; reviews they took part in stay."
    done = "They are no longer on the register."

    def form(self, data: Any = None) -> Form:
        assert self.reviewer
        return forms.LeaveForm(data)

    def perform(self, form: Any) -> None:
        actions.end_reviewer(slug=self.slug, reviewer_id=self.reviewer.pk, by=self.viewer, at=self.now)


class RecordTraining(RegisterAction):
    """One training of several people."""

    template = "peer_review/training.jinja"
    title, button, done = "Record training", "Record the training", "Recorded. It counts for 24 months."
    lede = "For everybody who took part, at once."

    def form(self, data: Any = None) -> forms.TrainingForm:
        seen: RegisterPage = self.found(queries.register(viewer=self.viewer, at=self.today))
        people = [(str(each.pk), f"{each.name}, {each.school or 'independent'}: {each.training.value}") for each in seen.reviewers]
        wanted = self.request.GET.get("who", "")
        return forms.TrainingForm(data, reviewers=people, initial={"trained_on": self.today, "reviewers": [wanted] if wanted else []})

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        actions.record_training(
            slug=self.slug, reviewer_ids=[int(each) for each in data["reviewers"]], kind=TrainingKind(data["kind"]),
            trained_on=data["trained_on"], by_whom=data["by_whom"], by=self.viewer, at=self.now,
        )  # fmt: skip


class OwnPage(Answering):
    """A reviewer's own page, and what they change on it."""

    permission = Permission.REVIEW_OFFER
    tab = "reviewer-me"
    template = "peer_review/reviewer_me.jinja"

    @cached_property
    def seen(self) -> ReviewerMe:
        """The page."""
        return self.found(queries.reviewer_me(viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    @property
    def reviewer(self) -> ReviewerSeen:
        """Their row; not found for somebody who is not on the register."""
        return self.found(self.seen.reviewer)  # type: ignore[no-any-return]

    def back(self) -> str:
        return reverse("reviewer-me", args=[self.slug])

    def about(self) -> dict[str, Any]:
        return {"seen": self.seen, "kinds": forms.INTEREST_WORDS, "trainings": forms.KIND_WORDS, "truth": truth("declared")}


class ReviewerMePage(OwnPage):
    """Training, what they know well, the days they give; and, for nobody else, the schools that they should not review."""

    button, done = "Keep it so", "Kept."

    def form(self, data: Any = None) -> Form:
        mine = self.seen.reviewer
        if mine is None:
            return forms.JoinForm(data, homes=self.seen.homes, schools=self.seen.schools)
        return forms.ProfileForm(data, initial={"expertise": list(mine.expertise), "days_a_year": mine.days_a_year})

    def perform(self, form: Any) -> None:
        if self.seen.reviewer is None:
            actions.join_register(slug=self.slug, by=self.viewer, at=self.now, **form.cleaned_data)
            return
        actions.keep_own_profile(slug=self.slug, by=self.viewer, at=self.now, **form.cleaned_data)

    def about(self) -> dict[str, Any]:
        private = forms.InterestForm(schools=[each for each in self.seen.schools if each[0] not in self.taken], prefix=None)
        speaks = [(urn, name) for urn, name in self.seen.homes if self.viewer.may(Permission.SCHOOL_SPEAK, urn=urn)]
        return super().about() | {"interest_form": private, "speaks": speaks}

    @property
    def taken(self) -> set[str]:
        """Schools that need no declaring: their own, and those declared."""
        mine = self.seen.reviewer
        return {each.urn for each in self.seen.interests} | ({mine.urn} if mine else set())


class DeclareInterest(OwnPage):
    """A school that they should not review."""

    title, button = "A school that you should not review", "Declare it"
    template = "peer_review/action.jinja"
    done = "Kept. Nobody but you reads it, and you are not matched there."

    def form(self, data: Any = None) -> Form:
        assert self.reviewer
        return forms.InterestForm(data, schools=self.seen.schools)

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        actions.declare_interest(
            slug=self.slug, urn=data["urn"], kind=Interest(data["kind"]), until_on=data["until_on"], by=self.viewer, at=self.now
        )


class TakeBackInterest(OwnPage):
    """A declared interest is taken back."""

    title, button, done = "Take this back", "Take it back", "Taken back. It is gone."
    template = "peer_review/action.jinja"

    def form(self, data: Any = None) -> Form:
        if self.kwargs["pk"] not in {each.id for each in self.seen.interests}:
            raise Http404("There is no such declaration of yours.")
        return forms.LeaveForm(data)

    def perform(self, form: Any) -> None:
        actions.take_back_interest(slug=self.slug, interest_id=self.kwargs["pk"], by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        mine = next(each for each in self.seen.interests if each.id == self.kwargs["pk"])
        return super().about() | {"eyebrow": mine.school}


class LeaveRegister(OwnPage):
    """A reviewer leaves the register."""

    title, button, done = "Leave the register", "Leave the register", "You are no longer on the register. Thank you for what you gave."
    lede = "From today you are matched to no new team, and what you declared in private is removed."
    template = "peer_review/action.jinja"

    def form(self, data: Any = None) -> Form:
        assert self.reviewer
        return forms.LeaveForm(data)

    def perform(self, form: Any) -> None:
        actions.end_reviewer(slug=self.slug, reviewer_id=self.reviewer.pk, by=self.viewer, at=self.now)


class Objections(Answering):
    """A school's own objections: for whoever speaks for it, and nobody else."""

    permission = Permission.SCHOOL_SPEAK
    confidential = True
    template = "peer_review/objections.jinja"
    button = "Keep it"
    done = "Kept. Nobody of that school is matched to yours, and they never learn of it."

    def subject(self) -> dict[str, Any]:
        """The school of the address."""
        return {"urn": str(self.kwargs["urn"])}

    @cached_property
    def seen(self) -> ObjectionsPage:
        """The school's objections."""
        return self.found(queries.objections(str(self.kwargs["urn"]), viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        return forms.ObjectionForm(data, schools=self.seen.schools)

    def perform(self, form: Any) -> None:
        actions.declare_objection(
            slug=self.slug, urn=self.seen.urn, objects_to=form.cleaned_data["objects_to"], by=self.viewer, at=self.now
        )

    def back(self) -> str:
        return reverse("review-objections", args=[self.slug, self.kwargs["urn"]])

    def about(self) -> dict[str, Any]:
        return {"seen": self.seen, "truth": truth("declared")}


class WithdrawObjection(Objections):
    """An objection is taken back."""

    template = "peer_review/action.jinja"
    title, button, done = "Take this back", "Take it back", "Taken back."

    def form(self, data: Any = None) -> Form:
        if self.kwargs["pk"] not in {each.id for each in self.seen.objections}:
            raise Http404("There is no such objection of your school.")
        return forms.LeaveForm(data)

    def perform(self, form: Any) -> None:
        actions.withdraw_objection(slug=self.slug, urn=self.seen.urn, objection_id=self.kwargs["pk"], by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        named = next(each.school for each in self.seen.objections if each.id == self.kwargs["pk"])
        return super().about() | {"eyebrow": named}
