"""Components as the browser gets them: escaped, without inline script or style, honest about what is missing."""

import re

import pytest
from django import forms
from django.template import engines

POINTS = [{"period": "2022", "mark": "suppressed"}, {"period": "2023", "value": 52, "low": 35, "high": 69, "cohort": 30}]
TIERS = [{"key": "b", "name": "Boards", "hue": "board", "purpose": "decide"}]
BODIES = [{"id": "1", "name": "<Board> & co", "tier": "b", "reports_to": None, "subtitle": "chair", "seats": 3, "filled": 2, "href": "/b/"}]


class Ask(forms.Form):
    name = forms.CharField(label="Name <b>")
    how = forms.ChoiceField(label="How", widget=forms.RadioSelect, choices=[("e", "Election"), ("n", "Nomination")])


def render(source: str, **context: object) -> str:
    return str(engines["jinja2"].from_string(source).render(context))


EVERYTHING = """
{% from "components/page.jinja" import page_heading, trail, notice, facts, headlines, tag, empty, todo, history, wheel, more, button %}
{% from "components/table.jinja" import data_table %}{% from "components/figure.jinja" import figure %}
{% from "components/form.jinja" import post_form, filter_form %}{% from "components/chart.jinja" import series, comparison, shares %}
{% from "components/structure.jinja" import structure %}
{{ page_heading("A <b>", "lede") }}{{ trail([("x", "/")]) }}{% call notice("n") %}<p>t</p>{% endcall %}{{ facts([("a", none)]) }}
{{ headlines([{"value": "1", "label": "l"}]) }}{{ tag("t", "board") }}{{ empty("e", "t", "/", "do") }}
{{ todo([{"title": "t", "minutes": 3, "links": [{"label": "l", "href": "/", "main": true}, {"label": "m", "href": "/"}]}]) }}
{{ history([{"when": "w", "what": "x"}]) }}{{ wheel([{"name": "May", "now": true, "entries": [{"label": "e"}]}]) }}
{{ data_table("c", [{"key": "a", "label": "A"}, {"key": "b", "label": "B", "numeric": true}], [{"a": "<i>", "b": none}], stack=true) }}
{{ figure("5%", {"cohort": "9 pupils"}) }}{{ post_form(form, "Save", "") }}{{ filter_form(form) }}
{{ series("s", points, unit="%") }}{{ comparison("c", [{"label": "<A>", "value": 3, "low": 2, "high": 4}]) }}
{{ shares("s", [{"label": "P", "seats": 1, "schools": 2}]) }}
{{ structure(tiers, bodies) }}
"""


@pytest.fixture
def everything() -> str:
    return render(EVERYTHING, form=Ask({}), points=POINTS, tiers=TIERS, bodies=BODIES)


def test_no_component_uses_inline_script_or_style(everything: str) -> None:
    assert re.findall(r"<script|\sstyle=|\son[a-z]+=|javascript:", everything) == []


def test_what_is_given_is_escaped(everything: str) -> None:
    assert re.findall(r"A <b>|<i>|<A>|<Board>|Name <b>", everything) == []
    assert len(re.findall(r"&lt;Board&gt; &amp; co", everything)) >= 3


def test_ids_are_never_used_twice() -> None:
    ids = re.findall(
        r'\sid="([^"]+)"',
        render(EVERYTHING.replace("{{ filter_form(form) }}", ""), form=Ask({}), points=POINTS, tiers=TIERS, bodies=BODIES),
    )
    assert sorted(ids) == sorted(set(ids))


def test_missing_cell_is_said_and_not_blank() -> None:
    table = render(
        '{% from "components/table.jinja" import data_table %}{{ data_table("c", columns, rows) }}',
        columns=[
            {"key": "a", "label": "A"},
            {"key": "b", "label": "B"},
            {"key": "c", "label": "C", "nothing": "not published"},
            {"key": "d"},
        ],
        rows=[{"a": "x", "b": None, "d": 0}],
    )
    assert re.findall(r"<td[^>]*>([^<]*)</td>", table) == ["not known", "not published", "0"]


def test_figure_that_is_missing_shows_its_mark() -> None:
    shown = render('{% from "components/figure.jinja" import figure %}{{ figure(none, {"mark": "suppressed"}) }}')
    assert re.findall(r'aria-haspopup="dialog">([^<]*)<', shown) == ["suppressed"]


def test_figure_says_value_cohort_interval_year_and_source() -> None:
    shown = render(
        '{% from "components/figure.jinja" import figure %}{{ figure("52%", evidence) }}',
        evidence={"cohort": "30 pupils", "interval": ("35%", "69%"), "year": "2023/24", "source": "DfE"},
    )
    lines = re.findall(r'<span class="line"><span>([^<]*)</span><span>([^<]*)</span></span>', shown)
    assert lines == [("Out of", "30 pupils"), ("Chance", "alone could make it 35% to 69%"), ("Year", "2023/24"), ("Source", "DfE")]


@pytest.mark.parametrize("page", ["400.jinja", "403.jinja", "404.jinja", "429.jinja", "500.jinja"])
def test_error_page_stands_without_any_context(page: str, settings: object) -> None:
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # type: ignore[attr-defined]
    assert len(re.findall(r"<h1[ >]", str(engines["jinja2"].get_template(page).render({})))) == 1
