"""`convenor serve`: what it refuses, and what it does not do twice."""

import socket
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from convenor.web.management.commands import serve


def test_taken_port_is_refused_with_the_remedy():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError, match="Choose another port with --port"):
        serve.refuse_taken_port("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("words", [["--port", "0"], ["--port", "70000"], ["--workers", "0"], ["--threads", "0"]])
def test_wrong_usage_is_refused(words):
    with pytest.raises(CommandError) as refused:
        call_command("serve", *words)
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_database_that_is_up_to_date_waits_for_no_migration():
    assert serve.waiting_migrations() is False


def test_static_files_are_collected_only_when_they_changed(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT, settings.STATIC_BUILT = tmp_path / "out", tmp_path / "built"
    settings.STATIC_BUILT.mkdir()
    (settings.STATIC_BUILT / "a.css").write_text("a {}")
    asked = []
    monkeypatch.setattr(serve, "call_command", lambda *words, **_: asked.append(words[0]))
    assert [serve.collect_static(), serve.collect_static()] == [True, False]
    (settings.STATIC_BUILT / "b.css").write_text("b {}")
    assert serve.collect_static() is True
    assert asked == ["collectstatic", "collectstatic"]


def test_pages_are_known_without_the_heavy_libraries():
    """An idle process stays small: what only loading and reckoning need is imported when something is loaded or reckoned.

    numpy is not among them: pages that tell shared problems from chance reckon with it, and the processes share its memory.
    """
    heavy = ["duckdb", "pyarrow", "scipy", "sklearn", "shapely", "openpyxl", "rdata", "pyproj", "weasyprint", "pandas"]
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "import django; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"
