"""A page to print as a file: a tagged PDF, set in the type of the site."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.http import Http404

FONT: Final = "fonts/atkinson-latin.woff2"


def pdf(page: str) -> bytes:
    """The page as a tagged PDF (PDF/UA-1), set in the type of the site; nothing is fetched from anywhere."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as error:  # the extra "pdf", or Debian's pango, is not installed
        raise Http404("This installation cannot make PDF. Open the page to print in its place.") from error

    font = finders.find(FONT)
    fonts = FontConfiguration()
    styles = []
    if isinstance(font, str):
        data = base64.b64encode(Path(font).read_bytes()).decode()
        face = f'@font-face {{ font-family: "Convenor"; src: url("data:font/woff2;base64,{data}"); }}'
        styles.append(CSS(string=face, font_config=fonts))
    made: bytes = HTML(string=page).write_pdf(stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1")
    return made
