from django import template
from django.template.defaultfilters import stringfilter
from django.utils.safestring import SafeString

from typography import french

register = template.Library()


@register.filter(is_safe=True)
@stringfilter
def typo(text):
    """French typography for stored text: {{ experience.title|typo }}; never for what a visitor typed."""
    return french.typo_html(text) if isinstance(text, SafeString) else french.typo(text)


@register.filter(is_safe=True)
@stringfilter
def sentence(text):
    """What curators write with or without its full stop: {{ lesson|typo|sentence }}."""
    return french.sentence(text)


@register.filter(is_safe=True)
@stringfilter
def of(word):
    """Le rôle {{ role|lower|of }} : d’initiateur, de régulateur."""
    return french.of(word)


@register.filter
def number(value, digits=None):
    """A number as the French write it: {{ 12000|number }}, {{ 1.5|number:2 }}; what is not a number gives nothing."""
    return "" if value is None or value == "" else french.number(value, digits)
