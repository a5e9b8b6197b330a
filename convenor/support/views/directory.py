"""The directory's pages: searching it, one entry, one's own entries, and keeping it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.england.phases import PHASES
from convenor.intelligence.views.secrecy import truth
from convenor.partnership.gate import Permission
from convenor.partnership.queries.seats import people_to_choose
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.peer_review.rules.themes import THEMES
from convenor.peer_review.rules.themes import name_of as theme_name
from convenor.support.actions import directory as actions
from convenor.support.forms import directory as forms
from convenor.support.queries import directory as queries
from convenor.support.queries import supporters
from convenor.support.queries.beside_the_directory import excellent, lessons, places
from convenor.support.queries.directory import DirectoryPage, OfferPage, OfferSeen
from convenor.support.rules.designations import Standing
from convenor.support.rules.directory import Asked
from convenor.support.rules.entry_map import EntryMap, draw
from convenor.support.rules.refusals import ChangedMeanwhile
from convenor.support.rules.states import AssuranceKind, ConflictKind, Met, SupporterKind
from convenor.support.views.front import ROOM

TAB = "support-directory"
#: Entries on a page of the list.
ON_A_PAGE = 40
DISTANCES = (5, 10, 20, 40)
DAYS = (2, 4, 10, 20)
MET_WORDS = {
    Met.MET: "what was agreed came about",
    Met.PARTLY: "in part",
    Met.NOT_MET: "not yet",
    Met.STOPPED: "stopped by one of the heads",
}


def words() -> dict[str, Any]:
    """What every page of the directory reads beside its own."""
    return {
        "theme": theme_name, "formats": {each.value: said for each, said in forms.FORMAT_WORDS.items()},
        "kinds": {each.value: said for each, said in forms.KIND_WORDS.items()}, "evidence": forms.ASSURANCE_WORDS, "met": MET_WORDS,
    }  # fmt: skip


class Directory(PartnershipPage):
    """Who offers support: facets, a map, spelling forgiven."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list as it is asked for."""
        seen: DirectoryPage = self.found(
            queries.directory(slug, viewer=self.viewer, at=self.today, asked=self.asked, near=request.GET.get("near", ""))
        )
        may_offer = self.viewer.may(Permission.SUPPORT_GIVE)
        pages = Paginator(seen.found.entries, ON_A_PAGE).get_page(request.GET.get("page", "1"))
        return self.page(
            "support/directory.jinja", seen=seen, options=options(seen), pages=pages, entries=pages.object_list, address=self.address,
            drawn=self.drawn(seen, pages), may_offer=may_offer,
            excellent=excellent(slug, self.asked, viewer=self.viewer),
            lessons=lessons(self.asked, seen.supporters, viewer=self.viewer), **words(),
        )  # fmt: skip

    @property
    def asked(self) -> Asked:
        """What the address asks for; what it cannot mean asks for nothing."""
        said = self.request.GET
        return Asked(
            text=said.get("text", "").strip(), theme=said.get("theme", ""), phase=said.get("phase", ""), format=said.get("format", ""),
            designation=said.get("designation", ""), kind=said.get("kind", ""), within_km=_number(said.get("within", "")) or None,
            days=_number(said.get("days", "")),
        )  # fmt: skip

    def address(self, number: int) -> str:
        """The address of a page of the list, with what is asked for kept."""
        said = self.request.GET.copy()
        said["page"] = str(number)
        return f"{self.request.path}?{said.urlencode()}"

    def drawn(self, seen: DirectoryPage, pages: Page[OfferSeen]) -> EntryMap | None:
        """The map of whoever stands on this page of the list."""
        ground = places(viewer=self.viewer, at=self.today)
        listed = [
            ((each.easting, each.northing), number, each.name)
            for number, each in enumerate(pages.object_list, pages.start_index())
            if each.easting is not None and each.northing is not None
        ]
        return draw(ground.values(), listed, ground.get(seen.near))


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) <= 4 else 0


