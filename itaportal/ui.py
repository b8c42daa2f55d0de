"""Template components, as inclusion tags with keyword-only arguments: `{% load ui %}`."""

from django import template

register = template.Library()
