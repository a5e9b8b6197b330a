"""Evidence: the page on which a team writes in a school corridor, with or without a network; the log; and what serves both."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse

from convenor.partnership.gate import PUBLIC, Page, Permission, record_looks
from convenor.partnership.rules.refusals import Refused, TooMany
from convenor.peer_review.actions.evidence import take_evidence
from convenor.peer_review.forms.evidence import NoteForm, UnreadableBatchError, cursor_of, fresh, read_batch
from convenor.peer_review.queries import evidence as queries
from convenor.peer_review.queries.evidence import EvidenceLog, NoteSeen
from convenor.peer_review.rules.merging import KINDS, WORDS_AT_MOST
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.safeguarding import worried
from convenor.peer_review.rules.themes import THEMES
from convenor.peer_review.views.reviews import LOOKED_AT, OfReview

RECORD = LOOKED_AT[Sight.EVIDENCE]
CLOSED = "There is no such review, or it is closed to you."
#: What the page is made of, by the name that it has in the folder of static files. A phone keeps these to open it without a network.
MODULES = {"store": "evidence_store.js", "merge": "evidence_merge.js", "sync": "evidence_sync.js"}
FRAME = ("convenor.css", "fonts/atkinson-latin.woff2", "icon.svg", "evidence.js")


def modules() -> dict[str, str]:
    """The addresses of the page's modules, as they are served today."""
    return {key: staticfiles_storage.url(name) for key, name in MODULES.items()}


class OfEvidence(OfReview):
    """What every page of a review's evidence shares. Somebody who may not see it is told the same as if there were none."""

    permission = Permission.PARTNERSHIP_SEE
    stands_open = True
    sight, record_class = Sight.EVIDENCE, "evidence"

    @property
    def team(self) -> bool:
        """Whether they are of the team; of the host otherwise."""
        return bool(self.here.parts)


class Evidence(OfEvidence):
    """The log, for the host once there is a draft; for the team, the page on which they write."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page; a look of the team is written down first."""
        seen = self.look(request.GET.get("theme", ""))
        if not self.team or "log" in request.GET:
            return self.page("peer_review/evidence_log.jinja", theme=request.GET.get("theme", ""), **self.about(seen))
        note = seen.note(request.GET.get("note", ""))
        return self.form_page(seen, NoteForm(initial=self.begin(seen, note), activities=self.activities(seen)), note)

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """One note from a browser without script."""
        self.found(self.team or None)  # the host reads here and writes elsewhere
        seen = self.look()
        form = NoteForm(request.POST, activities=self.activities(seen))
        if form.is_valid():
            try:
                item = form.writing(written_at=self.now.isoformat())
                answer = take_evidence(slug=slug, review_id=pk, items=[item], by=self.viewer, at=self.now)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                if not answer.refused:
                    messages.success(request, "Taken back. It stays in the log, marked." if item["struck"] else "Saved.")
                    return HttpResponseRedirect(reverse("review-evidence", args=[slug, pk]))
                form.add_error(None, answer.refused[0].why)
        return self.form_page(seen, form, seen.note(str(form.data.get("note", ""))), status=422)

    def look(self, theme: str = "") -> EvidenceLog:
        """The log; who of the team opens it is written down, and the host sees it."""
        self.looked()
        return self.found(queries.log(self.here, viewer=self.viewer, at=self.now, theme=theme))  # type: ignore[no-any-return]

    def begin(self, seen: EvidenceLog, note: NoteSeen | None) -> dict[str, Any]:
        """What the box holds to begin with: nothing but the nearest activity, or the note that is written again."""
        if note is None:
            return fresh() | {"activity": seen.nearest or ""}
        return fresh() | {
            "note": note.uid, "parents": " ".join(note.tips), "words": note.words, "kind": note.now.kind, "theme": note.now.theme,
            "activity": note.now.activity or "",
        }  # fmt: skip

    def activities(self, seen: EvidenceLog) -> list[tuple[int, str]]:
        """The activities to choose from: today's by their time, others by day and time; last those off the plan that notes name."""
        named, planned = [], {each.pk for each in seen.activities}
        for each in seen.activities:
            day = "" if each.on == self.today else f"{each.on:%a} {each.on.day} "
            named.append((each.on != self.today, each.on, each.starts, each.pk, f"{day}{each.starts:%H:%M} {each.title}"))
        off = [(each.pk, each.title) for each in seen.groups if each.pk is not None and each.pk not in planned]
        return [*((pk, label) for *_, pk, label in sorted(named)), *off]

    def form_page(self, seen: EvidenceLog, form: NoteForm, note: NoteSeen | None, status: int = 200) -> HttpResponse:
        """The page on which one writes."""
        theirs = [("This review", [(key, THEMES[key].name) for key in seen.review_themes])] if seen.review_themes else []
        others = [(each.key, each.name) for each in THEMES.values() if each.key not in seen.review_themes]
        about = self.about(seen) | {"form": form, "note": note, "theme_groups": [*theirs, ("Other themes" if theirs else "", others)]}
        return self.page(
            "peer_review/evidence.jinja", status=status, modules=modules(), person=queries.device_key(self.viewer.person_id),
            newest=sorted(seen.notes, key=lambda each: each.begun_at, reverse=True), numbers=fresh, **about,
        )  # fmt: skip

    def about(self, seen: EvidenceLog) -> dict[str, Any]:
        """What both pages show."""
        return self.frame() | {"seen": seen, "review": self.here, "kinds": KINDS, "most": WORDS_AT_MOST, "themes": THEMES}


