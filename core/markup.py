"""Text that people write with a few marks of Markdown, as HTML that can do nothing but be read.

No HTML of the writer's own, no pictures (they would call other servers), no headings (the page has its own
order of them). markdown-it makes the tags, nh3 lets through only those listed here.
"""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_MARKS = (
    "emphasis strikethrough backticks escape entity autolink link newline "
    "linkify list blockquote fence balance_pairs fragments_join"
)
_markdown = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": True}).enable(_MARKS.split())
# Only whole addresses become links: «д.1» and «план.doc» are no places on the web.
_markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # type: ignore[union-attr]
_TAGS = {"p", "br", "em", "strong", "s", "code", "pre", "ul", "ol", "li", "blockquote", "a"}
_SCHEMES = {"http", "https", "mailto"}


def rendered(text: str) -> SafeString:
    """The text as safe HTML; links open nothing but http, https and mail, and pass on neither page nor vote."""
    html = _markdown.render(text)
    return mark_safe(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}, "ol": {"start"}},
            url_schemes=_SCHEMES,
            link_rel="nofollow noopener noreferrer ugc",
        )
    )
