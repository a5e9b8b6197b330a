"""The pages of one package: who sees which, what none of them may show, who looked, and how much they ask of the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.journal.models import Look
from convenor.support.actions import concerns
from convenor.support.models import Package, PackageTask
from convenor.support.rules.workflows import workflow, workflow_from
from tests.factories.support import AT, RECEIVER, SECRETS, SLUG, World, package, supporter, supporting
from tests.integration.web.people import signed_in
from tests.unit.support.test_workflows import small

pytestmark = pytest.mark.django_db
RECEIVING = {"head", "school leader", "chair of governors"}
ALSO = {"system leader": "supporter"}
SEES = RECEIVING | {"broker", "manager", "supporter", "lender"}


@pytest.fixture
def clock() -> Iterator[Any]:
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


@pytest.fixture
def here() -> World:
    return supporting()


def page(name: str, *parts: object) -> str:
    return reverse(name, args=[SLUG, *parts])


def shown(here: World, who: str, address: str, status: int = 200) -> str:
    answer = signed_in(here.people[who], code=True).get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


@pytest.mark.usefixtures("clock")
def test_package_page_is_for_those_who_take_part(here: World) -> None:
    row = package(here, "active")
    browsers = {who: signed_in(person, code=True) for who, person in here.people.items() if who not in ALSO} | {"nobody": Client()}
    got = {who: client.get(page("support-package", row.pk)).status_code for who, client in browsers.items()}
    assert {who for who, status in got.items() if status == 200} == SEES
    assert {who for who, status in got.items() if status == 302} == {"nobody"}


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("head", {"diagnosis"}), ("school leader", {"diagnosis"}), ("broker", {"diagnosis"}), ("supporter", {"diagnosis"}),
        ("lender", {"diagnosis"}), ("manager", set()),
    ],
)  # fmt: skip
def test_package_page_shows_what_was_written_to_those_who_work_with_it_alone(here: World, who: str, reads: set[str]) -> None:
    row = package(here, "active")
    Package.objects.filter(pk=row.pk).update(title=SECRETS["need"])
    text = shown(here, who, page("support-package", row.pk))
    assert {key for key in SECRETS if SECRETS[key] in text} == reads | ({"need", "choice"} if reads else set())


@pytest.mark.usefixtures("clock")
def test_package_page_tells_a_supporter_nothing_of_the_school_s_words_before_its_head_agreed(here: World) -> None:
    row = package(here, "agreeing")
    Package.objects.filter(pk=row.pk).update(title=SECRETS["need"])
    text = shown(here, "supporter", page("support-package", row.pk))
    assert [key for key in SECRETS if SECRETS[key] in text] == []
    assert "Be in touch with the school" in text


@pytest.mark.usefixtures("clock")
def test_looks_from_outside_the_school_are_written_down(here: World) -> None:
    row = package(here, "active")
    for who in ("head", "broker", "supporter", "lender", "manager"):
        shown(here, who, page("support-package", row.pk))
    looks = Look.objects.filter(urn=RECEIVER, record="support package: plan and tasks").order_by("id").values_list("by_label", "role")
    assert [(label.split(",")[0], role) for label, role in looks] == [
        ("Bea Marlow", "Broker"), ("Sol Carr", "System leader"), ("Hal Rivers", "Headteacher")
    ]  # fmt: skip


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("state", ["asked", "checking", "active", "ending", "after", "closed"])
def test_package_page_asks_at_most_forty_questions_of_the_database(here: World, state: str) -> None:
    row = package(here, state)
    client = signed_in(here.people["head"], code=True)
    client.get(page("support-package", row.pk))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(page("support-package", row.pk)).status_code == 200
    assert len(asked) <= 40


@pytest.mark.usefixtures("clock")
def test_package_page_says_whose_turn_it_is(here: World) -> None:
    row = package(here, "checking")
    own = shown(here, "broker", page("support-package", row.pk))
    assert own.count('<h2 id="next">Your turn</h2>') == 1
    assert own.count(f'href="{page("support-package-task", row.pk, "fit", 1)}"') == 2
    other = shown(here, "head", page("support-package", row.pk))
    assert other.count('<h2 id="next">Whose turn it is</h2><p>The broker and the supporter') == 1


@pytest.mark.usefixtures("clock")
def test_package_page_offers_no_step_back_as_the_way_on(here: World) -> None:
    row = package(here, "ending")
    text = shown(here, "broker", page("support-package", row.pk))
    assert [text.count(f'<h2 id="next">{each}</h2>') for each in ("It can go on", "Whose turn it is")] == [0, 1]
    assert text.count(f'href="{page("support-package-move", row.pk, "go-on")}"') == 1  # it stands below, among the ways


@pytest.mark.usefixtures("clock")
def test_task_is_filled_bit_by_bit_and_a_conflict_keeps_what_was_typed(here: World) -> None:
    row = package(here, "checking")
    client = signed_in(here.people["broker"], code=True)
    address = page("support-package-task", row.pk, "fit", 1)
    answer = client.post(address, {"capacity": "yes", "version": row.version})
    assert (answer.status_code, answer["Location"]) == (302, page("support-package", row.pk) + "#tasks")
    assert PackageTask.objects.get(package=row, key="fit").status == "in-progress"
    late = client.post(address, {"willing": "yes", "view": "They get on well", "version": row.version})
    text = late.content.decode()
    assert (late.status_code, text.count("They get on well</textarea>"), text.count("Somebody changed this package while")) == (422, 1, 1)
    row.refresh_from_db()
    again = client.post(address, {"capacity": "yes", "willing": "yes", "interest": "yes", "version": row.version})
    assert (again.status_code, PackageTask.objects.get(package=row, key="fit").status) == (302, "complete")


@pytest.mark.usefixtures("clock")
def test_task_takes_money_in_pounds_and_keeps_pence(here: World) -> None:
    raw = small()
    kinds: list[tuple[str, str, dict[str, str]]] = [
        ("grant", "pence", {"initial": "300000"}), ("places", "number", {}), ("where", "school", {}),
        ("met", "yes-no", {}), ("on", "date", {})
    ]  # fmt: skip
    fields = [{"key": key, "label": key.title(), "kind": kind, **more} for key, kind, more in kinds]
    raw["tasks"][0] |= {"who": "broker", "fields": fields}
    row = package(here, "asked", flow=workflow_from(raw))
    client = signed_in(here.people["broker"], code=True)
    address = page("support-package-task", row.pk, "call", 1)
    assert client.get(address).content.decode().count('value="3000"') == 1
    typed = {"grant": "2500.50", "places": "4", "where": "990004", "met": "no", "on": "2026-11-03", "version": row.version}
    assert client.post(address, typed).status_code == 302
    kept = PackageTask.objects.get(package=row, key="call")
    assert (kept.status, kept.values["grant"], kept.values["on"], kept.values["met"]) == ("complete", "250050", "2026-11-03", "no")
    text = shown(here, "broker", page("support-package", row.pk))
    assert [text.count(f"<dd>{each}</dd>") for each in ("£2,500.50", "4", "Coldbrook Academy", "No", "3 November 2026")] == [1, 1, 1, 1, 1]


@pytest.mark.usefixtures("clock")
def test_task_without_fields_is_ticked(here: World) -> None:
    raw = small()
    raw["tasks"][0] |= {"who": "broker", "fields": []}
    row = package(here, "asked", flow=workflow_from(raw))
    client = signed_in(here.people["broker"], code=True)
    assert client.post(page("support-package-task", row.pk, "call", 1), {"done": "on", "version": row.version}).status_code == 302
    assert PackageTask.objects.get(package=row, key="call").status == "complete"


@pytest.mark.usefixtures("clock")
def test_pages_beside_the_way_do_what_they_say(here: World) -> None:
    row = package(here, "active")
    head, broker, manager = (signed_in(here.people[who], code=True) for who in ("head", "broker", "manager"))

    def after(client: Client, name: str, *more: object, **typed: object) -> tuple[int, str, str]:
        status = client.post(page(name, row.pk, *more), typed).status_code
        row.refresh_from_db()
        return status, row.status, row.level

    assert after(broker, "support-package-step-up", why="More is wanted") == (302, "on-its-way", "regular")
    assert after(broker, "support-package-step-down", why="Enough") == (302, "on-its-way", "light")
    assert after(broker, "support-package-step-down", why="Less") == (422, "on-its-way", "light")
    assert after(head, "support-package-pause", until_on="2026-11-20") == (302, "paused", "light")
    assert shown(here, "head", page("support-package", row.pk)).count("It is paused until 20 November 2026.") == 1
    assert after(head, "support-package-resume") == (302, "on-its-way", "light")
    assert after(head, "support-package-follow")[0] == 422
    assert after(broker, "support-package-end-closed")[0] == 422
    formal = {"what": "A notice", "authority": "The authority", "taken_on": "2026-11-01", "source": ""}
    assert after(head, "support-package-formal", **formal)[0] == 302
    assert shown(here, "head", page("support-package", row.pk)).count("1 November 2026: A notice, The authority") == 1
    assert shown(here, "lender", page("support-package", row.pk)).count("A notice") == 0
    assert after(manager, "support-package-hand-over", to_person_id=here.people["head"].pk)[0] == 422
    assert after(broker, "support-package-move", "end")[0] == 422
    assert after(head, "support-package-stop")[:2] == (302, "stopped")
    assert head.get(page("support-package-stop", row.pk)).status_code == 404


@pytest.mark.usefixtures("clock")
def test_a_broker_hands_a_package_over_and_reads_it_no_more(here: World) -> None:
    from tests.integration.support.test_package_beside import second_broker

    row, other = package(here, "active"), second_broker(here)
    broker = signed_in(here.people["broker"], code=True)
    answer = broker.post(page("support-package-hand-over", row.pk), {"to_person_id": other})
    assert (answer.status_code, answer["Location"]) == (302, page("support-packages"))
    assert broker.get(page("support-package", row.pk)).status_code == 404


@pytest.mark.usefixtures("clock")
def test_concerns_stand_on_the_page_of_the_targeted_list_alone(here: World) -> None:
    row = package(here, "improving", flow=workflow("targeted"), given_by=supporter(here))
    usual = package(here, "active")
    concerns.raise_concern(slug=SLUG, package_id=row.pk, summary="No answer", by=here["broker"], at=AT)
    counts = {
        who: shown(here, who, page("support-package", row.pk)).count("No answer") for who in ("head", "broker", "manager", "supporter")
    }
    assert counts == {"head": 1, "broker": 1, "manager": 1, "supporter": 0}
    assert shown(here, "broker", page("support-package", usual.pk)).count("Concerns about taking part") == 0
    broker = signed_in(here.people["broker"], code=True)
    assert broker.get(page("support-package-concern", usual.pk)).status_code == 404
    assert broker.post(page("support-package-concern", row.pk), {"summary": "Again"}).status_code == 302
    key = concerns.EngagementConcern.objects.get(summary="Again").pk
    assert broker.post(page("support-package-concern-resolve", row.pk, key), {"why": "We met"}).status_code == 302
    assert shown(here, "head", page("support-package", row.pk)).count("We met") == 1
