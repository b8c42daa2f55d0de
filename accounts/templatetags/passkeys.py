"""What a passkey ceremony needs, put into an attribute: `{% load passkeys %}`."""

from __future__ import annotations

import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """The value as JSON, for a data attribute; the template escapes it."""
    return json.dumps(value)
