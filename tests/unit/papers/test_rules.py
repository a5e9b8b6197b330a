"""Which documents are taken, and who may read them."""

import pytest

from convenor.papers.rules import LARGEST_BYTES, PaperRefused, check, may_read


def test_content_is_named_by_its_digest():
    assert (
        check(title="Minutes", media_type="text/plain", content=b"abc")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


@pytest.mark.parametrize(
    ("title", "media_type", "content"),
    [
        (" ", "text/plain", b"x"),
        ("T", "text/html", b"x"),
        ("T", "image/svg+xml", b"x"),
        ("T", "text/plain", b""),
        ("T", "text/plain", b"x" * (LARGEST_BYTES + 1)),
    ],
    ids=["no title", "a page", "a picture with script", "empty", "too large"],
)
def test_document_is_refused(title, media_type, content):
    with pytest.raises(PaperRefused):
        check(title=title, media_type=media_type, content=content)


@pytest.mark.parametrize(
    ("audience", "member", "places", "reads"),
    [
        ("public", False, (), True),
        ("members", False, (), False),
        ("members", True, (), True),
        ("990001", True, ("990001",), True),
        ("990001", True, ("990002",), False),
        ("990001", False, ("990001",), False),
    ],
)
def test_audience_takes_in_whom_it_names(audience, member, places, reads):
    assert may_read(audience, member=member, places=frozenset(places)) is reads
