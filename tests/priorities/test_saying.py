"""What is said, in the reader's language."""

from __future__ import annotations

from django.utils import translation

from priorities.saying import gettext, language, one_language


def test_a_phrase_is_said_in_the_language_that_is_active() -> None:
    with translation.override("es"):
        assert language() == "es"
        assert gettext("Yes") == "Sí"
    with translation.override("en"):
        assert gettext("Yes") == "Yes"


def test_a_page_is_said_in_the_language_it_began_with() -> None:
    with translation.override("es"), one_language(), translation.override("en"):
        assert gettext("Yes") == "Sí"
    assert language() == "en"
