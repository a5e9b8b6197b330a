"""What is loaded, from whom, as at when; and each row that was refused, with the reason."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.partnership.gate import PUBLIC, Page
from convenor.registers.queries import loaded
from convenor.web import downloads


class Editions(Page):
    """Every edition, by publisher, with its counts."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list; or with `download=csv` or `xlsx` the file."""
        found = loaded.loaded_editions(viewer=self.viewer)
        file = request.GET.get("download", "")
        if file in ("csv", "xlsx"):
            return _file(file, found)
        publishers: dict[str, list[loaded.EditionCounts]] = {}
        for one in found:
            publishers.setdefault(one.publisher, []).append(one)
        standing = [one for one in found if not one.withdrawn]
        return self.page(
            "web/editions.jinja",
            publishers=publishers,
            standing=len(standing),
            withdrawn=len(found) - len(standing),
            rows=sum(one.rows_loaded for one in standing),
            refused=sum(one.rows_refused for one in standing),
            newest=max((one.as_at for one in standing), default=None),
            address=reverse("editions"),
        )


COLUMNS = (
    "Edition", "Publisher", "Title", "As at", "School year", "Licence", "Rows read", "Rows loaded", "Rows refused", "Aggregate rows",
    "Loaded at", "Withdrawn at", "Why withdrawn", "File", "SHA-256", "Note",
)  # fmt: skip


def _file(kind: str, found: list[loaded.EditionCounts]) -> HttpResponse:
    rows = [
        [
            one.key, one.publisher, one.title, one.as_at, one.period, one.licence, one.rows_read, one.rows_loaded, one.rows_refused,
            one.rows_aggregate, one.loaded_at, one.withdrawn_at, one.withdrawn_why, one.file_name, one.digest, one.note,
        ]
        for one in found
    ]  # fmt: skip
    if kind == "csv":
        return downloads.csv_file("editions", COLUMNS, rows)
    about = [("What this is", "Every edition loaded, with its counts"), ("Licence", "See each line")]
    return downloads.xlsx_file("editions", COLUMNS, rows, sheet="Editions", about=about)


class Edition(Page):
    """One edition whole."""

    permission = PUBLIC

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Its counts, its warnings and a page of its refused rows."""
        one = loaded.edition(key, viewer=self.viewer)
        if one is None:
            raise Http404(f"No edition is called {key}.")
        kept = loaded.refused_number(key, viewer=self.viewer) if one.rows_refused else 0
        pages = Paginator(range(kept), loaded.REFUSED_PAGE).get_page(request.GET.get("page", "1")) if kept else None
        refused = loaded.refused_rows(key, viewer=self.viewer, page=pages.number) if pages else []
        return self.page(
            "web/edition.jinja",
            edition=one,
            refused=refused,
            kept=kept,
            pages=pages,
            trail_links=[("Editions", reverse("editions"))],
        )
