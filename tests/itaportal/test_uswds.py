"""The template pack: what a person hears and sees of a field, and where an error leads them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import html5lib
import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Fieldset, Layout, Row, Submit
from django import forms
from django.template import Context, Template


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As colleagues know it.", max_length=20)
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "First"), ("b", "Second")])
    health = forms.ChoiceField(
        label="Health", choices=[("g", "Good"), ("b", "Bad")], widget=forms.RadioSelect
    )
    days = forms.MultipleChoiceField(
        label="Days", choices=[("1", "One"), ("2", "Two")], widget=forms.CheckboxSelectMultiple
    )
    sure = forms.BooleanField(label="I am sure", help_text="Think twice.")
    upload = forms.FileField(label="File", required=False)
    at = forms.SplitDateTimeField(label="At")
    on = forms.DateField(label="On", widget=forms.SelectDateWidget(years=[2023]))
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("It does not fit together.")


Group = forms.formset_factory(Sample, extra=2)

GOOD = {
    "name": "Ana",
    "kind": "a",
    "health": "g",
    "days": ["1"],
    "sure": "on",
    "at_0": "2023-07-07",
    "at_1": "10:00",
    "on_day": "7",
    "on_month": "7",
    "on_year": "2023",
    "secret": "x",
}


def page(form: Any, source: str = "{{ form|crispy }}", **context: Any) -> Any:
    """The drawn form as a tree; what a browser would have to mend is an error."""
    html = Template("{% load crispy_forms_tags %}" + source).render(
        Context({"form": form, **context})
    )
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(f"<!doctype html><title>x</title><form>{html}</form>")


def one(tree: Any, path: str) -> Any:
    found = tree.findall(f".//{path}")
    assert len(found) == 1, (path, len(found))
    return found[0]


def text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def test_label_and_hint_are_tied_to_the_field() -> None:
    tree = page(Sample())
    field = one(tree, "input[@name='name']")
    assert text(one(tree, "label[@for='id_name']")) == "Name"
    assert field.get("aria-describedby") == "id_name_helptext"
    assert text(one(tree, "*[@id='id_name_helptext']")) == "As colleagues know it."
    assert field.get("class") == "usa-input"
    assert field.get("aria-invalid") is None


def test_what_may_stay_empty_says_so_unless_the_form_says_otherwise() -> None:
    assert text(one(page(Sample()), "label[@for='id_note']")) == "Note (optional)"
    form = Sample()
    form.say_optional = False  # type: ignore[attr-defined]
    assert text(one(page(form), "label[@for='id_note']")) == "Note"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("textarea[@name='note']", "usa-textarea"),
        ("select[@name='kind']", "usa-select"),
        ("select[@name='on_day']", "usa-select"),
        ("input[@name='at_0']", "usa-input"),
        ("input[@name='upload']", "file-input"),
        ("input[@name='sure']", "usa-checkbox__input"),
    ],
)
def test_each_kind_of_field_has_its_look(path: str, name: str) -> None:
    assert one(page(Sample()), path).get("class") == name


def test_a_class_of_the_form_stays() -> None:
    form = Sample()
    form.fields["name"].widget.attrs["class"] = "short"
    field = one(page(form), "input[@name='name']")
    assert field.get("class") == "short usa-input"


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    tree = page(Sample(), "{{ form.health|as_crispy_field }}")
    assert text(one(tree, "fieldset/legend")) == "Health"
    radios = tree.findall(".//input")
    assert [(radio.get("id"), radio.get("class")) for radio in radios] == [
        ("id_health_0", "usa-radio__input"),
        ("id_health_1", "usa-radio__input"),
    ]
    assert text(one(tree, "label[@for='id_health_1']")) == "Bad"


def test_errors_are_told_beside_the_field_and_to_who_listens() -> None:
    tree = page(Sample({}))
    field = one(tree, "input[@name='name']")
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "id_name_helptext id_name_error"
    assert field.get("class") == "usa-input usa-input--error"
    assert text(one(tree, "*[@id='id_name_error']")) == "Error: This field is required."
    group = tree.find(".//div[@id='div_id_health']/fieldset")
    assert group.get("aria-describedby") == "id_health_error"
    radio = one(tree, "input[@id='id_health_0']")
    assert (radio.get("aria-invalid"), radio.get("class")) == (None, "usa-radio__input")


def test_the_summary_leads_to_each_field_and_takes_the_focus() -> None:
    tree = page(Sample({}))
    summary = one(tree, "div[@role='alert']")
    assert (summary.get("tabindex"), summary.get("autofocus")) == ("-1", "")
    links = [(link.get("href"), text(link)) for link in summary.findall(".//a")]
    required = "This field is required."
    assert links == [
        ("#id_name", f"Name: {required}"),
        ("#id_kind", f"Kind: {required}"),
        ("#id_health_0", f"Health: {required}"),
        ("#id_days_0", f"Days: {required}"),
        ("#id_sure", f"I am sure: {required}"),
        ("#id_at_0", f"At: {required}"),
        ("#id_on_day", f"On: {required}"),
    ]
    ids = {element.get("id") for element in tree.iter() if element.get("id")}
    assert {href.removeprefix("#") for href, _words in links} <= ids
    said = [text(line) for line in summary.findall(".//li")]
    assert said[0] == "It does not fit together."
    assert said[-1] == f"Secret: {required}"


def test_a_form_that_was_not_sent_has_no_summary() -> None:
    assert page(Sample()).findall(".//div[@role='alert']") == []


def test_what_was_typed_is_drawn_safely() -> None:
    form = Sample(GOOD | {"name": "<b>Ana & 'x'</b>"})
    assert one(page(form), "input[@name='name']").get("value") == "<b>Ana & 'x'</b>"


def test_a_whole_form_with_a_layout() -> None:
    form = Sample(GOOD)
    form.helper = FormHelper()  # type: ignore[attr-defined]
    form.helper.form_action = "/there/"  # type: ignore[attr-defined]
    form.helper.layout = Layout(  # type: ignore[attr-defined]
        Fieldset("Who", "name", css_class="who"),
        Row(Column("kind"), Column("on")),
        Div("note"),
        Submit("save", "Save it"),
    )
    template = "</form>{% crispy form %}<form>"
    tree = page(form, template, csrf_token="token")
    whole = next(found for found in tree.iter("form") if found.get("action"))
    assert (whole.get("action"), whole.get("method")) == ("/there/", "post")
    assert whole.get("enctype") == "multipart/form-data"
    assert one(whole, "input[@name='csrfmiddlewaretoken']").get("value") == "token"
    assert text(one(whole, "fieldset[@class='usa-fieldset who']/legend")) == "Who"
    button = one(whole, "button")
    assert (button.get("type"), text(button)) == ("submit", "Save it")
    assert text(one(whole, "div[@role='alert']//li")) == "It does not fit together."


def test_a_formset_has_one_summary_of_all_its_forms() -> None:
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0"}
    data |= {f"form-0-{name}": value for name, value in GOOD.items() if isinstance(value, str)}
    tree = page(Group(data, initial=[{"name": "a"}, {"name": "b"}]))
    summary = one(tree, "div[@role='alert']")
    links = [link.get("href") for link in summary.findall(".//a")]
    assert links[0] == "#id_form-0-days_0"
    assert "#id_form-1-name" in links
    assert one(tree, "input[@name='form-TOTAL_FORMS']").get("value") == "2"


def test_the_date_of_a_select_is_read_back() -> None:
    form = Sample(GOOD)
    form.is_valid()
    assert form.cleaned_data["on"] == dt.date(2023, 7, 7)
