"""Every word that a person reads goes through gettext, so that another language can come.

Found by reading the sources: text in a template outside `{% translate %}`, and a literal of two
words or more in the rooms that speak, outside a call of gettext by a name that is looked for.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
WORD = re.compile(r"[A-Za-z]{2}")
TWO_WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
#: The names by which makemessages finds what is to be translated, as far as we use them.
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
#: The gallery shows invented figures to developers.
TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.*"))
    if path.suffix in (".html", ".svg") and path.name != "styleguide.html"
]
#: Text between these is no text of the page, or is translated.
ASIDE = re.compile(
    r"{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}|{% comment %}.*?{% endcomment %}"
    r"|{% block main_class %}.*?{% endblock %}|{#.*?#}|<!--.*?-->|<script\b.*?</script>",
    re.DOTALL,
)
TAGS = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
SAID_BY = re.compile(r'\b(?:alt|title|label|placeholder|summary|aria-\w*label|content)="([^"]*)"')
#: Rooms whose strings people read.
SPEAKING = ("accounts", "dashboards", "itaportal")
SPEAKING += ("priorities/actions", "priorities/admin", "priorities/api.py", "priorities/forms")
SPEAKING += ("priorities/interchange", "priorities/labels.py", "priorities/models")
SPEAKING += ("priorities/notifications", "priorities/permissions.py", "priorities/spelling.py")
SPEAKING += ("priorities/views",)
#: Parts of them that speak to no reader of the portal.
ELSEWHERE = (
    "accounts/migrations",  # keep what the models said when they were made
    "dashboards/charts",  # get their words; those of the samples are for developers
    "dashboards/check_history.py",  # runs without the portal and its catalogs
    "itaportal/health.py",  # answers machines
    "itaportal/management",  # answers whoever runs a command
    "itaportal/settings.py",  # answers whoever installs the portal
    "itaportal/styleguide.py",  # shows invented figures to developers
)
#: Errors that end in the log, never on a page.
UNHEARD = {"NotSet", "TypeError", "ValueError"}
#: Literals that are code though they read like words.
CODE = {
    "noopener noreferrer",
    'Bearer realm="values"',
    '<svg class="qr-code" role="img" aria-label="',
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="',
    "by code",  # a key
    "Strategic priority",  # what is kept for a plan that names its first level no other way
    "SET statement_timeout = %s",  # SQL
    # How errors of others are told apart.
    "Exceeds the limit",
    "cannot contain NUL",
    "could not be displayed",
    "database is locked",
}


def sources() -> list[Path]:
    """The Python files of the rooms that speak."""
    found = [ROOT / place for place in SPEAKING]
    files = [f for place in found for f in ([place] if place.is_file() else place.rglob("*.py"))]
    return [file for file in sorted(files) if not name_of(file).startswith(ELSEWHERE)]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def untranslated(template: str) -> list[str]:
    """The words of a template that stand in it as they are."""
    text = TAGS.sub("\0", ASIDE.sub(" ", template))
    head = re.compile(r'<meta name="(?:viewport|robots|color-scheme|theme-color)"[^>]*>')
    text = head.sub("", text)
    said = SAID_BY.findall(text)
    plain = re.sub(r"&#?\w+;", " ", re.sub(r"<[^>]*>", "\0", text))
    return [part.strip() for part in [*said, *plain.split("\0")] if WORD.search(part)]


def literals(node: ast.AST) -> Iterator[ast.Constant]:
    """The strings of a tree that a reader may meet as they are.

    Not those are: docstrings, types, patterns, what goes to the log, arguments of gettext.
    """
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in GETTEXT:
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logger"))):
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="compile")):
            return
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))) if name in UNHEARD:
            return
        case ast.Expr(value=ast.Constant()) | ast.arg():
            return
        case ast.AnnAssign(value=value):
            if value is not None:
                yield from literals(value)
            return
        case ast.Constant(value=str()):
            yield node
    for child in ast.iter_child_nodes(node):
        yield from literals(child)


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_no_template_speaks_untranslated(template: Path) -> None:
    assert untranslated(template.read_text()) == []


@pytest.mark.parametrize("source", sources(), ids=name_of)
def test_no_page_speaks_untranslated(source: Path) -> None:
    spoken = [
        f"{literal.lineno}: {literal.value!r}"
        for literal in literals(ast.parse(source.read_text()))
        if TWO_WORDS.search(str(literal.value)) and literal.value not in CODE
    ]
    assert spoken == []


@pytest.mark.parametrize("floor", ["accounts", "dashboards", "itaportal", "priorities"])
def test_whatever_is_translated_stands_there_whole(floor: str) -> None:
    """A text that is put together first is found in no catalog."""
    broken = [
        f"{name_of(path)}:{call.lineno}"
        for path in sorted((ROOT / floor).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in GETTEXT
        and not isinstance(call.args[0], ast.Constant)
    ]
    assert broken == []


@pytest.mark.parametrize("floor", ["accounts", "dashboards", "itaportal", "priorities"])
def test_gettext_goes_by_a_name_that_is_looked_for(floor: str) -> None:
    """Under another name it translates, but what it is given is found in no catalog."""
    renamed = []
    for path in sorted((ROOT / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.alias(name=name, asname=str(other)) if name in GETTEXT:
                    renamed += [f"{name_of(path)}: {other}"] * (other not in GETTEXT)
                case ast.Assign(value=ast.Name(id=name)) if name in GETTEXT:
                    renamed.append(f"{name_of(path)}:{node.lineno}")
    assert renamed == []


def test_the_search_finds_what_it_looks_for() -> None:
    template = '{% load i18n %}<p title="So it is">{% translate "Yes" %} and {{ no }}</p>'
    assert untranslated(template) == ["So it is", "and"]
    found = literals(ast.parse('"""A docstring."""\nx = _("Two words") + f"Three more {x}"'))
    assert [literal.value for literal in found] == ["Three more "]
    unheard = 'log.error("Two words")\nre.compile("two words")\nraise ValueError("Two words")'
    assert list(literals(ast.parse(unheard))) == []
    heard = literals(ast.parse('raise WriteRefused("Two words")'))
    assert [literal.value for literal in heard] == ["Two words"]
