"""Joining in two pages, on a phone: what the partnership is for; the agreement, the privacy notice and what is held, class by class."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.agreements import actions
from convenor.agreements.forms import agreeing as forms
from convenor.agreements.queries import agreeing as queries
from convenor.agreements.queries.agreeing import SchoolAgreement
from convenor.agreements.queries.notice import what_is_held
from convenor.agreements.queries.texts import TextSeen, texts
from convenor.agreements.rules.classes import FOLLOWS, NAMES, DataClass
from convenor.agreements.rules.standing import GRACE, MONTHS, State
from convenor.agreements.rules.texts import templates
from convenor.partnership.gate import PUBLIC, Permission
from convenor.partnership.roles import Open
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage

#: What every page of these says of the classes.
WORDS: dict[str, Any] = {"names": NAMES, "follows": FOLLOWS, "State": State, "grace_days": GRACE.days, "months": MONTHS}


class Text(PartnershipPage):
    """The agreement's text, for anyone: the version that stands, or the one asked for."""

    permission = PUBLIC

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page; before anything was adopted it says so."""
        here, known = self.partnership(), texts(slug, viewer=self.viewer)
        number = request.GET.get("version", "")
        everything = [*known.adopted, *([known.draft] if known.draft else [])]
        seen = next((each for each in everything if str(each.number) == number), None) if number else known.now
        if number and seen is None:
            raise Http404("There is no such version.")
        return self.page(
            "agreements/text.jinja", here=here, known=known, seen=seen, partnership_name=here.name,
            held={each.data_class: each for each in what_is_held(viewer=self.viewer)}, sources=_sources(seen), own=self._own(), **WORDS,
        )  # fmt: skip

    def _own(self) -> str:
        """Where this viewer's own school agrees; "" for whoever acts for none here."""
        here = self.viewer.partnership
        own = [urn for urn in self.viewer.urns if self.viewer.may(Permission.SCHOOL_ACT, urn=urn)]
        return reverse("agreement-school", args=[self.slug, own[0]]) if own and here is not None and here.slug == self.slug else ""


class Notice(PartnershipPage):
    """The partnership's privacy notice and what is held for how long, composed from the tables' own statements."""

    permission = PUBLIC

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        here, known = self.partnership(), texts(slug, viewer=self.viewer)
        return self.page(
            "agreements/notice.jinja", here=here, text=known.now, held=what_is_held(viewer=self.viewer), partnership_name=here.name, **WORDS
        )


def _sources(seen: TextSeen | None) -> tuple[Any, ...]:
    """Where the wording comes from: what the template names that the text began from."""
    key = seen.source.partition("@")[0] if seen else ""
    return next((each.sources for each in templates() if each.key == key), ())


class OfSchool(PartnershipPage):
    """What the pages of one school's agreement share: only whoever acts for the school opens them."""

    permission: ClassVar[Permission | Open] = Permission.SCHOOL_ACT

    def subject(self) -> dict[str, Any]:
        return {"urn": self.kwargs["urn"]}

    @cached_property
    def own(self) -> SchoolAgreement:
        """The school's agreement as it stands."""
        found = queries.school_agreement(self.slug, self.kwargs["urn"], viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    def address(self, name: str) -> str:
        """The address of another page of this school's agreement."""
        return reverse(name, args=[self.slug, self.kwargs["urn"]])


class School(OfSchool):
    """The first page: what the partnership is for. Once the school has agreed, where each class stands, and everything that was signed."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self.page("agreements/school.jinja", own=self.own, here=self.partnership(), **WORDS)


class Agree(OfSchool):
    """The second page: the agreement, class by class, and the one button."""

    permission = Permission.SCHOOL_SPEAK

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, prefilled: with what the school agreed to before, and with who signs."""
        return self._show(self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Signs it."""
        form = self._form(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            urns = said.get("schools") or [self.own.school.urn]
            try:
                made = actions.agree(
                    slug=self.slug, urns=urns, classes=form.chosen, name=said["name"], role=said["role"], number=said["number"],
                    by=self.viewer, at=self.now,
                )  # fmt: skip
            except Refused as error:
                form.add_error(None, str(error))
            else:
                many = len({each.school_id for each in made})
                who = self.own.school.name if urns == [self.own.school.urn] else f"{many} school{'s' if many != 1 else ''}"
                messages.success(request, f"Thank you. {who} {'have' if many != 1 else 'has'} agreed, for twelve months.")
                return HttpResponseRedirect(self.address("agreement-school"))
        return self._show(form, status=422)

    @property
    def _schools(self) -> list[tuple[str, str]]:
        return [(each.urn, each.name) for each in (self.own.school, *self.own.others)]

    def _form(self, data: Any = None) -> forms.AgreeForm:
        own, now = self.own, self.own.texts.now
        ticked = [each.data_class.value for each in own.standings if each.stands or each.state is State.ENDED]
        first = {
            "number": now.number if now else 0, "classes": ticked, "name": self.viewer.name, "role": own.post,
            "schools": [urn for urn, _ in self._schools] if own.leads_trust else [own.school.urn],
        }  # fmt: skip
        return forms.AgreeForm(data, schools=self._schools, initial=first)

    def _show(self, form: forms.AgreeForm, status: int = 200) -> HttpResponse:
        ticked = self.request.POST.getlist("classes") if form.is_bound else form.initial["classes"]
        return self.page(
            "agreements/agree.jinja", own=self.own, here=self.partnership(), form=form, ticked=ticked, status=status,
            held={each.data_class: each for each in what_is_held(viewer=self.viewer)}, **WORDS,
        )  # fmt: skip


class Withdraw(OfSchool, ActionPage):
    """The school withdraws from classes of record, at once."""

    permission = Permission.SCHOOL_SPEAK
    template = "agreements/withdraw.jinja"
    title, button, done = "Withdraw", "Withdraw now", "Done, from this moment. Your school may agree again on any day."

    @property
    def classes(self) -> list[DataClass]:
        """What can be withdrawn from now."""
        return [each.data_class for each in self.own.standings if each.stands or each.state is State.NOT_YET]

    def form(self, data: Any = None) -> Form:
        return forms.WithdrawForm(data, classes=self.classes)

    def perform(self, form: Any) -> None:
        actions.withdraw(
            slug=self.slug, urn=self.kwargs["urn"], classes=form.chosen, why=form.cleaned_data["why"], by=self.viewer, at=self.now
        )

    def back(self) -> str:
        return self.address("agreement-school")

    def about(self) -> dict[str, Any]:
        return {"own": self.own, "classes": self.classes, "eyebrow": self.own.school.name} | WORDS
