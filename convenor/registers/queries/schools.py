"""Schools as the published record describes them: the list of an area, and one school whole.

Published facts are open to everyone. Fictitious schools are the exception: they belong to a demonstration, are listed only
for a viewer inside one, always apart from the real ones, and never enter a count of real schools.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from convenor.england.types import SCHOOL_TYPES
from convenor.registers.models import Edition, Inspection, School, SchoolLink
from convenor.registers.rules import spelling
from convenor.registers.rules.school_filters import INSPECTIONS, NO_TRUST, SIZES, SchoolFilter

PAGE_SIZE = 50
OPEN = ("open", "proposed to close")
#: Groups of types that are state-funded. The list, the map and every count hold these; the others are found by search and by filter.
STATE_FUNDED = tuple(dict.fromkeys(each.group for each in SCHOOL_TYPES if each.state_funded))
UNKNOWN_TYPE = "unknown"

_ROW = (
    "urn", "laestab", "name", "phase", "type_name", "type_group", "pupils", "low_age", "high_age", "town", "postcode", "trust_id",
    "trust__name", "fictitious", "opened_on", "described_by", "religious_character", "easting",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition as a page's footer names it."""

    key: str
    title: str
    publisher: str
    as_at: date
    period: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One inspection in the vocabulary of its day. `urn_at_inspection` is the school that was inspected, often a predecessor.

    Some editions give a grade without its day (`started_on` None): `told_on` is the day of the edition that tells of it.
    """

    urn: str
    urn_at_inspection: str
    kind: str
    vocabulary: str
    started_on: date | None
    published_on: date | None
    overall: str
    outcome: str
    judgements: dict[str, str]
    safeguarding: str
    category_of_concern: str
    edition: str
    told_on: date


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One line of the list of schools. A fact that no edition gives is None or empty, and is said to be not known."""

    urn: str
    laestab: str
    name: str
    phase: str
    type_name: str
    type_group: str
    pupils: int | None
    low_age: int | None
    high_age: int | None
    town: str
    postcode: str
    trust_uid: str
    trust_name: str
    fictitious: bool
    opened_on: date | None
    religious_character: str
    edition_keys: tuple[str, ...]
    inspection: InspectionRow | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a filter offers, with how many schools of the area it holds."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class SchoolList:
    """A page of an area's schools: how many of how many, what may be asked for, and the editions that say so.

    `total` counts the state-funded schools; `others` are the groups of types that are not, each with its number.
    """

    rows: list[SchoolRow]
    found: int
    total: int
    fictitious_total: int
    fictitious: bool
    page: int
    pages: int
    phases: list[Choice]
    kinds: list[Choice]
    others: list[Choice]
    trusts: list[Choice]
    editions: list[EditionLine]


@dataclass(frozen=True, slots=True)
class Area:
    """A local authority, as a page's heading needs it."""

    code: str
    name: str
    region: str
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """One school as the newest editions describe it."""

    urn: str
    laestab: str
    ukprn: str
    name: str
    area: Area | None
    phase: str
    type_name: str
    type_group: str
    status: str
    opened_on: date | None
    closed_on: date | None
    low_age: int | None
    high_age: int | None
    gender: str
    religious_character: str
    diocese: str
    admissions: str
    sixth_form: bool | None
    pupils: int | None
    capacity: int | None
    trust_uid: str
    trust_name: str
    federation_name: str
    street: str
    town: str
    postcode: str
    website: str
    urban_rural: str
    fictitious: bool
    edition_keys: tuple[str, ...] = ()
    described_by: dict[str, str] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        """Whether the register says that it has closed."""
        return self.status == "closed" or self.closed_on is not None


def sees_fictitious(viewer: Any) -> bool:
    """Whether fictitious schools may be listed for this viewer: only someone inside a demonstration partnership."""
    return bool(getattr(getattr(viewer, "partnership", None), "demonstration", False))


def _latest_graded() -> QuerySet[Inspection]:
    graded = Inspection.objects.filter(urn=OuterRef("urn"), kind="graded")
    return graded.order_by(F("started_on").desc(nulls_last=True), "-id")


