"""Reads of role addresses: the whole list for whoever keeps it, a school's own for whoever acts for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from django.db.models import Exists, Q, QuerySet

from convenor.contacts.models import Contact, LeftOut
from convenor.contacts.rules.roles import CONTACT_ROLES, ROLE_OF_POST, plain, role_word
from convenor.contacts.rules.verifying import A_YEAR, said_of, verified_lately
from convenor.contacts.rules.writing import Consent
from convenor.partnership.models import BodySchool, Membership, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission
from convenor.post.queries import bounces
from convenor.registers.queries.heads import PublishedHead, heads_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class ContactSeen:
    """One line. `standing` says how well it is verified; `came_back` why letters come back, "" when they do not.

    `key` is None for somebody who holds a post: they sign in with that address, and change it themselves.
    """

    key: int | None
    urn: str
    school: str
    phase: str
    fictitious: bool
    clusters: tuple[str, ...]
    role: str
    role_word: str
    name: str
    email: str
    phone: str
    verified_on: date | None
    verified_by: str
    standing: str
    lately: bool
    consent: str
    came_back: str
    came_back_at: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post of a member school, and signs in with this address."""

    urn: str
    role: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class SchoolOfList:
    """A member school: where it belongs, and the head's name that the register publishes, if it does."""

    urn: str
    name: str
    phase: str
    fictitious: bool
    clusters: tuple[str, ...]
    published: PublishedHead | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the list."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ContactsSeen:
    """The list as asked for. `without_head` are member schools of which no letter reaches the head; `to_prefill` of how many of
    them the register publishes the head's name, and it stands nowhere yet."""

    shown: tuple[ContactSeen, ...]
    total: int
    schools: int
    roles: tuple[Choice, ...]
    phases: tuple[Choice, ...]
    clusters: tuple[Choice, ...]
    standings: Mapping[str, int]
    without_head: tuple[SchoolOfList, ...]
    to_prefill: int


def _may(viewer: Viewer, slug: str, permission: Permission, urn: str | None = None) -> bool:
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(permission, urn=urn)


