"""How a room is told to join: the address to type, and the same as a picture for a phone's camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from markupsafe import Markup

from convenor.conditions.rules.joining import as_read, spelled

ALT: Final = "QR picture that opens the room on a phone"


@dataclass(frozen=True, slots=True)
class JoinPicture:
    """`site` and `code` are typed, `href` is what the picture holds; `spelled` is the code for a screen reader."""

    site: str
    href: str
    code: str
    spelled: str
    svg: Markup


def join_picture(request: HttpRequest, code: str) -> JoinPicture:
    """What stands on the wall, on the console and on paper."""
    import segno

    href = request.build_absolute_uri(f"/join/{code}/")
    # Quiet zone of four modules, as ISO/IEC 18004 asks; drawn as one path, so that no style stands in the page.
    drawn = segno.make(href, error="m", micro=False).svg_inline(
        border=4, omitsize=True, dark="#1d2327", light="#fff", svgclass="join__picture"
    )
    said = drawn.replace("<svg ", f'<svg role="img" aria-label="{ALT}" ', 1)
    # Drawn by segno from an address made of this site's own name and a code of our signs: nothing that anybody typed stands in it.
    return JoinPicture(f"{request.get_host()}/join", href, as_read(code), spelled(code), Markup(said))  # noqa: S704
