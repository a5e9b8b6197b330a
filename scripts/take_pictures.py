"""Takes the README's pictures from a demonstration of its own, so that they stay true: `.venv/bin/python scripts/take_pictures.py`.

Everyone in them is invented, and so is the school that is shown from within. Needs Chromium (CONVENOR_CHROMIUM names another).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.functional.deployment import AREA, SLUG, Site, build_once, copied  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
COLOURS = 96
AT_MOST_BYTES = 1_500_000
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
OWN_SCHOOL = "main a[href^='/schools/9']"
#: The first review in the list; links to rounds and totals stand there too.
OWN_REVIEW = f"main a[href^='/p/{SLUG}/reviews/1'], main a[href^='/p/{SLUG}/reviews/2']"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its file, the page, who looks, how wide the screen is and how much of the page is shown, in CSS pixels.

    `follow` is a link to go on by from that page.
    """

    name: str
    path: str
    role: str = ""
    width: int = 1280
    height: int = 1000
    follow: str = ""


TAKEN = (
    Picture("structure", f"/p/{SLUG}/structure/", "Partnership manager", height=1640),
    Picture("structure-phone", f"/p/{SLUG}/structure/", "Partnership manager", width=360, height=900),
    Picture("context", f"/areas/{AREA}/", height=1200),
    Picture("map", f"/areas/{AREA}/map/", height=1160),
    Picture("school", "/", "Headteacher", height=1500, follow=OWN_SCHOOL),
    Picture("school-phone", "/", "Headteacher", width=360, height=900, follow=OWN_SCHOOL),
    Picture("head-phone", "/", "Headteacher", width=360, height=900),
    Picture("manager", "/", "Partnership manager", height=1040),
    Picture("lines", f"/p/{SLUG}/early/", "Headteacher", height=1500, follow=f"main a[href*='{SLUG}/early/schools/']"),
    Picture("lines-phone", f"/p/{SLUG}/early/", "Headteacher", width=360, height=900, follow=f"main a[href*='{SLUG}/early/schools/']"),
    Picture("conversation", f"/p/{SLUG}/early/conversations/2/", "Broker", height=1260),
    Picture("backtest", f"/p/{SLUG}/early/backtest/", "Board member", height=1260),
    Picture("shared-problems", f"/p/{SLUG}/early/shared-problems/", "Board member", height=1260),
    Picture("round", f"/p/{SLUG}/reviews/rounds/3/", "Partnership manager", height=1000),
    Picture("round-phone", f"/p/{SLUG}/reviews/rounds/3/", "Partnership manager", width=360, height=900),
    Picture("teams", f"/p/{SLUG}/reviews/rounds/2/teams/", "Partnership manager", height=1300),
    Picture("review", f"/p/{SLUG}/reviews/", "Headteacher", height=1200, follow=OWN_REVIEW),
    Picture("review-phone", f"/p/{SLUG}/reviews/", "Headteacher", width=360, height=900, follow=OWN_REVIEW),
    Picture("workshop", f"/p/{SLUG}/workshops/2/results/", "Partnership manager", height=1240),
    Picture("seats", f"/p/{SLUG}/seats/", "Partnership manager", height=900),
)


def main() -> None:
    """Build, serve, look, keep."""
    chromium = os.environ.get("CONVENOR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("There is no Chromium. On Debian: apt-get install chromium")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="convenor-pictures-") as folder:
        print("Building a demonstration ...", file=sys.stderr)
        built = build_once(Path(folder))
        with copied(built, Path(folder) / "served") as site, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=QUIET)
            for one in TAKEN:
                kept = take(browser, site, one)
                print(f"{kept.relative_to(ROOT)}: {kept.stat().st_size:,} bytes", file=sys.stderr)
            browser.close()
    weight = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    if weight > AT_MOST_BYTES:
        sys.exit(f"The pictures weigh {weight:,} bytes; at most {AT_MOST_BYTES:,} are kept in the project.")


def take(browser: Browser, site: Site, one: Picture) -> Path:
    """One picture, with a palette in place of millions of colours: the pages are few inks on paper."""
    phone = one.width < 600
    context = browser.new_context(
        base_url=site.address, viewport={"width": one.width, "height": one.height}, device_scale_factor=2 if phone else 1, locale="en-GB",
        timezone_id="Europe/London", reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    if one.role:
        come_in(page, site, one.role)
    page.goto(one.path)
    if one.follow:
        page.goto(page.locator(one.follow).first.get_attribute("href") or "/")
    page.wait_for_load_state("networkidle")
    shown = Image.open(BytesIO(page.screenshot())).convert("RGB")
    context.close()
    kept = PICTURES / f"{one.name}.png"
    shown.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(kept, optimize=True)
    return kept


def come_in(page: Page, site: Site, role: str) -> None:
    """By the demonstration's own door."""
    page.goto("/sign-in/")
    page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=role, exact=True)).get_by_role("button").click()
    page.wait_for_url(site.at("/"))


if __name__ == "__main__":
    main()
