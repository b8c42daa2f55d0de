"""Descriptions that people wrote: Markdown without raw HTML, sanitized."""

from __future__ import annotations

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_TAGS = {"p", "ul", "ol", "li", "em", "strong", "a", "code", "blockquote", "br", "h4", "h5"}
_LEVELS = {f"<{slash}h{n}>": f"<{slash}h4>" for n in (1, 2, 3) for slash in ("", "/")}


@lru_cache(maxsize=2048)
def prose(text: str) -> SafeString:
    """The HTML of a description; its headings stand below those of the page.

    >>> str(prose("Two *steps* <script>x</script>"))
    '<p>Two <em>steps</em> &lt;script&gt;x&lt;/script&gt;</p>'
    """
    if not text.strip():
        return mark_safe("")
    html = _MARKDOWN.render(text)
    for old, new in _LEVELS.items():
        html = html.replace(old, new)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean.strip())  # noqa: S308 - sanitized above
