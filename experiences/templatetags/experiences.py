from django import template
from django.utils.html import format_html

from design.templatetags.design import icon
from experiences.models import Experience
from territories import geometry

register = template.Library()

# Thirteen themes, five tints: decoration of the vignette, never the only sign of a theme.
TINTS = {
    "alimentation-agriculture": "agri",
    "eau-environnement": "agri",
    "emploi-insertion": "eco",
    "artisanat-industrie": "eco",
    "economie-circulaire": "eco",
    "finance-solidaire": "eco",
    "energie": "energie",
    "mobilite": "energie",
    "services-petite-enfance": "services",
    "numerique-tiers-lieux": "services",
    "habitat-foncier": "services",
    "culture-patrimoine": "culture",
    "tourisme": "culture",
}


@register.inclusion_tag("experiences/_place.html")
def place(experience, wide=False):
    """The vignette of an experience: its département on contour lines, tinted by theme. Decorative."""
    departement = next(iter(experience.departements), None)
    theme = experience.main_theme
    return {
        "code": departement.code if departement else "",
        "outline": geometry.silhouette(departement.code) if departement else "",
        "tint": TINTS.get(theme.key, "") if theme else "",
        "wide": wide,
    }


@register.simple_tag
def heading(key, text):
    """The title of a part of a sheet, with the link to share that part: {% heading "etapes" "Étape par étape" %}."""
    return format_html(
        '<div class="heading"><h2 id="{0}">{1}</h2><a class="anchor" href="#{0}">{2}'
        '<span class="visually-hidden">Lien vers cette partie\u00a0: {1}</span></a></div>',
        key,
        text,
        icon("lien"),
    )


@register.simple_tag
def public_sheet(slug):
    """For pages that know a sheet by its slug alone: the sheet, when everybody may read it."""
    return Experience.objects.public().filter(slug=slug).only("slug").first() if slug else None
