"""`convenor move-in`: previewed, answered, saved and undone from a shell."""

from __future__ import annotations

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from convenor.contacts.models import Contact
from convenor.moving_in.models import MoveIn
from convenor.post.models import Practice
from tests.factories.moving_in import SLUG, arriving_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def heads(tmp_path: Path) -> str:
    """A file with the head of the first open school."""
    urn = next(each.urn for each in arriving_world().schools if each.closed_on is None)
    path = tmp_path / "heads.csv"
    path.write_text(f"URN,Role,Name,Email\n{urn},Head,Ada Example,ada@one.example\n", encoding="utf-8")
    return str(path)


def move_in(*words: str) -> Any:
    """What the command says as JSON."""
    out = StringIO()
    with suppress(SystemExit):
        call_command("move_in", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_a_preview_shows_all_and_keeps_nothing(heads: str) -> None:
    found = move_in(heads, "--preview")
    assert (found["partnership"], found["move_in"], found["state"]) == (SLUG, None, "open")
    assert [each["name"] for each in found["files"]] == ["heads.csv"]
    assert [each["key"] for each in found["questions"]] == ["join:members"]
    assert (MoveIn.objects.count(), Practice.objects.count()) == (0, 0)


def test_files_are_saved_once_what_is_asked_is_answered_and_undone_whole(heads: str) -> None:
    asked = move_in(heads)
    assert (asked["state"], Contact.objects.count()) == ("open", 0)
    pk = asked["move_in"]
    saved = move_in("--id", str(pk), "--answer", "join:members=join")
    assert (saved["state"], saved["questions"], Contact.objects.get().name) == ("saved", [], "Ada Example")
    out = StringIO()
    call_command("move_in", "--undo", str(pk), stdout=out)
    assert out.getvalue() == f"Move-in {pk} of fernshire is undone: every row that it made or changed is as it was.\n"
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing.csv",), "missing.csv cannot be read: No such file or directory. Nothing was changed."),
        (("--undo", "999"), "There is no move-in 999."),
        (("--id", "999"), "There is no move-in 999."),
        ((), "Name at least one file, or a move-in to go on with: --id ID."),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(words: tuple[str, ...], said: str) -> None:
    arriving_world()
    with pytest.raises(CommandError) as refused:
        call_command("move_in", *words)
    assert str(refused.value) == said
    assert MoveIn.objects.count() == 0


def test_a_partnership_that_is_not_there_is_named(heads: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("move_in", heads, "--partnership", "othershire")
    assert str(refused.value) == "There is no partnership othershire. There are: fernshire."