def options(seen: DirectoryPage) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers; where it is counted, how many it would show, and nothing that would show none."""
    said = {
        "theme": [(key, theme_name(key)) for key in THEMES], "format": [(each.value, name) for each, name in forms.FORMAT_WORDS.items()],
        "kind": [(each.value, name) for each, name in forms.KIND_WORDS.items()],
        "designation": [(key, each.said) for key, each in seen.designations.items()],
    }  # fmt: skip
    counts = seen.found.counts
    found = {
        facet: [(key, f"{name} ({counts[facet][key]})") for key, name in pairs if counts[facet][key] or key == getattr(seen.asked, facet)]
        for facet, pairs in said.items()
    }
    days = [(str(each), f"{each // 2} day{'s' if each > 2 else ''} or more") for each in DAYS]
    return found | {"phase": [(each, each) for each in PHASES], "within": [(str(each), f"{each} km") for each in DISTANCES], "days": days}


class Entry(PartnershipPage):
    """One entry: what it offers, what vouches for it, and its days."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page."""
        seen: OfferPage = self.found(queries.offer_here(slug, pk, viewer=self.viewer, at=self.today, near=request.GET.get("near", "")))
        learnt = lessons(Asked(), [pk], viewer=self.viewer)
        return self.page("support/entry.jinja", seen=seen, offer=seen.offer, lessons=learnt, **words())


class Changing(ActionPage):
    """An action on the directory. What cannot be kept is said, and nothing typed is lost."""

    permission = Permission.DIRECTORY_KEEP
    room, tab = ROOM, TAB
    template = "support/action.jinja"

    def back(self) -> str:
        return reverse(TAB, args=[self.slug])

    def about(self) -> dict[str, Any]:
        return {"eyebrow": "Directory of support"} | words()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keeps it, or shows what is wrong; a version that moved on is renewed, so that sending again is meant."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.perform(form)
            except ChangedMeanwhile as error:
                form.data = form.data.copy()  # type: ignore[attr-defined]
                form.data["version"] = str(error.now)  # type: ignore[index]
                form.add_error(None, str(error))
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, self.done)
                return HttpResponseRedirect(self.back())
        return self._show(form, status=422)


class AddSupporter(Changing):
    """Whoever keeps the directory puts somebody into it."""

    template = "support/entry_add.jinja"
    title, button = "Put somebody into the directory", "Put into the directory"
    lede = "Record next what vouches for them: until then no school finds them."
    done = "They are in the directory. Record next what vouches for them."

    def form(self, data: Any = None) -> forms.SupporterForm:
        people = {str(each.person_id): f"{each.name} – {each.said}" for each in self.people}
        schools = supporters.member_names(viewer=self.viewer, at=self.today)
        return forms.SupporterForm(
            data, people=people.items(), schools=schools, trusts=supporters.trusts(viewer=self.viewer, at=self.today)
        )

    @cached_property
    def people(self) -> list[Any]:
        """Everybody who holds a post or seat."""
        return people_to_choose(self.slug, viewer=self.viewer, at=self.today)

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        row = actions.add_supporter(
            slug=self.slug, kind=SupporterKind(data["kind"]), offering=form.offering, half_days=data["half_days"],
            person_id=int(data["person"]) if data["person"] else None, urn=data["school"], trust_uid=data["trust"], name=data["name"],
            organisation=data["organisation"], near=data["near"], by=self.viewer, at=self.now,
        )  # fmt: skip
        self.made = row.pk

    def back(self) -> str:
        made = getattr(self, "made", None)
        return reverse("support-offer", args=[self.slug, made]) if made else super().back()


class OfOffer(Changing):
    """An action on one entry. Whoever may not change it is told that there is no such page."""

    @cached_property
    def seen(self) -> OfferPage:
        """The entry of the address."""
        seen: OfferPage = self.found(queries.offer_here(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))
        if not seen.may_change:
            raise Http404("There is no such page, or it is not for you to see.")
        return seen

    @property
    def offer(self) -> OfferSeen:
        """The entry."""
        return self.seen.offer

    def back(self) -> str:
        return reverse("support-offer", args=[self.slug, self.kwargs["pk"]])

    def about(self) -> dict[str, Any]:
        return super().about() | {"eyebrow": self.offer.name, "seen": self.seen, "offer": self.offer}


