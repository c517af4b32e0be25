"""The bricks that every page uses: icons and the breadcrumb."""

from functools import lru_cache
from itertools import zip_longest

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()


kept_parts: dict[tuple[str, str, bool, bool], str] = {}


@register.simple_tag(takes_context=True)
def kept_part(context, name, is_told_more=False):
    """Include a template that says the same on all the pages of a view to all who are signed in, and to all others.

    `is_told_more`: whether this reader is one of those to whom it says something more.

    It is laid out once for each view: a third of the work of a light page went in the header and the footer.
    """
    request = context.get("request")
    match = request and request.resolver_match
    key = None
    if match and not settings.DEBUG:
        key = (name, match.view_name, context["user"].is_authenticated, bool(is_told_more))
    if key not in kept_parts:
        with context.push():
            content = context.template.engine.get_template(name).render(context)
        if key is None:
            return content
        kept_parts[key] = content
    return kept_parts[key]


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name, size=""):
    """A decorative drawing of static/icons/sprite.svg (its meaning is in the text beside it); `size`: "l" or "xl"."""
    css = f"icon icon--{size}" if size else "icon"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=500, typed=True)  # a text known to be safe equals the same one that is not
def breadcrumb(*steps):
    """The way from the home page: label, address, label, address… and at last the label of the page itself."""
    return get_template("_breadcrumb.html").render({"steps": list(zip_longest(steps[::2], steps[1::2]))})


@register.inclusion_tag("_pagination.html", takes_context=True)
def pagination(context, page, query=None, anchor=""):
    """Links to the pages of a list, the far ones left out; `query`: the other parameters to keep, else all of them.

    `anchor`: where the list begins in its page, when it is not at the top.
    """
    return {
        "page": page,
        "numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
        "query": context["request"].GET if query is None else query,
        "anchor": anchor,
    }
