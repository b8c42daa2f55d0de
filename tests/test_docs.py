"""The documentation is held against the tree: what it names exists, and what exists is named."""

import itertools
import re
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
#: Places that the documentation names and that only exist once something ran.
MADE = ("var/", ".venv", "staticfiles/", "node_modules")
#: Places that are named as not built yet; docs/architecture.md says so.
NOT_BUILT: tuple[str, ...] = ()


@lru_cache
def tracked() -> tuple[Path, ...]:
    """Every file of the tree that is kept, or would be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = sorted({name for name in done.stdout.split("\0") if name})
    return tuple(path for name in names if (path := ROOT / name).is_file())


def pages() -> list[Path]:
    """The documentation: each Markdown file that is ours."""
    return [path for path in tracked() if path.suffix == ".md" and "static" not in path.parts]


EACH_PAGE = pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))


def heading_names(page: Path) -> set[str]:
    """What a link may point at within a page, as GitHub spells it."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {name.replace(" ", "-") for name in plain}


# ── What is named exists ─────────────────────────────────────────────────────────────────────


@EACH_PAGE
def test_each_link_and_picture_is_there(page: Path) -> None:
    missing = []
    for link in LINK.findall(FENCE.sub("", page.read_text())):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        known = target.is_relative_to(ROOT) and target.exists()
        if not known or (heading and heading not in heading_names(target)):
            missing.append(link)
    assert missing == []


def named_paths(text: str) -> Iterator[str]:
    """What stands in backticks and reads as a path of this tree."""
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}
    for code in CODE.findall(text):
        first = code.split("/")[0]
        if "/" in code and first in tops and not re.search(r"[\s<*…]", code):
            yield code


@EACH_PAGE
def test_each_named_file_is_there(page: Path) -> None:
    named = [
        path
        for path in named_paths(FENCE.sub("", page.read_text()))
        if not path.startswith(MADE) and path not in NOT_BUILT
    ]
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_what_is_said_to_be_missing_is_missing() -> None:
    assert [name for name in NOT_BUILT if (ROOT / name).exists()] == []


def verbs() -> set[str]:
    """What `make` can be asked for."""
    makefile = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))


@EACH_PAGE
def test_each_named_verb_is_in_the_makefile(page: Path) -> None:
    text = page.read_text()
    commands = [*CODE.findall(FENCE.sub("", text)), *"".join(FENCE.findall(text)).splitlines()]
    assignments = r"(?:[A-Z_]+=\S+ )*"
    named = {
        found[1]
        for command in commands
        if (found := re.match(rf"\s*{assignments}make ([a-z-]+)", command))
    }
    assert named <= verbs()


# ── What exists is named ─────────────────────────────────────────────────────────────────────


def sections(page: Path, level: str) -> dict[str, str]:
    """The text under each heading of a level whose title begins with code."""
    parts = re.split(rf"^{level} `([^`]+)`.*$", page.read_text(), flags=re.MULTILINE)
    following = [re.split(r"^#", text, maxsplit=1, flags=re.MULTILINE)[0] for text in parts[2::2]]
    return dict(zip(parts[1::2], (text.strip() for text in following), strict=True))


def explained() -> dict[str, str]:
    """Each setting and command that docs/reference.md has a heading for, with what it says."""
    return sections(DOCS / "reference.md", "###")


def test_each_setting_has_a_heading_that_says_something() -> None:
    example = (ROOT / ".env.example").read_text()
    variables = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    told = {name: text for name, text in explained().items() if name.isupper()}
    assert set(told) == variables
    assert [name for name, text in told.items() if len(text) < 20] == []


def test_each_command_has_a_heading_and_each_of_its_options_is_named() -> None:
    files = ROOT.glob("*/management/commands/*.py")
    commands = {path.stem: path for path in files if path.stem != "__init__"}
    told = {
        name.removeprefix("manage.py "): text
        for name, text in explained().items()
        if name.startswith("manage.py ")
    }
    assert set(told) == set(commands)
    for name, path in commands.items():
        options = re.findall(r'add_argument\(\s*"(--[a-z-]+)"', path.read_text())
        assert [option for option in options if option not in told[name]] == []


def test_each_verb_is_explained() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text()
    assert [verb for verb in sorted(verbs() - {"help"}) if f"| `make {verb}` |" not in table] == []


def test_each_room_is_on_the_map() -> None:
    """Every package of the four floors stands in docs/architecture.md."""
    told = (DOCS / "architecture.md").read_text()
    rooms = {
        f"{path.parent.relative_to(ROOT)}/"
        for floor in ("priorities", "dashboards", "itaportal", "accounts")
        for path in (ROOT / floor).glob("**/__init__.py")
    }
    inner = {"priorities/management/", "itaportal/management/", "accounts/migrations/"}
    assert [room for room in sorted(rooms - inner) if room not in told] == []