class ChangeEntry(OfOffer):
    """What an entry says, and the days it offers this year."""

    permission = Permission.PARTNERSHIP_SEE
    template = "support/entry_change.jinja"
    title, button, done = "What you offer", "Keep it so", "Kept."

    def form(self, data: Any = None) -> forms.EntryForm:
        now = self.offer
        given = {
            "version": now.version, "expertise": list(now.expertise), "formats": list(now.formats), "phases": list(now.phases),
            "half_days": now.year.offered, "reach_km": now.reach_km, "says": now.says, "published": now.published,
        }  # fmt: skip
        return forms.EntryForm(data, initial=given)

    def perform(self, form: Any) -> None:
        actions.change_entry(
            slug=self.slug, supporter_id=self.offer.pk, offering=form.offering, half_days=form.cleaned_data["half_days"],
            version=form.cleaned_data["version"] or 0, by=self.viewer, at=self.now,
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return super().about() | {"title": "What you offer" if self.offer.own else "What stands in this entry"}


class Leave(OfOffer):
    """Somebody leaves the directory."""

    permission = Permission.PARTNERSHIP_SEE
    title, button, done = "Leave the directory", "Leave the directory", "No longer in the directory. Thank you for what was given."
    lede = "From today nobody finds this entry, and what was declared in private is removed. Packages that run are not touched."

    def form(self, data: Any = None) -> Form:
        assert self.seen.may_change
        return forms.NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.leave_directory(slug=self.slug, supporter_id=self.offer.pk, by=self.viewer, at=self.now)

    def back(self) -> str:
        return reverse(TAB, args=[self.slug]) if self.request.method == "POST" else super().back()


class FollowSupporter(OfOffer):
    """An entry of a school that has closed goes on with the school that it became."""

    title, button, done = "The school has closed", "Follow it", "Done: the entry stands with the school that it became, or has left."
    lede = (
        "The entry goes on with the one school that this one became, by the published links. Where there is none, it leaves the directory."
    )

    def form(self, data: Any = None) -> Form:
        if not self.offer.closed:
            raise Http404("The school stands, as the register has it.")
        return forms.NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.follow_supporter(slug=self.slug, supporter_id=self.offer.pk, by=self.viewer, at=self.now)

    def back(self) -> str:
        return reverse(TAB, args=[self.slug]) if self.request.method == "POST" else super().back()


class Designate(OfOffer):
    """Which designations somebody holds."""

    title, button, done = "Designations", "Keep them so", "Kept."
    lede = "What somebody was given. Whether anything vouches for them today is recorded apart, with its last day."

    def form(self, data: Any = None) -> forms.DesignationsForm:
        return forms.DesignationsForm(
            data, known=self.seen.designations, kind=self.offer.kind, initial={"given": list(self.offer.designations)}
        )

    def perform(self, form: Any) -> None:
        actions.give_designations(slug=self.slug, supporter_id=self.offer.pk, given=form.cleaned_data["given"], by=self.viewer, at=self.now)


class Vouch(OfOffer):
    """What vouches for somebody is recorded."""

    title, button, done = "What vouches for them", "Record it", "Recorded."
    lede = "Its source, who vouches, and until when it counts: then somebody looks again."

    def form(self, data: Any = None) -> forms.AssuranceForm:
        assert self.seen.keeps
        return forms.AssuranceForm(data, initial={"assured_on": self.today})

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        actions.record_assurance(
            slug=self.slug, supporter_id=self.offer.pk, kind=AssuranceKind(data["kind"]), assurer=data["assurer"], source=data["source"],
            assured_on=data["assured_on"], valid_until_on=data["valid_until_on"], by=self.viewer, at=self.now,
        )  # fmt: skip


class WithdrawAssurance(OfOffer):
    """A piece of evidence counts no more."""

    title, button, done = "This counts no more", "Withdraw it", "Withdrawn from today."
    lede = "From today it vouches for nobody. The reason stays with whoever keeps the directory."

    def form(self, data: Any = None) -> forms.WhyForm:
        if self.kwargs["evidence"] not in {each.pk for each in self.seen.assurances if each.withdrawn_on is None}:
            raise Http404("There is no such evidence, or it was withdrawn already.")
        return forms.WhyForm(data)

    def perform(self, form: Any) -> None:
        actions.withdraw_assurance(
            slug=self.slug, assurance_id=self.kwargs["evidence"], why=form.cleaned_data["why"], by=self.viewer, at=self.now
        )


class Private(OfOffer):
    """The schools that a supporter should not work with: for nobody but themselves."""

    permission = Permission.PARTNERSHIP_SEE
    template = "support/private.jinja"
    title, button = "Schools that you should not work with", "Declare it"
    done = "Kept. Nobody but you reads it, and you are not matched there."

    @cached_property
    def declared(self) -> tuple[supporters.InterestSeen, ...]:
        """What was declared; not found for everybody else, its keeper among them."""
        return self.found(supporters.interests(self.kwargs["pk"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        taken = {each.urn for each in self.declared} | {self.offer.urn}
        schools = [each for each in supporters.member_names(viewer=self.viewer, at=self.today) if each[0] not in taken]
        return forms.InterestForm(data, schools=schools)

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        actions.declare_interest(
            slug=self.slug, supporter_id=self.kwargs["pk"], urn=data["urn"], kind=ConflictKind(data["kind"]), until_on=data["until_on"],
            by=self.viewer, at=self.now,
        )  # fmt: skip

    def back(self) -> str:
        return reverse("support-private", args=[self.slug, self.kwargs["pk"]])

    def about(self) -> dict[str, Any]:
        conflicts = forms.CONFLICT_WORDS
        return super().about() | {"declared": self.declared, "conflicts": conflicts, "truth": truth("declared")}


class TakeBackInterest(Private):
    """A declared interest is taken back."""

    template = "support/action.jinja"
    title, button, done = "Take this back", "Take it back", "Taken back. It is gone."

    def form(self, data: Any = None) -> Form:
        if self.kwargs["interest"] not in {each.id for each in self.declared}:
            raise Http404("There is no such declaration of yours.")
        return forms.NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.take_back_interest(
            slug=self.slug, supporter_id=self.kwargs["pk"], interest_id=self.kwargs["interest"], by=self.viewer, at=self.now
        )

    def about(self) -> dict[str, Any]:
        named = next(each.school for each in self.declared if each.id == self.kwargs["interest"])
        return super().about() | {"eyebrow": named}


class Yours(Changing):
    """One's own entries, and putting oneself or one's school in."""

    permission = Permission.SUPPORT_GIVE
    template = "support/yours.jinja"
    button = "Put into the directory"
    done = "Thank you. You are found as soon as something vouches for you: whoever keeps the directory records that."

    @cached_property
    def own(self) -> supporters.OwnEntries:
        """One's own entries."""
        return self.found(supporters.own_entries(viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    @cached_property
    def entries(self) -> list[OfferSeen]:
        """The same, as they stand."""
        return queries.offers(viewer=self.viewer, at=self.today, only=self.own.entries)

    @property
    def as_school(self) -> bool:
        """Whether a school is put in, not the person."""
        asked = (self.request.POST or self.request.GET).get("as", "")
        return asked == "school" or (self.own.person and not asked)

    def form(self, data: Any = None) -> forms.EntryForm:
        homes = self.own.schools if self.as_school else self.own.homes
        return forms.EntryForm(data, homes=homes)

    def perform(self, form: Any) -> None:
        kind = SupporterKind.SCHOOL if self.as_school else SupporterKind.PERSON
        actions.offer_support(
            slug=self.slug, kind=kind, urn=form.chosen_urn, offering=form.offering, half_days=form.cleaned_data["half_days"],
            by=self.viewer, at=self.now,
        )  # fmt: skip

    def back(self) -> str:
        return reverse("support-yours", args=[self.slug])

    def about(self) -> dict[str, Any]:
        can = bool(self.own.schools) if self.as_school else bool(self.own.homes) and not self.own.person
        return super().about() | {"own": self.own, "entries": self.entries, "as_school": self.as_school, "can": can}


class Designations(Changing):
    """The designations in use, and naming one of the partnership's own."""

    template = "support/designations.jinja"
    title, button, done = "Designations", "Name it", "Named. You can give it to somebody on their entry."

    def form(self, data: Any = None) -> forms.NameDesignationForm:
        return forms.NameDesignationForm(data)

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        actions.name_designation(slug=self.slug, name=data["name"], says=data["says"], by=self.viewer, at=self.now)

    def back(self) -> str:
        return reverse("support-designations", args=[self.slug])

    def about(self) -> dict[str, Any]:
        known = supporters.designations(self.slug, viewer=self.viewer).values()
        return super().about() | {"known": {each: [one for one in known if one.standing is each] for each in Standing}}