def member_name(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> str | None:
    """The name of a school that is a member on the day, else None. Membership is public. One query."""
    rows = Membership.objects.filter(in_force(day_of(at)), partnership__slug=slug, school=urn)
    name: str | None = rows.values_list("school__name", flat=True).first()
    return name


def member_schools(slug: str, *, viewer: Viewer, at: date | datetime) -> dict[str, SchoolOfList]:
    """Every member of the day by URN, by name, with the clusters in which it sits; membership is public. Two queries."""
    on = day_of(at)
    clusters: dict[str, list[str]] = defaultdict(list)
    sits = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership__slug=slug, body__tier__hue="cluster")
    for urn, name in sits.order_by("body__order", "body__name").values_list("school_id", "body__name"):
        clusters[urn].append(name)
    rows = Membership.objects.filter(in_force(on), partnership__slug=slug).order_by("school__name", "school_id")
    return {
        urn: SchoolOfList(urn, name, phase, fictitious, tuple(clusters.get(urn, ())))
        for urn, name, phase, fictitious in rows.values_list("school_id", "school__name", "school__phase", "school__fictitious")
    }


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a line is read beside: the members, the addresses from which letters come back, and those of whoever said no."""

    schools: Mapping[str, SchoolOfList]
    back: Mapping[str, tuple[str, datetime]]
    no: frozenset[str]
    on: date

    def line(self, row: Contact) -> ContactSeen:
        school = self.schools[row.school_id]
        why, since = self.back.get(row.email, ("", None)) if row.email else ("", None)
        return ContactSeen(
            row.pk, row.school_id, school.name, school.phase, school.fictitious, school.clusters, row.role, role_word(row.role), row.name,
            row.email, row.phone, row.verified_on, row.verified_by, said_of(row.verified_on, self.on),
            verified_lately(row.verified_on, self.on), Consent.NO.value if row.email in self.no else row.consent, why, since, row.source,
        )  # fmt: skip

    def holder(self, each: Holder) -> ContactSeen:
        school = self.schools[each.urn]
        why, since = self.back.get(each.email, ("", None))
        consent = Consent.NO.value if each.email in self.no else Consent.UNKNOWN.value
        return ContactSeen(
            None, each.urn, school.name, school.phase, school.fictitious, school.clusters, each.role, role_word(each.role), each.name,
            each.email, "", None, "", SIGNS_IN, True, consent, why, since, "holds the post",
        )  # fmt: skip


#: The standing of an address with which somebody signs in.
SIGNS_IN = "signs in with it"


def _beside(slug: str, viewer: Viewer, at: date | datetime, schools: Mapping[str, SchoolOfList]) -> _Beside:
    """Two queries."""
    return _Beside(schools, bounces(slug, viewer=viewer), said_no(slug, viewer=viewer), day_of(at))


def _in_order(lines: Iterable[ContactSeen]) -> tuple[ContactSeen, ...]:
    order = list(CONTACT_ROLES)
    return tuple(
        sorted(lines, key=lambda each: (each.school, each.urn, order.index(each.role) if each.role in order else 99, each.key or 0))
    )


def _everyone(slug: str, viewer: Viewer, at: date | datetime, schools: Mapping[str, SchoolOfList]) -> tuple[ContactSeen, ...]:
    """Every line of the members of the day, with those who hold a post of a school and stand in no line. Four queries."""
    beside = _beside(slug, viewer, at, schools)
    lines = [beside.line(row) for row in Contact.objects.filter(partnership__slug=slug, school__in=schools)]
    lines += [beside.holder(each) for each in beside_entered(holders(slug, viewer=viewer, at=at), lines) if each.urn in schools]
    return _in_order(lines)


def holders(slug: str, *, viewer: Viewer | str, at: date | datetime) -> list[Holder]:
    """Who holds a post of a school on the day and signs in, in the roles in which schools are reached. One query.

    For whoever sees all addresses or writes to many, and "the system"; empty for anyone else.
    """
    if not isinstance(viewer, str) and not _may(viewer, slug, Permission.CONTACTS_SEE):
        return []
    rows = Tenure.objects.filter(in_force(day_of(at)), partnership__slug=slug, post__role__in=ROLE_OF_POST, person__is_active=True)
    rows = rows.exclude(person__email=None).exclude(post__school=None).order_by("id")
    fields = ("post__school_id", "post__role", "person__name", "person__email")
    return [Holder(urn, ROLE_OF_POST[role], name, (email or "").lower()) for urn, role, name, email in rows.values_list(*fields)]


class _Entered(Protocol):
    """What is asked of a line that was entered."""

    @property
    def urn(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...


def beside_entered(some: Iterable[Holder], entered: Iterable[_Entered], *, viewer: Viewer | None = None) -> list[Holder]:
    """Those holders of posts who stand in none of the entered lines of their school and role: by the same address, or by name with one."""
    there = {(each.urn, each.role, key) for each in entered if each.email for key in (each.email, plain(each.name)) if key}
    return [each for each in some if not {(each.urn, each.role, each.email), (each.urn, each.role, plain(each.name))} & there]


def said_no(slug: str, *, viewer: Viewer | str) -> frozenset[str]:
    """Addresses whose holders asked for no letters to many; for whoever keeps addresses or writes to many, and "the system". One query."""
    if not isinstance(viewer, str) and not (viewer.partnership is not None and viewer.partnership.slug == slug):
        return frozenset()
    return frozenset(LeftOut.objects.filter(partnership__slug=slug).values_list("address", flat=True))


#: Keys of the standings by which the list narrows, and how each is said.
STANDINGS = {
    "old": "Not verified for a year",
    "never": "Never verified",
    "bounced": "Letters come back",
    "no-address": "Without an address",
}


def _stands(each: ContactSeen, standing: str) -> bool:
    return {
        "old": not each.lately and each.verified_on is not None,
        "never": each.verified_on is None and each.key is not None,
        "bounced": bool(each.came_back),
        "no-address": not each.email,
    }.get(standing, True)


def contacts(
    slug: str,
    *,
    viewer: Viewer,
    at: date | datetime,
    role: str = "",
    phase: str = "",
    cluster: str = "",
    standing: str = "",
    text: str = "",
) -> ContactsSeen | None:
    """The role addresses of the member schools, narrowed as asked; None for whoever may not see them. At most eight queries.

    `standing` is a key of STANDINGS; `text` narrows by school, name or address.
    """
    if not _may(viewer, slug, Permission.CONTACTS_SEE):
        return None
    schools = member_schools(slug, viewer=viewer, at=at)
    everyone = _everyone(slug, viewer, at, schools)
    asked = text.strip().casefold()
    shown = tuple(
        each
        for each in everyone
        if (not role or each.role == role) and (not phase or each.phase == phase) and (not cluster or cluster in each.clusters)
        and _stands(each, standing) and (not asked or asked in f"{each.school} {each.urn} {each.name} {each.email}".casefold())
    )  # fmt: skip
    reached = {each.urn for each in everyone if each.role == "head" and each.email}
    named = {each.urn for each in everyone if each.role == "head" and each.name}
    missing = [each for urn, each in schools.items() if urn not in reached]
    heads = heads_of([each.urn for each in missing], viewer=viewer)
    without = tuple(SchoolOfList(each.urn, each.name, each.phase, each.fictitious, each.clusters, heads.get(each.urn)) for each in missing)
    phases = Counter(each.phase for each in everyone)
    clusters = Counter(name for each in everyone for name in each.clusters)
    roles = Counter(each.role for each in everyone)
    return ContactsSeen(
        shown=shown,
        total=len(everyone),
        schools=len(schools),
        roles=tuple(Choice(key, said, roles[key]) for key, said in CONTACT_ROLES.items()),
        phases=tuple(Choice(name, name, phases[name]) for name in sorted(phases)),
        clusters=tuple(Choice(name, name, clusters[name]) for name in sorted(clusters)),
        standings={key: sum(_stands(each, key) for each in everyone) for key in STANDINGS},
        without_head=without,
        to_prefill=sum(1 for each in without if each.published and each.urn not in named),
    )


@dataclass(frozen=True, slots=True)
class OwnContacts:
    """A school's own page: what stands of it, and the roles of which nothing does."""

    urn: str
    school: str
    lines: tuple[ContactSeen, ...]
    missing: tuple[tuple[str, str], ...] = field(default=())

    @property
    def to_verify(self) -> tuple[ContactSeen, ...]:
        """Those that nobody has verified for a year."""
        return tuple(each for each in self.lines if not each.lately or each.came_back)


