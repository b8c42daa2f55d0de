"""What is asked of whoever imports a file, or makes a token."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities.enums import ImportKind
from priorities.interchange.columns import COLUMNS, likely
from priorities.interchange.importing import incoming
from priorities.interchange.tabular import (
    MOST_BYTES,
    FileRefused,
    Table,
    read,
    too_large,
)
from priorities.models import Metric

DECIMAL_MARKS = (
    ("", gettext_lazy("As the file itself tells (1,234.5 where it does not)")),
    (".", gettext_lazy("1,234.5: a point before the decimals")),
    (",", gettext_lazy("1.234,5: a comma before the decimals")),
)


class UploadForm(forms.Form):
    """One file, and how its numbers are written."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or Excel (.xlsx), up to 10 MB and 50,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv"}),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    decimal_mark = forms.ChoiceField(
        label=gettext_lazy("Numbers are written as"), choices=DECIMAL_MARKS, required=False
    )

    table: Table
    content: bytes

    def clean_file(self) -> UploadedFile:
        """The file, read as a table. A file beyond the bound is not read into memory."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(too_large(file.size))
        self.content = file.read()
        try:
            self.table = read(self.content, file.name or "")
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        if len(self.table.rows) < 2:
            raise forms.ValidationError(
                _("The file has a row of headers and nothing below it. Fill in at least one row.")
            )
        return file


#: The choice for a column that is not read.
LEAVE_OUT = "-"


class ColumnsForm(forms.Form):
    """What each column of a file means: a choice for each header."""

    def __init__(self, kind: ImportKind, table: Table, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        known = incoming(kind, table).mapping
        columns = [column for column in COLUMNS[kind] if not column.shown_only]
        choices = [(LEAVE_OUT, _("Leave out"))]
        choices += [(column.name, f"{column.words} ({column.name})") for column in columns]
        taken = set(known.values())
        for at, header in enumerate(table.headers):
            samples = [row[at] for row in table.rows[1:] if row[at]][:3]
            guess = known.get(at) or likely(header, columns)
            if at not in known and guess in taken:
                guess = ""
            taken.add(guess)
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=header or _("Column %(number)s, without a header") % {"number": at + 1},
                help_text=_("Such as %(samples)s") % {"samples": ", ".join(s[:40] for s in samples)}
                if samples
                else _("Empty"),
                choices=choices,
                initial=guess or LEAVE_OUT,
                error_messages={"required": _("Say what this column holds, or leave it out.")},
            )

    def clean(self) -> dict[str, Any]:
        """Each column once, and those that are needed."""
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for field, name in list(cleaned.items()):
            if name == LEAVE_OUT:
                continue
            if name in seen:
                label = str(self.fields[seen[name]].label)
                message = _("This is chosen for “%(other)s” already.") % {"other": label}
                self.add_error(field, message)
            seen.setdefault(name, field)
        needed = [c for c in COLUMNS[self.kind] if c.required and c.name not in seen]
        if needed:
            words = ", ".join(str(column.words) for column in needed)
            message = _("Say which column holds: %(columns)s.") % {"columns": words}
            raise forms.ValidationError(message)
        return cleaned

    @property
    def mapping(self) -> dict[str, str]:
        """The number of each used column, and what it means."""
        return {
            field.removeprefix("column-"): name for field, name in self.cleaned_data.items() if name
        }


class TokenForm(forms.Form):
    """A token: who sends with it, what, and until when."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("Which system sends, such as “Call center”. The log shows it."),
    )
    metrics = forms.ModelMultipleChoiceField(
        Metric.objects.none(),
        label=gettext_lazy("For these metrics"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one metric.")},
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Works until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("At most two years from now."),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        metrics = self.fields["metrics"]
        metrics.queryset = Metric.objects.filter(retired_on__isnull=True)  # type: ignore[attr-defined]
        self.fields["expires_on"].initial = today + dt.timedelta(days=365)

    def clean_expires_on(self) -> dt.date:
        """A day to come, and not too far."""
        day: dt.date = self.cleaned_data["expires_on"]
        if not self.today <= day <= self.today + dt.timedelta(days=731):
            raise forms.ValidationError(_("Choose a day from today to two years from now."))
        return day
