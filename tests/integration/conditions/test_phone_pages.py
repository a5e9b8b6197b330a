"""A phone in the room: it gets in by the code, sends once what it sends twice, and sees nothing of anybody else."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convenor.conditions.models import CanvasNote, CardPick, DiamondNine, Likelihood, Participant, Prediction, Workshop
from convenor.conditions.rules.joining import JOINS_IN_AN_HOUR, SENDS_IN_A_MINUTE, WRONG_CODES_IN_AN_HOUR, digest_of
from convenor.conditions.views import join_limits
from convenor.conditions.views.join import COOKIE
from convenor.journal.models import Entry
from tests.factories.workshops import (
    KEYS,
    SECRETS,
    UPSIDE_DOWN,
    USUAL,
    World,
    diamond,
    note,
    phone,
    room,
    rows,
    twelve_cards,
    workshop,
    world,
)
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
_number = count(1)
SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def here() -> World:
    cache.clear()
    join_limits.pace.sent.clear()
    return world()


class Phone:
    """A browser that came by the code."""

    def __init__(self, row: Workshop, *, address: str = "10.1.1.1", join: bool = True, **about: Any) -> None:
        self.client, self.row, self.number = Client(REMOTE_ADDR=address), row, 0
        self.page = self.client.get(reverse("join-room", args=[row.join_code]))
        if join:
            self.joined = self.send(self.item("about", **({"way": "alone"} | about)))

    def item(self, kind: str, **holds: Any) -> dict[str, Any]:
        self.number += 1
        return {"key": f"key-of-item-{next(_number)}", "number": self.number, "kind": kind} | holds

    def diamond(self, digits: str = USUAL, **more: Any) -> dict[str, Any]:
        return self.item("diamond", rows=rows(digits), **more)

    def send(self, *items: Any, raw: bytes | None = None) -> HttpResponse:
        body = raw if raw is not None else json.dumps({"items": items}).encode()
        return self.client.post(reverse("join-send", args=[self.row.join_code]), body, content_type="application/json")

    def get(self, name: str, **more: Any) -> HttpResponse:
        return self.client.get(reverse(name, args=[self.row.join_code]), **more)

    @property
    def participant(self) -> Participant:
        return Participant.objects.get(workshop=self.row, secret=digest_of(self.client.cookies[COOKIE].value))


def test_phone_joins_without_account_and_only_a_digest_of_its_secret_is_kept(here: World) -> None:
    one = Phone(workshop(here), way="table", group_size=6, label="By the window", role="head")
    who = one.participant
    cookie = one.client.cookies[COOKIE]
    assert (who.way, who.group_size, who.label, who.role, who.came) == ("table", 6, "By the window", "head", "phone")
    assert (bool(cookie["httponly"]), cookie["samesite"], cookie["path"]) == (True, "Lax", f"/join/{one.row.join_code}/")
    assert Participant.objects.filter(secret=cookie.value).count() == 0
    assert "sessionid" not in one.client.cookies
    joined = Entry.objects.get(verb="workshop.joined")
    assert (joined.by_key, joined.by_label, joined.detail) == ("", "a phone in the room", {"way": "table", "people": 6})


def test_what_is_sent_twice_stands_once(here: World) -> None:
    one = Phone(workshop(here))
    items = [one.diamond(), one.item("note", step="levels", prompt="clusters", words="They meet")]
    first, again = one.send(*items).json(), one.send(*items).json()
    assert (first["kept"], again["kept"]) == ([each["key"] for each in items],) * 2
    assert (first["refused"], again["refused"]) == ([], [])
    assert (DiamondNine.objects.get().version, CanvasNote.objects.get().words) == (1, "They meet")
    assert one.send(one.item("about", way="alone")).json()["kept"] != []
    assert Participant.objects.count() == 1


def test_old_answer_that_arrives_late_changes_nothing(here: World) -> None:
    one = Phone(workshop(here))
    old, new = one.diamond(USUAL), one.diamond(UPSIDE_DOWN)
    one.send(new)
    assert one.send(old).json()["kept"] == [old["key"]]
    assert DiamondNine.objects.get().rows == rows(UPSIDE_DOWN)


def test_items_of_one_sending_are_taken_in_the_order_in_which_they_were_made(here: World) -> None:
    one = Phone(workshop(here))
    old, new = one.diamond(USUAL), one.diamond(UPSIDE_DOWN)
    one.send(new, old)
    assert DiamondNine.objects.get().rows == rows(UPSIDE_DOWN)


def test_wrong_item_holds_up_no_other(here: World) -> None:
    one = Phone(workshop(here))
    wrong, right = one.diamond("111111111"), one.item("note", step="levels", prompt="clusters", words="They meet")
    said = one.send(wrong, right).json()
    assert said["kept"] == [right["key"]]
    assert said["refused"] == [{"key": wrong["key"], "why": "Row 1 holds 9 cards; there is room for 1. Nothing was changed."}]
    assert DiamondNine.objects.count() == 0


def test_card_twice_is_refused_with_words(here: World) -> None:
    one = Phone(workshop(here))
    body = b'{"items": [{"key": "key-of-item-x", "number": 9, "kind": "diamond", "rows": {"trust": 1, "trust": 2}}]}'
    answer = one.send(raw=body)
    assert (answer.status_code, answer.json()["why"]) == (
        400,
        "What was sent cannot be read. It is kept on this phone; open the page again.",
    )


def test_pick_and_cards_that_are_not_chosen_yet(here: World) -> None:
    one = Phone(workshop(here, cards=twelve_cards(), step="pick"))
    picked = one.item("pick", cards=[*KEYS[:8], "more-2"])
    said = one.send(picked, one.diamond()).json()
    assert said["kept"] == [picked["key"]]
    assert [each["why"] for each in said["refused"]] == ["The room has not chosen its nine cards yet. Nothing was changed."]
    assert CardPick.objects.get().cards == [*KEYS[:8], "more-2"]


def test_predictions_and_likelihoods_come_once_and_are_told_to_the_room(here: World) -> None:
    row = workshop(here, step="changes")
    one, other = Phone(row), Phone(row)
    said = one.item("prediction", words=f"Every school is in a cluster {SCRIPT}", months=18, told_by="The register", about="cluster")
    one.send(said)
    now = one.send(said).json()["now"]
    kept = Prediction.objects.get()
    assert [(each["id"], each["words"]) for each in now["predictions"]] == [(kept.pk, f"Every school is in a cluster {SCRIPT}")]
    for percent in (30, 70):
        assert other.send(other.item("likelihood", prediction=kept.pk, percent=percent)).json()["refused"] == []
    assert Likelihood.objects.get().percent == 70
    page = other.get("join-room").content.decode()
    assert SCRIPT not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    "wrong", [{"percent": 101}, {"percent": -1}, {"percent": "70"}, {"percent": None}, {"prediction": 10**18}, {"prediction": "x"}]
)
def test_likelihood_that_is_none_is_refused(here: World, wrong: dict[str, Any]) -> None:
    one = Phone(workshop(here, step="changes"))
    one.send(one.item("prediction", words="Every school is in a cluster", months=12))
    given = {"prediction": Prediction.objects.get().pk, "percent": 50} | wrong
    assert len(one.send(one.item("likelihood", **given)).json()["refused"]) == 1
    assert Likelihood.objects.count() == 0


def test_likelihood_about_another_rooms_prediction_is_refused(here: World) -> None:
    first, second = workshop(here, step="changes"), workshop(here, step="changes")
    there, one = Phone(first), Phone(second)
    there.send(there.item("prediction", words="Every school is in a cluster", months=12))
    said = one.send(one.item("likelihood", prediction=Prediction.objects.get().pk, percent=50)).json()
    assert [each["why"] for each in said["refused"]] == ["There is no such prediction in this partnership. Nothing was changed."]


def test_script_in_a_comment_and_a_line_is_shown_as_words(here: World) -> None:
    one = Phone(workshop(here))
    one.send(one.diamond(comments={"trust": SCRIPT}), one.item("note", step="levels", prompt="clusters", words=SCRIPT))
    page = one.get("join-room").content.decode()
    assert DiamondNine.objects.get().comments == {"trust": SCRIPT}
    assert (SCRIPT in page, page.count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")) == (False, 2)


def test_phone_sees_nothing_of_another_phone_or_table(here: World) -> None:
    row = room(here)
    who, _ = phone(row, label=SECRETS["label"])
    note(who)
    one = Phone(row)
    said = one.get("join-room").content.decode() + one.get("join-results").content.decode() + one.get("join-now").content.decode()
    assert [name for name, words in SECRETS.items() if words in said] == []
    assert "Not shown yet" in one.get("join-results").content.decode()


def test_results_are_for_the_rooms_own_phones_once_shown(here: World) -> None:
    row = room(here, shown=["diamond"])
    one, stranger = Phone(row), Phone(row, join=False)
    one.send(one.diamond())
    assert "Your own diamond" in one.get("join-results").content.decode()
    assert stranger.get("join-results").status_code == 404


def test_now_is_one_query_then_not_modified_and_writes_nothing(here: World) -> None:
    one = Phone(workshop(here))
    with CaptureQueriesContext(connection) as seen:
        first = one.get("join-now")
    assert (first.status_code, len(seen), "sessionid" in one.client.cookies) == (200, 1, False)
    assert first.json() == {
        "version": first.json()["version"], "step": "diamond", "state": "open", "shown": {"steps": []}, "chosen": list(KEYS),
        "predictions": [],
    }  # fmt: skip
    with CaptureQueriesContext(connection) as seen:
        again = one.get("join-now", headers={"If-None-Match": first.headers["ETag"]})
        since = one.client.get(reverse("join-now", args=[one.row.join_code]), {"since": first.json()["version"]})
    assert ([again.status_code, since.status_code], len(seen), again.content) == ([304, 304], 2, b"")


def test_now_is_new_when_the_room_moves_on_and_two_queries_where_something_is_expected(here: World) -> None:
    row = workshop(here, step="changes")
    one = Phone(row)
    version = one.get("join-now").json()["version"]
    one.send(one.item("prediction", words="Every school is in a cluster", months=12))
    with CaptureQueriesContext(connection) as seen:
        told = one.client.get(reverse("join-now", args=[row.join_code]), {"since": version})
    assert (told.status_code, len(seen), len(told.json()["predictions"])) == (200, 2, 1)
    Workshop.objects.filter(pk=row.pk).update(step="close")
    assert one.client.get(reverse("join-now", args=[row.join_code]), {"since": told.json()["version"]}).json()["step"] == "close"


def test_sending_asks_little_of_the_database_and_no_session(here: World) -> None:
    one = Phone(workshop(here))
    with CaptureQueriesContext(connection) as seen:
        one.send(one.diamond())
    assert [each["sql"] for each in seen if "session" in each["sql"]] == []
    assert len([each for each in seen if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]) == 5


def test_somebody_signed_in_is_a_phone_like_any_other(here: World) -> None:
    row = workshop(here)
    client = signed_in(here.people["manager"], code=True)
    with CaptureQueriesContext(connection) as seen:
        page = client.get(reverse("join-room", args=[row.join_code]))
    assert (page.status_code, "Nobody gives a name" in page.content.decode()) == (200, True)
    assert "Mara" not in page.content.decode()
    assert len(seen) < 8


@pytest.mark.parametrize("state", ["planned", "closed"])
def test_code_of_a_workshop_that_is_not_open_opens_nothing(here: World, state: str) -> None:
    row = workshop(here, state=state)
    one = Phone(row, join=False)
    unknown = one.client.get(reverse("join-room", args=["CCCCCCCC"]))
    assert [one.page.status_code, unknown.status_code, one.send(one.diamond()).status_code, one.get("join-now").status_code] == [404] * 4
    assert one.page.content.decode().replace(row.join_code, "CODE") == unknown.content.decode().replace("CCCCCCCC", "CODE")
    assert Participant.objects.count() == 0


def test_phone_of_a_workshop_that_closes_is_told_and_keeps_what_it_wrote(here: World) -> None:
    one = Phone(workshop(here))
    one.send(one.diamond())
    Workshop.objects.update(state="closed", step="")
    answer = one.send(one.diamond(UPSIDE_DOWN))
    assert (answer.status_code, answer.json()["why"]) == (
        409, "The workshop has closed. What was sent before stands; what you wrote since is kept on this phone.",
    )  # fmt: skip
    assert DiamondNine.objects.get().rows == rows(USUAL)
    assert (one.get("join-now").json()["state"], "What you sent stands" in one.get("join-room").content.decode()) == ("closed", True)


def test_workshop_by_post_takes_nothing_after_its_last_day(here: World) -> None:
    today = timezone.localdate()
    row = workshop(here, kind="by-post", held_on=today - timedelta(days=9), closes_on=today)
    one = Phone(row)
    assert one.send(one.diamond()).json()["refused"] == []
    Workshop.objects.update(closes_on=today - timedelta(days=1))
    assert (one.send(one.diamond()).status_code, one.get("join-now").json()["state"]) == (409, "closed")
    assert Phone(row, join=False).page.status_code == 404


def test_room_that_the_partnership_switched_off_opens_nothing(here: World) -> None:
    row = workshop(here)
    one = Phone(row)
    here.partnership.rooms_off = ["conditions"]
    here.partnership.save()
    assert (one.get("join-room").status_code, one.send(one.diamond()).status_code, DiamondNine.objects.count()) == (404, 404, 0)


def test_code_may_be_typed_in_any_way(here: World) -> None:
    row = workshop(here, join_code="CDFGHJKM")
    client = Client()
    typed = client.get(reverse("join-code"), {"code": " cdfg-hjkm "})
    written = client.get(reverse("join-room", args=["cdfghjkm"]))
    assert [typed.headers["Location"], written.headers["Location"]] == [reverse("join-room", args=[row.join_code])] * 2
    assert client.get(reverse("join-code"), {"code": "<b>nonsense</b>"}).status_code == 404


def test_guesser_is_made_to_wait_and_then_a_right_guess_looks_like_a_wrong_one(here: World) -> None:
    row = workshop(here)
    guesser = Client(REMOTE_ADDR="10.9.9.9")
    said = [guesser.get(reverse("join-room", args=["CCCCCCCC"])).status_code for _ in range(WRONG_CODES_IN_AN_HOUR + 1)]
    assert said == [404] * WRONG_CODES_IN_AN_HOUR + [429]
    right, wrong = (guesser.get(reverse("join-room", args=[code])) for code in (row.join_code, "CCCCCCCD"))
    assert (right.status_code, wrong.status_code) == (429, 429)
    assert right.content.decode().replace(row.join_code, "CODE") == wrong.content.decode().replace("CCCCCCCD", "CODE")
    guesser.cookies[COOKIE] = "a" * 43
    item = json.dumps({"items": [{"key": "key-of-item-g", "number": 1, "kind": "about", "way": "alone"}]})
    sent = [guesser.post(reverse("join-send", args=[code]), item, content_type="application/json") for code in (row.join_code, "CCCCCCCD")]
    assert ([each.status_code for each in sent], sent[0].content == sent[1].content) == ([429, 429], True)
    assert [guesser.get(reverse("join-now", args=[code])).status_code for code in (row.join_code, "CCCCCCCD")] == [404, 404]
    assert Phone(row, address="10.1.1.2").joined.status_code == 200


def test_wrong_codes_of_a_school_shut_out_no_phone_that_has_joined(here: World) -> None:
    one = Phone(workshop(here), address="10.9.9.9")
    for _ in range(WRONG_CODES_IN_AN_HOUR):
        Client(REMOTE_ADDR="10.9.9.9").get(reverse("join-room", args=["CCCCCCCC"]))
    assert (one.send(one.diamond()).json()["refused"], one.get("join-room").status_code) == ([], 200)


def test_two_hundred_phones_behind_one_address_get_in(here: World) -> None:
    row = workshop(here)
    assert {Phone(row).joined.status_code for _ in range(200)} == {200}
    assert row.participants.count() == 200


def test_ten_thousand_answers_of_one_machine_are_refused_with_words(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = workshop(here)
    one = Phone(row)
    said = [one.send(one.diamond()).status_code for _ in range(SENDS_IN_A_MINUTE + 5)]
    assert said == [200] * (SENDS_IN_A_MINUTE - 1) + [429] * 6
    assert one.send(one.diamond()).json()["why"].startswith("This phone sends faster than anybody can tap.")
    assert DiamondNine.objects.count() == 1
    monkeypatch.setattr(join_limits, "JOINS_IN_AN_HOUR", 3)  # of 600: the same, sooner
    more = [Phone(row).joined for _ in range(5)]
    assert [each.status_code for each in more] == [200, 200, 429, 429, 429]
    assert more[-1].json()["why"].startswith("As many phones joined from here")
    assert (Participant.objects.count(), JOINS_IN_AN_HOUR >= 200) == (3, True)


def test_phone_that_writes_lines_without_end_is_stopped(here: World) -> None:
    one = Phone(workshop(here))
    items = [one.item("note", step="levels", prompt="clusters", words=f"Line {each}") for each in range(65)]
    refused = [why for part in (items[:40], items[40:]) for why in one.send(*part).json()["refused"]]
    assert (CanvasNote.objects.count(), len(refused)) == (60, 5)


def test_sending_needs_the_pages_own_token(here: World) -> None:
    row = workshop(here)
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("join-room", args=[row.join_code]))
    body = json.dumps({"items": [{"key": "key-of-item-c", "number": 1, "kind": "about", "way": "alone"}]})
    address = reverse("join-send", args=[row.join_code])
    token = client.get(reverse("join-token", args=[row.join_code])).json()["token"]
    bare = client.post(address, body, content_type="application/json")
    with_token = client.post(address, body, content_type="application/json", headers={"X-CSRFToken": token})
    assert (bare.status_code, with_token.status_code) == (403, 200)


def test_phone_without_the_pages_secret_joins_nothing(here: World) -> None:
    row = workshop(here)
    client = Client()
    body = json.dumps({"items": [{"key": "key-of-item-c", "number": 1, "kind": "about", "way": "alone"}]})
    for cookie in ("", "short", "a b" * 20):
        client.cookies[COOKIE] = cookie
        assert client.post(reverse("join-send", args=[row.join_code]), body, content_type="application/json").status_code == 400
    assert Participant.objects.count() == 0


def test_every_step_is_done_without_script(here: World) -> None:
    row = workshop(here, kind="by-post", closes_on=timezone.localdate())
    client = Client()
    address = reverse("join-room", args=[row.join_code])
    client.get(address)

    def post(kind: str, **fields: Any) -> HttpResponse:
        return client.post(address, {"kind": kind} | fields)

    selects = {f"rows-{key}": str(row) for key, row in rows().items()}
    said = [
        post("about", way="table", group_size="5", label="Window").status_code,
        post("diamond", at="diamond", **selects, **{"words-trust": "Thin"}).headers["Location"],
        post("note", at="levels", step="levels", prompt="clusters", words="They meet", key="form-0123456789").status_code,
        post("note", at="levels", step="levels", prompt="clusters", words="They meet", key="form-0123456789").status_code,
        post("prediction", at="changes", words="Every school is in a cluster", months="15").status_code,
    ]
    kept = Prediction.objects.get()
    said.append(post("likelihood", at="changes", prediction=str(kept.pk), percent="70").status_code)
    assert said == [302, f"{address}?step=diamond&kept=1", 302, 302, 302, 302]
    assert (DiamondNine.objects.get().rows, DiamondNine.objects.get().comments) == (rows(), {"trust": "Thin"})
    assert (Participant.objects.get().group_size, CanvasNote.objects.count(), Likelihood.objects.get().percent) == (5, 1, 70)


def test_what_was_typed_without_script_is_shown_again_with_what_is_wrong(here: World) -> None:
    row = workshop(here)
    client = Client()
    address = reverse("join-room", args=[row.join_code])
    client.get(address)
    refused = client.post(address, {"kind": "about", "way": "table", "group_size": "", "label": "Window"})
    assert (refused.status_code, "Say how many you are at the table" in refused.content.decode()) == (422, True)
    assert 'value="Window"' in refused.content.decode()
    client.post(address, {"kind": "about", "way": "alone"})
    selects = {f"rows-{key}": str(row) for key, row in rows("122333444").items()}
    page = client.post(address, {"kind": "diamond", "at": "diamond", **selects, "words-trust": "Thin"})
    assert (page.status_code, "Row 4 holds 3 cards" in page.content.decode()) == (422, True)
    assert page.content.decode().count(" selected>Row ") == 9
    assert ">Thin</textarea>" in page.content.decode()
    assert client.post(address, {"kind": "vote"}).status_code == 422
    odd = {
        "kind": "note",
        "at": "a\r\nb",
        "step": "levels",
        "prompt": "clusters",
        "words": "They\x00 meet",
        "key": "k\x00",
        "number": "9" * 30,
    }
    assert client.post(address, odd).headers["Location"] == f"{address}?step=a%0D%0Ab&kept=1"
    assert (CanvasNote.objects.get().words, len(CanvasNote.objects.get().client_key)) == ("They meet", 21)
    assert DiamondNine.objects.count() == 0


def test_words_taken_out_stay_out_when_the_diamond_is_sent_again(here: World) -> None:
    row = workshop(here)
    one = Phone(row)
    one.send(one.diamond(comments={"trust": "Mr Nobody", "vision": "Clear"}))
    DiamondNine.objects.update(hidden=["trust", "vision"])
    one.send(one.diamond(UPSIDE_DOWN, comments={"trust": "Mr Nobody", "vision": "Clearer"}))
    assert DiamondNine.objects.get().hidden == ["trust"]


def test_change_of_who_is_at_the_phone_keeps_what_it_sent(here: World) -> None:
    one = Phone(workshop(here))
    one.send(one.diamond())
    one.send(one.item("about", way="pair", phase="primary"))
    who = Participant.objects.get()
    assert (who.way, who.group_size, who.phase, who.diamond.rows) == ("pair", 2, "primary", rows())


def test_full_workshop_takes_no_more_phones(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from convenor.conditions.actions import join

    row = workshop(here)
    diamond(phone(row)[0])
    monkeypatch.setattr(join, "PARTICIPANTS_AT_MOST", 1)
    answer = Phone(row).joined
    assert (answer.status_code, answer.json()["why"]) == (
        429, "1 have joined this workshop, and it takes no more. Ask the facilitator for paper.",
    )  # fmt: skip