def _narrowed(schools: QuerySet[School], asked: SchoolFilter) -> QuerySet[School]:
    if asked.phase:
        schools = schools.filter(phase=asked.phase)
    if asked.kind:
        schools = schools.filter(type_group="" if asked.kind == UNKNOWN_TYPE else asked.kind)
    else:
        schools = schools.filter(type_group__in=STATE_FUNDED)
    if asked.trust:
        schools = schools.filter(trust_id=None) if asked.trust == NO_TRUST else schools.filter(trust_id=asked.trust)
    if asked.size:
        _words, smallest, largest = SIZES[asked.size]
        if smallest is None and largest is None:
            schools = schools.filter(pupils=None)
        if smallest is not None:
            schools = schools.filter(pupils__gte=smallest)
        if largest is not None:
            schools = schools.filter(pupils__lte=largest)
    for word in asked.text.split():
        schools = schools.filter(
            Q(search_name__contains=spelling.fold(word) or word.lower())
            | Q(name__icontains=word)
            | Q(urn=word)
            | Q(laestab=word.replace("/", ""))
            | Q(postcode__istartswith=word)
            | Q(town__icontains=word)
        )
    if asked.inspection:
        _said, vocabulary, overall = INSPECTIONS[asked.inspection]
        if not vocabulary:
            return schools.filter(~Exists(Inspection.objects.filter(urn=OuterRef("urn"), kind="graded")))
        schools = schools.annotate(_vocabulary=Subquery(_latest_graded().values("vocabulary")[:1])).filter(_vocabulary=vocabulary)
        if overall:
            schools = schools.annotate(_overall=Subquery(_latest_graded().values("overall")[:1])).filter(_overall=overall)
    return schools


def _row(values: dict[str, Any], inspection: InspectionRow | None) -> SchoolRow:
    return SchoolRow(
        urn=values["urn"], laestab=values["laestab"], name=values["name"], phase=values["phase"], type_name=values["type_name"],
        type_group=values["type_group"], pupils=values["pupils"], low_age=values["low_age"], high_age=values["high_age"],
        town=values["town"], postcode=values["postcode"], trust_uid=values["trust_id"] or "", trust_name=values["trust__name"] or "",
        fictitious=values["fictitious"], opened_on=values["opened_on"], religious_character=values["religious_character"],
        edition_keys=tuple(dict.fromkeys(values["described_by"].values())), inspection=inspection,
    )  # fmt: skip


_INSPECTION = (
    "urn", "urn_at_inspection", "kind", "vocabulary", "started_on", "published_on", "overall", "outcome", "judgements",
    "safeguarding", "category_of_concern", "edition__key", "edition__as_at",
)  # fmt: skip


def _inspection(values: Sequence[Any]) -> InspectionRow:
    return InspectionRow(*values)


def latest_graded(urns: Iterable[str], *, viewer: Any) -> dict[str, InspectionRow]:
    """The latest graded inspection of each school, by URN; a school without one is absent. One query."""
    latest: dict[str, InspectionRow] = {}
    rows = Inspection.objects.filter(urn__in=list(urns), kind="graded")
    in_order = rows.order_by(F("started_on").asc(nulls_first=True), "edition__as_at", "id")
    for values in in_order.values_list(*_INSPECTION):
        latest[values[0]] = _inspection(values)
    return latest


#: Editions by key, as this process has met them. What an edition is never changes, and one that is withdrawn is named by no row.
_met: dict[str, EditionLine] = {}


def editions(keys: Iterable[str], *, viewer: Any) -> list[EditionLine]:
    """The editions of these keys, newest first; an unknown one is absent. One query for keys not met before, none otherwise."""
    wanted = {key for key in keys if key}
    if new := wanted - _met.keys():
        found = Edition.objects.filter(key__in=new, withdrawn_at=None)
        rows = found.values_list("key", "title", "publisher", "as_at", "period", "family")
        _met.update((values[0], EditionLine(*values)) for values in rows)
    return sorted((_met[key] for key in wanted if key in _met), key=lambda one: (-one.as_at.toordinal(), one.key))


def forget_editions() -> None:
    """Drops the editions met so far. For tests, which use one key for different editions."""
    _met.clear()


