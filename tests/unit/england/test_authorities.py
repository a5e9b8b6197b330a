"""Authorities, old and new, by every name and code that people use."""

import pytest

from convenor.england import authorities
from convenor.england.authorities import AUTHORITIES, UnknownAreaError, area, find, resolve
from convenor.england.regions import REGIONS, region_of


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Cumbria", ("942", "943")),
        ("909", ("942", "943")),
        ("E10000006", ("942", "943")),
        ("Northamptonshire", ("940", "941")),
        ("928", ("940", "941")),
        ("North Yorkshire", ("815",)),
        ("E10000023", ("815",)),
        ("Somerset", ("933",)),
        ("E10000027", ("933",)),
        ("E06000066", ("933",)),
        ("837", ("839",)),
        ("Poole", ("839",)),
        ("835", ("838",)),
        ("Dorset", ("838",)),
        ("Dorset (Pre LG)", ("838",)),
        ("Bournemouth, Christchurch & Poole", ("839",)),
        ("Cheshire", ("895", "896")),
        ("Bedfordshire", ("822", "823")),
        ("Buckinghamshire", ("825",)),
        ("E08000016", ("370",)),
        ("wigan", ("359",)),
        ("Wigan Council", ("359",)),
        ("City of Bristol", ("801",)),
        ("Bristol, City of", ("801",)),
        ("Herefordshire, County of", ("884",)),
        ("Hull", ("810",)),
        ("Kingston upon Hull, City of", ("810",)),
        ("St Helens", ("342",)),
        ("Telford & Wrekin", ("894",)),
        ("Durham", ("840",)),
        ("County Durham", ("840",)),
        ("London Borough of Bexley", ("303",)),
        ("City of London", ("201",)),
        ("Gloucestershire County Council", ("916",)),
    ],
)
def test_resolve_gives_the_live_codes(said: str, codes: tuple[str, ...]) -> None:
    assert resolve(said) == codes


def test_resolve_of_an_unknown_name_lists_the_nearest() -> None:
    with pytest.raises(UnknownAreaError) as error:
        resolve("Glostershire")
    assert str(error.value).startswith("No area is called 'Glostershire'. The nearest are: Gloucestershire (916);")


@pytest.mark.parametrize("said", ["", "Atlantis", "999", "702", "BFPO"])
def test_resolve_refuses_what_is_no_area(said: str) -> None:
    with pytest.raises(UnknownAreaError):
        resolve(said)


def test_every_name_and_code_leads_to_its_own_authority() -> None:
    for code, authority in AUTHORITIES.items():
        if code == authorities.OVERSEAS:
            continue
        assert find(code) == code
        assert [find(gss) for gss in authority.gss_codes] == [code] * len(authority.gss_codes)
        if authority.live:
            assert find(authority.name) == code
            assert find(authority.name.upper().replace(" and ", " & ")) == code


def test_england_has_153_live_authorities_in_nine_regions() -> None:
    live = authorities.live_codes()
    assert len(live) == 153
    assert sorted(code for region in REGIONS for code in authorities.authorities_of_region(region)) == list(live)


def test_area_of_an_abolished_authority_says_what_became_of_it() -> None:
    found = area("Cumbria")
    assert (found.kind, found.code, found.name, found.codes) == ("authority", "909", "Cumbria", ("942", "943"))
    assert found.note == "Cumbria became Cumberland and Westmorland and Furness on 1 April 2023."


@pytest.mark.parametrize(
    ("said", "kind", "code", "number"),
    [
        ("England", "england", "E92000001", 153),
        ("london", "region", "E12000007", 33),
        ("South West", "region", "E12000009", 15),
        ("Yorkshire and The Humber", "region", "E12000003", 15),
        ("E12000004", "region", "E12000004", 10),
        ("Portsmouth", "authority", "851", 1),
    ],
)
def test_area_tells_regions_and_england_from_authorities(said: str, kind: str, code: str, number: int) -> None:
    found = area(said)
    assert (found.kind, found.code, len(found.codes)) == (kind, code, number)


def test_related_joins_old_and_new_codes() -> None:
    assert authorities.related("942") == {"909", "942", "943"}
    assert authorities.related("359") == {"359"}
    assert authorities.related("838") == {"835", "836", "837", "838", "839"}


def test_authority_exists_between_its_days() -> None:
    from datetime import date

    assert AUTHORITIES["909"].existed_on(date(2023, 3, 31))
    assert not AUTHORITIES["909"].existed_on(date(2023, 4, 1))
    assert not AUTHORITIES["942"].existed_on(date(2023, 3, 31))
    assert AUTHORITIES["942"].existed_on(date(2023, 4, 1))


def test_joined_codes_give_each_authority() -> None:
    assert authorities.of_joined("942 / 943") == ("942", "943")
    assert authorities.of_joined("916") == ("916",)
    assert authorities.of_joined("x") == ()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Inner London", "London"),
        ("London (Outer)", "London"),
        ("yorkshire & humberside", "Yorkshire and the Humber"),
        ("989", "South East"),
    ],
)
def test_region_is_known_by_other_names(said: str, name: str) -> None:
    region = region_of(said)
    assert region is not None
    assert region.name == name


def test_no_region_is_none() -> None:
    assert region_of("Wales") is None
