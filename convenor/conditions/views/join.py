"""The room's phones: the code, the page for every step, where the room is now, and the one address to which all is sent.

These pages know nobody: they read no session and write none, so that two hundred phones cost little. A phone is known by a secret in a
cookie of its own, for this workshop alone.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse

from convenor.conditions.actions import take_from_phone
from convenor.conditions.actions.entries import Taken
from convenor.conditions.actions.join import A_PHONE, NO_ROOM, NotJoined
from convenor.conditions.queries.phone import PhoneRoom, now_of_phone, room_of_phone
from convenor.conditions.queries.results import own_agreement, told_in_room
from convenor.conditions.rules.canvas import LEVELS, LINE_AT_MOST, MONTHS
from convenor.conditions.rules.foresight import TAPS
from convenor.conditions.rules.groups import ANSWERS, QUESTIONS
from convenor.conditions.rules.joining import PEOPLE_AT_A_TABLE, as_read, as_typed
from convenor.conditions.rules.phone import (
    BODY_AT_MOST,
    COMMENT_AT_MOST,
    LABEL_AT_MOST,
    Item,
    Sent,
    Unreadable,
    is_key,
    is_secret,
    read_items,
    read_rows,
)
from convenor.conditions.rules.refusals import NotOpen, TooMany
from convenor.conditions.rules.states import StepKind
from convenor.conditions.views import join_limits
from convenor.partnership.gate import ANYONE, PUBLIC, Page, Viewer
from convenor.partnership.rules.refusals import NotThere, Refused

COOKIE = "__Secure-room" if settings.HTTPS else "room"
COOKIE_SECONDS = 60 * 60 * 24 * 120
WAIT_A_WHILE = "Too many wrong codes came from here. Wait until the next full hour, or ask the facilitator to let you type on paper."
FULL_HOUSE = "As many phones joined from here within an hour as a conference has. Wait a while, or share a phone at your table."
TOO_FAST = "This phone sends faster than anybody can tap. What you wrote is kept on it and goes in a minute."


class PhonePage(Page):
    """A page of the room's phones: open to whoever has the code, and reading no session."""

    permission = PUBLIC
    before_second_factor = True

    def _viewer(self, request: HttpRequest) -> Viewer:
        return ANYONE

    @property
    def code(self) -> str:
        """The code of the address, as codes are written; "" where it cannot be one."""
        return as_typed(str(self.kwargs.get("code", "")))

    @property
    def secret(self) -> str:
        """What this phone holds; "" where it holds nothing of ours."""
        held = self.request.COOKIES.get(COOKIE, "")
        return held if is_secret(held) else ""

    def told(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page in the room's own frame, kept by no cache."""
        answer = self.page(template, status=status, navigation=[], **context)
        answer.headers["Cache-Control"] = "no-store, private"
        return answer

    def ask_for_code(self, why: str = "", typed: str = "", status: int = 200) -> HttpResponse:
        """The page that asks for the code."""
        return self.told("conditions/join_code.jinja", status=status, why=why, typed=typed)

    def no_room(self, typed: str) -> HttpResponse:
        """A code that opens nothing, counted; the same words whether it never was one or its workshop has closed."""
        if join_limits.too_many_wrong(self.request, self.now):
            return self.ask_for_code(WAIT_A_WHILE, typed, 429)
        join_limits.count_wrong(self.request, self.now)
        return self.ask_for_code(NO_ROOM, typed, 404)


class JoinCode(PhonePage):
    """Typing the code that stands on the wall."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; or, with a code in the address, the room."""
        typed = request.GET.get("code", "").strip()
        if not typed:
            return self.ask_for_code()
        found = as_typed(typed)
        if not found:
            return self.no_room(typed)
        return HttpResponseRedirect(reverse("join-room", args=[found]))


class JoinRoom(PhonePage):
    """The phone's page: who is at it, then every step of the agenda. It works without script, by one form for each thing."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The page, with a secret for the phone that has none yet."""
        if self.code and self.code != code:
            return HttpResponseRedirect(reverse("join-room", args=[self.code]))
        room = self.here()
        if room is None:
            return self.no_room(code)
        if not room.joined and join_limits.too_many_wrong(request, self.now):
            return self.ask_for_code(WAIT_A_WHILE, code, 429)
        return self.with_secret(self.shown(room))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """One thing from a browser without script: taken, or shown again with what is wrong and what was typed."""
        kind = str(request.POST.get("kind", ""))
        why = ""
        try:
            if self.secret and join_limits.pace.too_fast(self.secret, self.now):
                raise TooMany(TOO_FAST)
            taken = send(self, [self.item(kind)])
            why = taken.refused[0].why if taken.refused else ""
        except NotThere:
            return self.no_room(code)
        except Refused as error:
            why = str(error)
        if not why:
            at = {"step": str(request.POST["at"])[:40]} if request.POST.get("at") else {}
            return HttpResponseRedirect(reverse("join-room", args=[self.code], query=at | {"kept": "1"}))
        room = self.here()
        return self.with_secret(self.shown(room, why=why, typed=request.POST, status=422)) if room is not None else self.no_room(code)

    def here(self) -> PhoneRoom | None:
        """The workshop as this phone sees it."""
        return room_of_phone(self.code, viewer=self.viewer, secret=self.secret, at=self.now)

    def item(self, kind: str) -> Item:
        """What a form of the page sends, as the script would have sent it. Raises Refused for what no form of ours holds."""
        posted, room = self.request.POST, self.here()
        number = _whole(posted.get("number")) or (room.heard + 1 if room is not None else 1)
        holds: dict[str, Any] = {name: posted.get(name, "") for name in posted if name != "csrfmiddlewaretoken"}
        cards = [card.key for card in room.cards] if room is not None else []
        if kind == Sent.ABOUT.value:
            holds["group_size"] = _whole(posted.get("group_size")) or 0
        elif kind == Sent.PICK.value:
            holds["cards"] = posted.getlist("cards")
        elif kind == Sent.DIAMOND.value:
            holds |= {"rows": read_rows(posted, cards), "comments": {key: posted.get(f"words-{key}", "") for key in cards}}
            holds["comments"] = {key: words for key, words in holds["comments"].items() if words}
        elif kind == Sent.LIKELIHOOD.value:
            holds |= {"prediction": _whole(posted.get("prediction")) or 0, "percent": _whole(posted.get("percent"))}
        elif kind == Sent.PREDICTION.value:
            holds["months"] = _whole(posted.get("months"))
        elif kind != Sent.NOTE.value:
            raise Unreadable("This form is not one of ours. Open the page again; nothing was changed.")
        key = posted.get("key", "")
        return Item(key if is_key(key) else f"form-{secrets.token_hex(8)}", number, Sent(kind), holds)

    def shown(self, room: PhoneRoom, *, why: str = "", typed: Any = None, status: int = 200) -> HttpResponse:
        """The page for the step that the room is at, or another that it has come to."""
        wanted = room.agenda.step(self.request.GET.get("step", "") or str((typed or {}).get("at", "")))
        step = wanted if wanted is not None and room.reached(wanted) else room.step
        words = {
            "room": room, "step": step, "why": why, "typed": typed or {}, "kept": "kept" in self.request.GET, "kinds": StepKind,
            "questions": QUESTIONS, "answers": ANSWERS, "levels": LEVELS, "months": MONTHS, "taps": TAPS, "read_code": as_read(room.code),
            "most": {"line": LINE_AT_MOST, "comment": COMMENT_AT_MOST, "label": LABEL_AT_MOST, "people": PEOPLE_AT_A_TABLE},
            "new_key": lambda: f"form-{secrets.token_hex(8)}", **_board_typed(typed, room),
        }  # fmt: skip
        template = "conditions/join_room.jinja" if room.joined else "conditions/join_about.jinja"
        return self.told(template, status=status, partnership_name=room.partnership, home_href=self.request.path, **words)

    def with_secret(self, answer: HttpResponse) -> HttpResponse:
        """The answer, which gives a phone its secret before it says anything, so that what it says twice stands once."""
        if not self.secret:
            answer.set_cookie(
                COOKIE, secrets.token_urlsafe(32), max_age=COOKIE_SECONDS, path=f"/join/{self.code}/", secure=settings.HTTPS, httponly=True,
                samesite="Lax",
            )  # fmt: skip
        return answer


class JoinSend(PhonePage):
    """The one address to which a phone sends: everything, as often as it likes."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Takes what came. 404: no such room for this phone; 409: it has closed; 429: too much; 400: not readable."""
        if self.secret and join_limits.pace.too_fast(self.secret, self.now):
            return self.say(429, TOO_FAST)
        try:
            taken = send(self, read_items(self.body()))
        except NotThere as error:
            if join_limits.too_many_wrong(request, self.now):
                return self.say(429, WAIT_A_WHILE)
            join_limits.count_wrong(request, self.now)
            return self.say(404, str(error))
        except NotOpen as error:
            return self.say(409, str(error))
        except TooMany as error:
            return self.say(429, str(error))
        except Refused as error:
            return self.say(400, str(error))
        now = now_of_phone(self.code, viewer=self.viewer, secret=self.secret, since="", at=self.now)
        refused = [{"key": each.key, "why": each.why} for each in taken.refused]
        said = {"kept": list(taken.kept), "refused": refused, "heard": taken.heard, "now": now.as_dict() if now else None}
        return self.unkept(JsonResponse(said))

    def body(self) -> bytes:
        """What came, if it is not longer than a phone sends."""
        try:
            long = int(self.request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            long = 0
        if long > BODY_AT_MOST:
            raise Unreadable("That is more than a phone sends at one time. It is kept on this phone; nothing was changed.")
        return self.request.body

    def say(self, status: int, why: str) -> HttpResponse:
        """A refusal of the whole."""
        return self.unkept(JsonResponse({"why": why}, status=status))

    def unkept(self, answer: HttpResponse) -> HttpResponse:
        """The answer, kept by no cache."""
        answer.headers["Cache-Control"] = "no-store, private"
        return answer


class JoinNow(PhonePage):
    """Where the room is. Cheap: two queries at most, nothing written; 304 where nothing changed."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """The step, what is shown, what is expected. 404 for any phone that has not joined, whatever the code: a guesser learns nothing."""
        held = request.headers.get("If-None-Match", "").removeprefix("W/").strip('"')
        since = request.GET.get("since", "")
        now = now_of_phone(self.code, viewer=self.viewer, secret=self.secret, since=since or held, at=self.now)
        if now is None:
            return JsonResponse({"why": NO_ROOM}, status=404, headers={"Cache-Control": "no-store, private"})
        answer = HttpResponseNotModified() if now.version in (since, held) else JsonResponse(now.as_dict())
        answer.headers["ETag"], answer.headers["Cache-Control"] = f'"{now.version}"', "no-cache, private"
        return answer


class JoinResults(PhonePage):
    """What the room said, once the facilitator has shown it: to its own phones, and no more than members are told."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The diamond of the room, and how far this phone's own agrees with it."""
        room = room_of_phone(self.code, viewer=self.viewer, secret=self.secret, at=self.now)
        if room is None or not room.joined:
            return self.no_room(code)
        said = told_in_room(room.pk, viewer=room.participant)
        own = own_agreement(room.pk, viewer=room.participant) if said is not None and room.rows else None
        return self.told(
            "conditions/join_results.jinja", room=room, said=said, own=own, partnership_name=room.partnership,
            home_href=reverse("join-room", args=[self.code]),
        )  # fmt: skip


class JoinToken(PhonePage):
    """A fresh token for a phone whose own is gone, so that what waits on it can be sent."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The token."""
        return JsonResponse({"token": get_token(request)}, headers={"Cache-Control": "no-store, private"})


def send(page: PhonePage, items: list[Item]) -> Taken:
    """Hands the items to the action. A phone that has not joined yet is looked at first: how many came from its address, with what codes.

    Raises what the action raises, and TooMany.
    """
    given: dict[str, Any] = {"code": page.code, "secret": page.secret, "items": items, "by": A_PHONE, "at": page.now}
    try:
        return take_from_phone(**given)
    except NotJoined:
        if join_limits.too_many_wrong(page.request, page.now):
            raise TooMany(WAIT_A_WHILE) from None
        if join_limits.too_many_joined(page.request, page.now):
            raise TooMany(FULL_HOUSE) from None
        taken = take_from_phone(**given, may_join=True)
        join_limits.count_joined(page.request, page.now)
        return taken


def _board_typed(typed: Any, room: PhoneRoom) -> dict[str, Any]:
    """The diamond that was typed and refused, so that it is shown again; None for each where none was."""
    if not typed or typed.get("kind") != Sent.DIAMOND.value:
        return {"typed_rows": None, "typed_words": None}
    cards = [card.key for card in room.cards]
    try:
        rows = read_rows(typed, cards)
    except Refused:
        rows = {}
    return {"typed_rows": rows, "typed_words": {key: typed.get(f"words-{key}", "") for key in cards if typed.get(f"words-{key}")}}


def _whole(text: Any) -> int | None:
    """A whole number that somebody typed or a form held; None for anything else."""
    said = str(text or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 15 else None