def school_contacts(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> OwnContacts | None:
    """What stands of one member school, for whoever acts for it or keeps all addresses; None for anyone else. At most five queries."""
    if not (_may(viewer, slug, Permission.SCHOOL_ACT, urn) or _may(viewer, slug, Permission.CONTACTS_SEE)):
        return None
    schools = member_schools(slug, viewer=viewer, at=at)
    if urn not in schools:
        return None
    rows = Contact.objects.filter(partnership__slug=slug, school=urn)
    beside = _beside(slug, viewer, at, schools)
    lines = _in_order(beside.line(row) for row in rows)
    there = {each.role for each in lines}
    missing = tuple((key, said) for key, said in CONTACT_ROLES.items() if key not in there and key != "other")
    return OwnContacts(urn, schools[urn].name, lines, missing)


def contact(slug: str, contact_id: int, *, viewer: Viewer, at: date | datetime) -> ContactSeen | None:
    """One line, for whoever keeps all addresses or acts for the school; None for anyone else. At most five queries."""
    urn = Contact.objects.filter(partnership__slug=slug, pk=contact_id).values_list("school_id", flat=True).first()
    seen = school_contacts(slug, urn, viewer=viewer, at=at) if urn else None
    return next((each for each in seen.lines if each.key == contact_id), None) if seen else None


def _to_verify(urns: Iterable[str], viewer: Viewer, on: date) -> QuerySet[Contact]:
    """Lines of these schools that nobody has verified for a year, where the viewer acts for the school."""
    here = viewer.partnership.id if viewer.partnership else 0
    own = [urn for urn in urns if viewer.may(Permission.SCHOOL_ACT, urn=urn)]
    old = Q(verified_on=None) | Q(verified_on__lte=on - A_YEAR)
    return Contact.objects.filter(old, partnership_id=here, school_id__in=own)


def is_asked(urns: Iterable[str], *, viewer: Viewer, at: date | datetime) -> Exists:
    """Whether any of these schools has a line that nobody has verified for a year, for whoever acts for it: a part of another query."""
    return Exists(_to_verify(urns, viewer, day_of(at)))


def to_verify(urns: Iterable[str], *, viewer: Viewer, at: date | datetime) -> list[tuple[str, str, int]]:
    """Of these schools, those with lines that nobody has verified for a year: URN, name and how many lines. One query."""
    rows = _to_verify(urns, viewer, day_of(at)).order_by("school__name").values_list("school_id", "school__name")
    return [(urn, name, count) for (urn, name), count in Counter(rows).items()]
