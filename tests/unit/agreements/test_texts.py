"""The shipped text is whole, names its sources, promises nothing that the sources do not carry; and a bad file says which line."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest

from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.refusals import BadText
from convenor.agreements.rules.texts import (
    FOLDER,
    OWN_NAME,
    TEMPLATE_KEYS,
    Part,
    classes_as_data,
    classes_from,
    named,
    paragraphs_of,
    section_key,
    sections_as_data,
    sections_from,
    template,
    template_from,
    templates,
)

SHIPPED = template("school-data-sharing")


def raw() -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads((FOLDER / "school-data-sharing.toml").read_text(encoding="utf-8")))


def whole() -> str:
    words = [each.words for each in SHIPPED.sections]
    return " ".join([*words, *(said for each in SHIPPED.classes for said in (each.items, each.used_for, each.seen_by))])


def test_every_shipped_file_is_named_and_sound() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(TEMPLATE_KEYS)
    assert [each.key for each in templates()] == list(TEMPLATE_KEYS)


def test_shipped_text_says_what_model_agreements_say_in_their_order() -> None:
    assert [each.key for each in SHIPPED.sections if each.part is Part.AGREEMENT] == [
        "parties", "purpose", "basis", "travels", "requests", "breach", "kept", "review",
    ]  # fmt: skip
    assert [each.data_class for each in SHIPPED.classes] == list(DataClass)
    assert len(SHIPPED.sources) == 6


def test_shipped_text_rests_on_task_and_law_and_not_on_consent() -> None:
    basis = next(each.words for each in SHIPPED.sections if each.key == "basis")
    assert [basis.count(each) for each in ("Article 6(1)(e)", "Article 6(1)(c)", "does not rest on consent")] == [1, 1, 1]
    assert whole().count("Article") == 2  # no further article is claimed


def test_shipped_text_is_read_in_five_minutes() -> None:
    assert len(whole().split()) < 5 * 200


def test_own_name_stands_where_the_template_leaves_room() -> None:
    found = named(SHIPPED.sections, "Fernshire Education Partnership")
    assert sum(each.words.count(OWN_NAME) for each in found) == 0
    assert found[0].words.count("Fernshire Education Partnership") == 1


def test_text_comes_back_from_what_is_stored() -> None:
    assert sections_from(sections_as_data(SHIPPED.sections)) == SHIPPED.sections
    assert classes_from(classes_as_data(SHIPPED.classes)) == SHIPPED.classes


def changed(**more: Any) -> dict[str, Any]:
    return raw() | more


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (changed(name=" "), "says its name"),
        (changed(source=[]), "names its sources"),
        (changed(section=[each for each in raw()["section"] if each.get("part") == 2]), "one section of each"),
        (changed(section=[raw()["section"][0] | {"key": "Not so"}, *raw()["section"][1:]]), "Section 1: a key"),
        (changed(section=[raw()["section"][0] | {"heading": ""}, *raw()["section"][1:]]), "Section 1: it has a heading"),
        (changed(section=[raw()["section"][0] | {"paragraphs": ["x" * 3001]}, *raw()["section"][1:]]), "at most 3,000 letters"),
        (changed(section=[*raw()["section"], raw()["section"][0]]), "the same key"),
        ({**raw(), "class": raw()["class"][:3]}, "says nothing of support-records"),
        ({**raw(), "class": [*raw()["class"], raw()["class"][0]]}, "stands twice"),
        ({**raw(), "class": [raw()["class"][0] | {"items": ""}, *raw()["class"][1:]]}, "mend “published”"),
    ],
)
def test_bad_text_says_what_would_mend_it(bad: dict[str, Any], says: str) -> None:
    with pytest.raises(BadText, match=says):
        template_from(bad)


def test_no_other_template_is_there() -> None:
    with pytest.raises(BadText, match="There is no template “other”"):
        template("other")


def test_new_section_gets_a_key_of_its_own() -> None:
    taken = ["who-agrees", "s-9-lives"]
    made = [section_key(heading, taken) for heading in ("Who agrees", "9 lives", "…")]
    assert made == ["who-agrees-2", "s-9-lives-2", "section"]
    assert paragraphs_of("One\r\nline.\r\n\r\n\x00Another.") == ("One line.", "Another.")
