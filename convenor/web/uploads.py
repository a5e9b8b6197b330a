"""How files come in: measured while they are read, never trusted to be as long as they say, and let go of when they are too long.

A file that grows past what we take is read to its end and thrown away as it comes, so that neither memory nor disk fills and the
reader's browser gets its answer; the page then says so in words. A whole request beyond every measure is refused before it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

Answer = Callable[[HttpRequest], HttpResponseBase]


class TooLong(UploadedFile):  # type: ignore[type-arg]  # no type arguments while it runs
    """A file of which nothing was kept. `size` is how long it was, in bytes; reading it gives nothing."""

    let_go = True


class Measured(TemporaryFileUploadHandler):
    """Keeps a file beside the program while its page is made, as long as the file is short enough.

    `settings.UPLOAD_AT_MOST_BYTES` is the longest file in bytes, `settings.FILES_AT_MOST_BYTES` what all files that are kept of one
    request may come to. What is counted is what came, not what was announced.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.came = self.kept_before = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The next file begins."""
        self.kept_before += 0 if self.too_long else self.came
        self.came = 0
        super().new_file(*args, **kwargs)

    @property
    def too_long(self) -> bool:
        """Whether this file, or all files together, are longer than we take."""
        return self.came > settings.UPLOAD_AT_MOST_BYTES or self.kept_before + self.came > settings.FILES_AT_MOST_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Counts it, and keeps it while the file is short enough; what was kept of one that grows too long goes at once."""
        self.came += len(raw_data)
        if not self.too_long:
            super().receive_data_chunk(raw_data, start)
        else:
            self.file.close()

    def file_complete(self, file_size: int) -> Any:
        """The file, or one of which nothing was kept."""
        if self.too_long:
            return TooLong(BytesIO(), self.file_name, self.content_type, self.came, self.charset)
        return super().file_complete(file_size)


class UploadsMiddleware:
    """A request that says it is longer than all files together may be is refused with words, and none of it is read or kept."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass on."""
        said = request.META.get("CONTENT_LENGTH") or ""
        if said.isdecimal() and int(said) > settings.REQUEST_AT_MOST_BYTES:
            return render(request, "413.jinja", {"most": settings.UPLOAD_AT_MOST_BYTES // (1024 * 1024)}, status=413)
        return self.get_response(request)
