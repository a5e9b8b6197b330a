"""The constitution file, written by the machine, to keep or to change and load."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from convenor.moving_in.queries.constitution_file import constitution_file
from convenor.moving_in.views.bringing import Bringing


class ConstitutionFile(Bringing):
    """The file."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The file."""
        text = self.found(constitution_file(slug, viewer=self.viewer, at=self.now))
        answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{slug}.toml"'
        return answer
