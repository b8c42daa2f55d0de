"""Form fields for lists, so that nobody has to write JSON."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Digits of a whole number: more than any district has.
LONGEST_NUMBER = 9


class WordsField(forms.CharField):
    """Words between commas, kept as a list; a word given twice counts once."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "vTextField"}))
        kwargs.setdefault("help_text", gettext_lazy("Several are separated by commas."))
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A kept list as it is typed; what was typed stays as it was."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The list that was typed."""
        words = [word.strip() for word in str(value or "").split(",")]
        return list(dict.fromkeys(word for word in words if word))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Is it another list? Blanks between words are not a change."""
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


class NumbersField(WordsField):
    """Whole numbers between commas, kept in order."""

    def to_python(self, value: Any) -> Any:
        """The numbers that were typed."""
        words = super().to_python(value)
        if wrong := [w for w in words if not w.isdecimal() or len(w) > LONGEST_NUMBER]:
            raise ValidationError(
                _("%(word)s is not a number. Write numbers separated by commas: 1, 14."),
                params={"word": wrong[0][:60]},
            )
        return sorted({int(word) for word in words})


class LinksField(WordsField):
    """Links, one a line: the words of the link, a bar, the address."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}))
        kwargs.setdefault(
            "help_text",
            gettext_lazy(
                "One a line: words | https://address. Example: "
                "Project page | https://www.example.org/project"
            ),
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Kept links as they are typed."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"{link['label']} | {link['url']}" for link in value)

    def to_python(self, value: Any) -> Any:
        """The links that were typed."""
        lines = [line.strip() for line in str(value or "").splitlines()]
        return [self._link(line) for line in lines if line]

    def _link(self, line: str) -> dict[str, str]:
        """One link of a line.

        Errors: ``ValidationError`` naming the line.
        """
        label, bar, url = (part.strip() for part in line.rpartition("|"))
        try:
            URLValidator(schemes=["http", "https"])(url)
        except ValidationError:
            bar = ""
        if not (label and bar):
            raise ValidationError(
                _("“%(line)s” is not a link. Write: words | https://address."),
                params={"line": line},
            )
        return {"label": label, "url": url}
