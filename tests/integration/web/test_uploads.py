"""What comes in is measured as it comes: too long a file is let go of with words, and no length that a request claims is believed."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client

from convenor.web.uploads import TooLong

MB = 1024 * 1024
BOUNDARY = "a-boundary"


class Stream:
    """A body that is made while it is read, so that the test itself holds none of it; `read` says how much was asked for."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts, self.rest, self.given = parts, b"", 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`."""
        while len(self.rest) < size and (part := next(self.parts, b"")):
            self.rest += part
        given, self.rest = self.rest[:size], self.rest[size:]
        self.given += len(given)
        return given

    def readline(self, size: int = -1) -> bytes:
        """Nobody reads a body by lines."""
        return self.read(size)


def part(name: str, file: str = "") -> bytes:
    """What stands before a field or a file."""
    of_file = f'; filename="{file}"\r\nContent-Type: application/octet-stream' if file else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{of_file}\r\n\r\n'.encode()


def body(*files: tuple[str, int]) -> Iterator[bytes]:
    """A field and then files, each of so many MB."""
    yield part("text") + b"typed\r\n"
    for name, size in files:
        yield part("files", name)
        yield from (b"x" * MB for _ in range(size))
        yield b"\r\n"
    yield f"--{BOUNDARY}--\r\n".encode()


def request(stream: Any, length: str) -> WSGIRequest:
    """A request that says it is so long."""
    said = {"CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}", "CONTENT_LENGTH": length}
    return WSGIRequest({"REQUEST_METHOD": "POST", "PATH_INFO": "/", "SERVER_NAME": "x", "SERVER_PORT": "80", "wsgi.input": stream} | said)


def came(asked: WSGIRequest) -> list[tuple[str | None, int | None, bool]]:
    """Each file's name, length and whether it was let go of; what was kept is gone when the page is made."""
    files: list[Any] = asked.FILES.getlist("files")
    asked.close()
    return [(each.name, each.size, isinstance(each, TooLong)) for each in files]


def test_file_of_200_mb_is_let_go_of_and_the_others_are_kept() -> None:
    asked = request(Stream(body(("a.csv", 1), ("long.xlsx", 200), ("b.csv", 1))), str(205 * MB))
    assert [each.read(5) for each in asked.FILES.getlist("files")] == [b"xxxxx", b"", b"xxxxx"]
    assert asked.POST.dict() == {"text": "typed"}
    assert came(asked) == [("a.csv", MB, False), ("long.xlsx", 200 * MB, True), ("b.csv", MB, False)]


def test_file_of_just_the_longest_is_kept_and_one_byte_more_is_not() -> None:
    longest = settings.UPLOAD_AT_MOST_BYTES // MB
    assert came(request(Stream(body(("a.csv", longest), ("b.csv", longest + 1))), str(50 * MB))) == [
        ("a.csv", longest * MB, False),
        ("b.csv", (longest + 1) * MB, True),
    ]


def test_files_that_together_are_too_long_are_kept_as_far_as_they_fit() -> None:
    many = [(f"{number}.csv", 20) for number in range(8)]
    assert [gone for *_, gone in came(request(Stream(body(*many)), str(170 * MB)))] == [False] * 6 + [True] * 2


def test_body_longer_than_it_says_is_read_no_further_than_it_says() -> None:
    stream = Stream(body(("a.csv", 100)))
    assert came(request(stream, str(2 * MB))) == []  # cut short in the middle of the file: there is no file
    assert stream.given == 2 * MB


def test_body_shorter_than_it_says_and_lengths_that_are_none_give_what_came() -> None:
    assert came(request(Stream(body(("a.csv", 1))), str(100 * MB))) == [("a.csv", MB, False)]
    assert [came(request(Stream(body(("a.csv", 1))), length)) for length in ("", "many", "0")] == [[], [], []]


@pytest.mark.django_db
def test_request_beyond_every_measure_is_refused_with_words_before_it_is_read() -> None:
    stream = BytesIO(b"x" * 100)
    said: dict[str, Any] = {"CONTENT_LENGTH": str(settings.REQUEST_AT_MOST_BYTES + 1), "wsgi.input": stream}
    answer = Client().generic("POST", "/", **said)
    assert (answer.status_code, stream.tell()) == (413, 0)
    assert "A file may have up to 20 MB." in answer.content.decode()


@pytest.mark.django_db
def test_words_longer_than_a_page_sends_are_refused_in_words() -> None:
    answer = Client().post("/sign-in/", {"email": "x" * (3 * MB)})
    assert answer.status_code == 400
    assert "what you wrote or pasted is still there" in answer.content.decode()
