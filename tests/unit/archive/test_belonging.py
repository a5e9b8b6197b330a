"""Why a table belongs to a partnership, from a description alone."""

from __future__ import annotations

from convenor.archive.rules.belonging import Belongs, Column, Kind, Table, leaning_on, place


def key(field: str, to: str, *, null: bool = False) -> Column:
    return Column(f"{field}_id", field, Kind.WHOLE, null=null, to=to)


def text(name: str) -> Column:
    return Column(name, name, Kind.TEXT)


def table(label: str, *columns: Column) -> Table:
    return Table(label, label.split(".")[1], "id", (Column("id", "id", Kind.WHOLE), *columns))


PARTNERSHIP, PERSON = table("partnership.partnership", text("slug")), table("accounts.person", text("password"), text("name"))


def placed(*tables: Table) -> dict[str, Table]:
    return {each.label: each for each in place([PARTNERSHIP, PERSON, *tables])}


def test_a_table_belongs_by_the_shortest_chain_of_keys_that_are_never_empty() -> None:
    found = placed(
        table("support.note", key("visit", "support.visit"), key("by", "accounts.person", null=True)),
        table("support.visit", key("package", "support.package"), key("short", "support.package", null=True)),
        table("support.package", key("partnership", "partnership.partnership")),
    )
    assert {label: (each.belongs, each.path) for label, each in found.items() if label.startswith("support")} == {
        "support.package": (Belongs.KEYS, ("partnership",)),
        "support.visit": (Belongs.KEYS, ("package", "partnership")),
        "support.note": (Belongs.KEYS, ("visit", "package", "partnership")),
    }


def test_of_two_chains_the_shorter_counts_and_of_two_alike_the_first_by_name() -> None:
    found = placed(
        table("a.top", key("partnership", "partnership.partnership")),
        table("a.other", key("partnership", "partnership.partnership")),
        table("a.middle", key("top", "a.top")),
        table("a.both", key("middle", "a.middle"), key("top", "a.top"), key("other", "a.other")),
    )
    assert found["a.both"].path == ("other", "partnership")


def test_a_history_belongs_by_its_own_key_of_the_partnership_though_it_may_be_empty() -> None:
    found = placed(table("a.historicalbody", key("partnership", "partnership.partnership", null=True)))
    assert (found["a.historicalbody"].belongs, found["a.historicalbody"].path) == (Belongs.KEYS, ("partnership",))


def test_a_key_that_may_be_empty_is_no_path() -> None:
    found = placed(
        table("a.top", key("partnership", "partnership.partnership")), table("a.loose", key("top", "a.top", null=True))
    )  # fmt: skip
    assert found["a.loose"].belongs is Belongs.NOWHERE


def test_a_table_belongs_by_the_name_it_bears() -> None:
    found = placed(table("journal.entry", text("partnership"), text("urn")))
    assert (found["journal.entry"].belongs, found["journal.entry"].by_name) == (Belongs.NAME, "partnership")


def test_people_published_rows_and_what_is_left_are_told_apart() -> None:
    found = placed(table("registers.school"), table("intelligence.run"), table("mfa.authenticator", key("user", "accounts.person")))
    assert {label: each.belongs for label, each in found.items()} == {
        "partnership.partnership": Belongs.ITSELF,
        "accounts.person": Belongs.PEOPLE,
        "registers.school": Belongs.PUBLISHED,
        "intelligence.run": Belongs.PUBLISHED,
        "mfa.authenticator": Belongs.LEFT,
    }
    assert [label for label, each in found.items() if not each.leaves] == ["mfa.authenticator"]


def test_a_password_is_known_as_what_opens_something() -> None:
    assert {c.name: c.private_key for c in placed()["accounts.person"].columns} == {"id": False, "password": True, "name": False}


def test_a_table_that_fits_nowhere_says_so_and_does_not_leave() -> None:
    found = placed(table("new.thing", text("words")))
    assert (found["new.thing"].belongs, found["new.thing"].leaves) == (Belongs.NOWHERE, False)


def test_whatever_points_at_a_table_is_found() -> None:
    visit = table("support.visit", key("by", "accounts.person"), key("supporter", "accounts.person"))
    assert [(t.label, c.field) for t, c in leaning_on([visit, PERSON], "accounts.person")] == [
        ("support.visit", "by"), ("support.visit", "supporter"),
    ]  # fmt: skip