class EvidenceSync(OfEvidence):
    """What a phone asks of the server: a fresh token, what came from others, and to take what waits."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Who is signed in, a token to send by, the review as a phone needs it, and what came since its cursor."""
        return self.answer({"csrf": get_token(request), "taken": [], "refused": []}, cursor_of(request.GET.get("since")))

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Takes a batch. 409 where somebody else is signed in by now: nobody's notes go under another's name."""
        if not self.team:
            return self.say(404, CLOSED)
        try:
            person, since, items = read_batch(request.body)
            if person != queries.device_key(self.viewer.person_id):
                return self.say(409, "Somebody else is signed in.")
            answer = take_evidence(slug=slug, review_id=pk, items=items, by=self.viewer, at=self.now)
        except (UnreadableBatchError, TooMany) as error:
            return self.say(400, str(error))
        except Refused as error:
            return self.say(404, str(error))
        refused = [{"uid": each.uid, "why": each.why, "later": each.later} for each in answer.refused]
        return self.answer({"taken": list(answer.taken), "at": self.now.isoformat(), "refused": refused}, since)

    def answer(self, more: dict[str, Any], since: int) -> HttpResponse:
        """The answer, after the look of somebody of the team is written down, once a day; not found for anybody else."""
        if not self.team:
            return self.say(404, CLOSED)
        record_looks(self.viewer, urns=[self.here.urn], record=RECORD, at=self.now, by_right=Permission.REVIEW_OFFER)
        came = queries.changes(self.here, viewer=self.viewer, since=since)
        about = {"review": queries.for_device(self.here, viewer=self.viewer), "person": queries.device_key(self.viewer.person_id)}
        return JsonResponse(more | about | {"changes": list(came.texts), "cursor": came.cursor, "more": came.more})

    def say(self, status: int, why: str) -> HttpResponse:
        """A refusal of the whole."""
        return JsonResponse({"why": why}, status=status)


class EvidenceOffline(Page):
    """The page as a phone keeps it: the box and nothing of anybody; what belongs in it is put there on the phone."""

    permission = PUBLIC
    before_second_factor = True

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The same for everybody and for every number, so that it says nothing."""
        return HttpResponse(offline_page())


class EvidenceWorker(Page):
    """The script that opens the page without a network. It answers for the evidence of one review and for nothing else."""

    permission = PUBLIC
    before_second_factor = True

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The script; its version changes with whatever it keeps."""
        assets = [staticfiles_storage.url(name) for name in (*FRAME, *MODULES.values())]
        version = hashlib.sha256("\n".join((*assets, offline_page())).encode()).hexdigest()[:12]
        page = render_to_string("peer_review/evidence_worker.jinja", {"version": version, "assets": assets})
        return HttpResponse(page, content_type="text/javascript; charset=utf-8")


def offline_page() -> str:
    """The page as a phone keeps it."""
    others = [("", [(each.key, each.name) for each in THEMES.values()])]
    form = NoteForm()
    return render_to_string(
        "peer_review/evidence_offline.jinja",
        {
            "modules": modules(),
            "kinds": KINDS,
            "most": WORDS_AT_MOST,
            "form": form,
            "theme_groups": others,
            "person": "",
            "worried": worried(""),
        },
    )