def test_each_page_is_in_the_index() -> None:
    index = DOCS / "README.md"
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in LINK.findall(index.read_text())}
    assert [page.name for page in sorted(DOCS.glob("*.md")) if page not in {*linked, index}] == []


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    decisions = sorted(path for path in (DOCS / "adr").glob("*.md") if path.name != "README.md")
    index = (DOCS / "adr" / "README.md").read_text()
    for number, decision in enumerate(decisions, start=1):
        text = decision.read_text()
        title = text.splitlines()[0].removeprefix(f"# {number}. ")
        assert decision.name.startswith(f"{number:04}-")
        assert f"| {number} | [{title}]({decision.name}) |" in index
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        wanted = ["Context", "Decision", "Consequences", "What would change our mind"]
        assert (decision.name, headings) == (decision.name, wanted)
        assert len(text.splitlines()) <= 60, "A decision takes a page."


def test_each_decision_that_the_code_names_exists() -> None:
    named = {
        int(number)
        for path in tracked()
        if path.suffix in (".py", ".md", ".html", ".toml")
        for number in re.findall(r"\bADR (\d+)\b", path.read_text())
    }
    assert [number for number in named if not list((DOCS / "adr").glob(f"{number:04}-*.md"))] == []


# ── What is said is so ───────────────────────────────────────────────────────────────────────


def test_the_demonstration_is_as_the_readme_says() -> None:
    from priorities.demo.dataset import read_dataset
    from priorities.demo.loader import PASSWORD

    readme = (ROOT / "README.md").read_text()
    accounts = {person.email for person in read_dataset().people if person.signs_in}
    assert f"`{PASSWORD}`" in readme
    assert set(re.findall(r"^\| `([^`]+@[^`]+)` \|", readme, re.MULTILINE)) == accounts


#: The packages that decision 12 speaks of, as the code imports them.
CHOSEN = {
    "django-filter": "django_filters",
    "django-crispy-forms": "crispy_forms",
    "rules": "rules",
    "django-allauth": "allauth",
    "django-htmx": "django_htmx",
    "django-template-partials": "template_partials",
    "django-ninja": "ninja",
    "schemathesis": "schemathesis",
    "typst": "typst",
    "XlsxWriter": "xlsxwriter",
    "python-calamine": "python_calamine",
    "icalendar": "icalendar",
    "lxml": "lxml",
}


def test_the_libraries_are_used_as_decision_12_says() -> None:
    text = (DOCS / "adr" / "0012-libraries-not-used-yet.md").read_text()
    pinned = re.findall(r'^    "([A-Za-z0-9-]+)', (ROOT / "pyproject.toml").read_text(), re.M)
    imports = "\n".join(path.read_text() for path in tracked() if path.suffix == ".py")
    said = {}
    for names, state in re.findall(r"^\| ([^|]+) \| ([^|]+) \|", text, re.MULTILINE)[1:]:
        said |= dict.fromkeys(names.split(", "), state.split(",")[0].split(" by ")[0])
    found = {
        package: "used"
        if re.search(rf"^\s*(?:from|import) {module}\b", imports, re.MULTILINE)
        else "installed"
        if package in pinned
        else "not installed"
        for package, module in CHOSEN.items()
    }
    assert {name: state for name, state in said.items() if name in CHOSEN} == found


def test_the_licence_lets_anyone_use_change_and_share_it() -> None:
    licence = (ROOT / "LICENSE").read_text()
    assert licence.startswith("MIT License")
    assert "to use, copy, modify, merge, publish, distribute" in " ".join(licence.split())
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text()


#: Hosts that packages come from, and folders of one machine. Written so as not to name them here.
HOSTS = [
    rf"{name}\.(?:org|com)"
    for name in ("py" + "pi", "python" + "hosted", "npm" + "js", "deb" + "ian")
]
FOLDERS = [f"/{name}/" for name in ("work", "root", "home", "Users")]


def test_no_file_names_a_package_host_or_a_folder_of_one_machine() -> None:
    # A folder at the root, not one of that name further down or in an address.
    rooted = rf"(?<![\w.}}*-])(?:{'|'.join(FOLDERS)})"
    forbidden = re.compile("|".join([*HOSTS, rooted]))
    named = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        named += [f"{path.relative_to(ROOT)}: {found[0]}" for found in forbidden.finditer(text)]
    assert named == []


def test_the_first_screen_of_the_readme_holds_the_essentials() -> None:
    """What it is, a picture, the two commands, the floors: before the first heading below."""
    first, _ = re.split(r"^## ", (ROOT / "README.md").read_text(), maxsplit=1, flags=re.MULTILINE)
    floors = [f"\n{floor}/" for floor in ("itaportal", "dashboards", "priorities", "accounts")]
    wanted = ["![", "\nmake demo", "\nmake test", *floors]
    places = [first.find(each) for each in wanted]
    assert -1 not in places
    assert all(before < after for before, after in itertools.pairwise(places))
