"""Stored documents: versions kept, audiences held."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from convenor.papers.actions import store
from convenor.papers.queries import content, papers
from convenor.papers.rules import PaperRefused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@dataclass
class Held:
    partnership_slug: str
    urn: str = ""
    body_id: int | None = None


@dataclass
class Who:
    holdings: tuple


STRANGER, MEMBER, ELSEWHERE = Who(()), Who((Held("fernshire", "990001"),)), Who((Held("otherton", "990001"),))


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PAPERS_DIR = tmp_path / "papers"


def keep(title, audience, words=b"words"):
    return store(by="test", at=NOW, partnership="fernshire", title=title, audience=audience, media_type="text/plain", content=words)


def test_each_reader_sees_what_is_meant_for_them():
    for title, audience in (("Annual report", "public"), ("Minutes", "members"), ("Own", "990001"), ("Others", "990002")):
        keep(title, audience)

    def titles(viewer):
        return [paper.title for paper in papers("fernshire", viewer=viewer)]

    assert titles(MEMBER) == ["Annual report", "Minutes", "Own"]
    assert titles(STRANGER) == ["Annual report"]
    assert titles(ELSEWHERE) == ["Annual report"]


def test_same_title_makes_the_next_version_and_the_old_one_stays(settings):
    first, second = keep("Minutes", "members", b"one"), keep("Minutes", "members", b"two")
    assert [(paper.version, paper.pk) for paper in papers("fernshire", viewer=MEMBER)] == [(2, second.pk)]
    assert content(first.pk, viewer=MEMBER)[1] == b"one"
    assert sorted(path.name for path in settings.PAPERS_DIR.iterdir()) == sorted([first.digest, second.digest])


def test_same_content_is_stored_once(settings):
    keep("Minutes", "members"), keep("Copy", "members")
    assert len(list(settings.PAPERS_DIR.iterdir())) == 1


def test_content_is_given_to_nobody_else():
    kept = keep("Minutes", "members")
    assert content(kept.pk, viewer=STRANGER) is None
    assert content(kept.pk, viewer=ELSEWHERE) is None
    assert content(kept.pk + 1, viewer=MEMBER) is None


def test_refused_document_leaves_nothing_behind(settings):
    with pytest.raises(PaperRefused):
        keep("Minutes", "members", b"")
    assert not settings.PAPERS_DIR.exists()