@dataclass(slots=True)
class _Counted:
    """An area's open schools, counted for its filters. Only state-funded schools count in `total`, `phases` and `trusts`."""

    total: int = 0
    phases: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    trusts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, phase: str, kind: str, trust: tuple[str, str], number: int) -> None:
        self.kinds[kind] = self.kinds.get(kind, 0) + number
        if kind in STATE_FUNDED:
            self.total += number
            self.phases[phase] = self.phases.get(phase, 0) + number
            self.trusts[trust] = self.trusts.get(trust, 0) + number

    def choices_of_kind(self, *, state_funded: bool) -> list[Choice]:
        held = [(kind, number) for kind, number in sorted(self.kinds.items()) if (kind in STATE_FUNDED) is state_funded]
        return [Choice(kind or UNKNOWN_TYPE, kind or "type not known", number) for kind, number in held]

    def choices_of_trust(self) -> list[Choice]:
        named = sorted(self.trusts.items(), key=lambda one: (one[0][0] == NO_TRUST, one[0][1].casefold()))
        return [Choice(uid, name, number) for (uid, name), number in named]


def _counted(codes: Sequence[str], *, fictitious: bool) -> _Counted:
    """How many schools the area has, and what its filters may offer. One query."""
    grouped = (
        School.objects.filter(authority_id__in=codes, status__in=OPEN, fictitious=fictitious)
        .order_by()
        .values_list("phase", "type_group", "trust_id", "trust__name")
        .annotate(number=Count("urn"))
    )
    counted = _Counted()
    for phase, kind, trust, trust_name, number in grouped:
        counted.add(phase, kind, (trust or NO_TRUST, trust_name or "Not in a trust"), number)
    return counted


def schools_of_area(
    codes: Sequence[str], asked: SchoolFilter, *, viewer: Any, page: int = 1, fictitious: bool = False, everything: bool = False
) -> SchoolList:
    """The open state-funded schools of these authorities that fit what is asked, by name, fifty a page; `everything` gives all.

    A kind of school that is not state-funded is listed when it is asked for by name.
    `fictitious` lists the demonstration's invented schools instead of the real ones, never both, and only for a viewer inside
    a demonstration; for anyone else it lists the real ones. A page beyond the last gives the last. At most five queries.
    """
    may = sees_fictitious(viewer)
    fictitious = fictitious and may
    counted = _counted(codes, fictitious=fictitious)
    everyone = School.objects.filter(authority_id__in=codes, status__in=OPEN, fictitious=fictitious)
    schools = _narrowed(everyone, asked)
    found = schools.count() if asked.asks else counted.total
    invented = (
        School.objects.filter(authority_id__in=codes, status__in=OPEN, type_group__in=STATE_FUNDED, fictitious=True).count() if may else 0
    )
    pages = max(1, -(-found // PAGE_SIZE))
    page = min(max(1, page), pages)
    ordered = schools.order_by("name", "urn").values(*_ROW)
    values = list(ordered if everything else ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    inspections = latest_graded([one["urn"] for one in values], viewer=viewer) if values else {}
    rows = [_row(one, inspections.get(one["urn"])) for one in values]
    keys = {key for row in rows for key in row.edition_keys} | {one.edition for one in inspections.values()}
    return SchoolList(
        rows=rows, found=found, total=counted.total, fictitious_total=invented, fictitious=fictitious, page=page, pages=pages,
        phases=[Choice(phase, phase or "not known", number) for phase, number in sorted(counted.phases.items()) if phase],
        kinds=counted.choices_of_kind(state_funded=True), others=counted.choices_of_kind(state_funded=False),
        trusts=counted.choices_of_trust(), editions=editions(keys, viewer=viewer),
    )  # fmt: skip


def school(urn: str, *, viewer: Any) -> SchoolFacts | None:
    """One school, open, closed or proposed, real or fictitious (and then marked so); None when no edition knows the URN.

    A fictitious school's page can be reached from its demonstration partnership's public structure, so it is not hidden here.
    """
    row = (
        School.objects.filter(urn=urn)
        .values(
            "urn", "laestab", "ukprn", "name", "phase", "type_name", "type_group", "status", "opened_on", "closed_on", "low_age",
            "high_age", "gender", "religious_character", "diocese", "admissions", "sixth_form", "pupils", "capacity", "street",
            "town", "postcode", "website", "urban_rural", "fictitious", "described_by", "trust_id", "trust__name",
            "federation__name", "authority_id", "authority__name", "authority__region", "authority__closed_on",
        )
        .first()
    )  # fmt: skip
    if row is None:
        return None
    one: dict[str, Any] = {**row}
    code = one.pop("authority_id")
    name, region, closed_on = one.pop("authority__name"), one.pop("authority__region"), one.pop("authority__closed_on")
    return SchoolFacts(
        area=Area(code, name, region, closed_on) if code else None,
        trust_uid=one.pop("trust_id") or "",
        trust_name=one.pop("trust__name") or "",
        federation_name=one.pop("federation__name") or "",
        edition_keys=tuple(dict.fromkeys(one["described_by"].values())),
        **one,
    )


def inspections(urns: Sequence[str], *, viewer: Any) -> list[InspectionRow]:
    """Every inspection of a school, newest first, each event once though several editions tell of it. One query.

    Inspections are kept under the school of today: for one that closed, give its successors too and take those that were its
    own. Of two editions that tell of one event the newer is believed.
    """
    rows = Inspection.objects.filter(urn__in=urns).order_by("-edition__as_at", "-id").values_list(*_INSPECTION)
    events: dict[tuple[str, date, str], InspectionRow] = {}
    for values in rows:
        one = _inspection(values)
        events.setdefault((one.urn_at_inspection, one.started_on or one.told_on, one.kind), one)
    dated = [one for one in events.values() if one.started_on is not None]
    undated = [one for one in events.values() if one.started_on is None and not _retold(one, dated)]
    return sorted([*dated, *undated], key=lambda one: (one.started_on or one.told_on, one.kind), reverse=True)


def _retold(undated: InspectionRow, dated: Sequence[InspectionRow]) -> bool:
    """Whether a grade without a day is that of the latest graded inspection before its edition: the same event, told twice."""
    before = [one for one in dated if one.kind == "graded" and one.started_on and one.started_on <= undated.told_on]
    latest = max(before, key=lambda one: one.started_on or date.min, default=None)
    return latest is not None and (latest.overall, latest.vocabulary) == (undated.overall, undated.vocabulary)


@dataclass(frozen=True, slots=True)
class Link:
    """A published link, told from the school's own side: it came from, or went to, another one.

    `known` when an edition describes the other school, so that it has a page.
    """

    urn: str
    name: str
    kind: str
    on: date | None
    earlier: bool
    known: bool = False


def _name_of(field: str) -> Subquery:
    return Subquery(School.objects.filter(urn=OuterRef(field)).values("name")[:1])


def links(urn: str, *, viewer: Any) -> list[Link]:
    """The published links of one school, each other school once, the earliest first. One query.

    The register stores most links from both sides; a link told only by the other school is turned round. The other school's
    name is the register's, or the link's own where no edition describes it.
    """
    found: dict[tuple[str, bool], Link] = {}
    rows = (
        SchoolLink.objects.filter(Q(urn=urn) | Q(linked_urn=urn))
        .annotate(name_here=_name_of("urn"), name_there=_name_of("linked_urn"))
        .values_list("urn", "linked_urn", "linked_name", "kind", "established_on", "name_here", "name_there")
    )
    for here, there, told, kind, on, name_here, name_there in rows:
        mine, lowered = here == urn, kind.lower()
        if not lowered.startswith(("predecessor", "successor")):
            continue
        earlier = lowered.startswith("predecessor") is mine
        other, name = (there, name_there) if mine else (here, name_here)
        if mine or (other, earlier) not in found:
            said = name or (told if mine else "") or f"the school with URN {other}"
            found[other, earlier] = Link(other, said, kind, on, earlier, name is not None)
    return sorted(found.values(), key=lambda one: (one.on or date.min, one.urn))


def counts_by_authority(*, viewer: Any) -> dict[str, int]:
    """How many open, state-funded, real schools each authority has, by code. One query."""
    schools = School.objects.filter(status__in=OPEN, type_group__in=STATE_FUNDED, fictitious=False, authority__isnull=False)
    return dict(schools.order_by().values_list("authority_id").annotate(number=Count("urn")))
