"""Ouvre le zéro barré d’Atkinson Hyperlegible Next en zéro simple, plus calme dans les dates.

Les points existants sont réordonnés : les deux demi-contreformes n’en font plus qu’une,
et les écarts de variation (gvar) suivent. Usage : python zero.py entrée.ttf sortie.ttf
"""

import sys

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates
from fontTools.varLib.iup import iup_delta

source, cible = sys.argv[1:3]
police = TTFont(source)
variations = police["gvar"].variations if "gvar" in police else {}

nom = "zero"
glyphe = police["glyf"][nom]
if glyphe.isComposite() or glyphe.numberOfContours != 3:
    sys.exit("Le zéro n’a pas la forme attendue : rien n’est changé.")
points, drapeaux = list(glyphe.coordinates), list(glyphe.flags)
fins = list(glyphe.endPtsOfContours)
n = len(points)


def depuis_la_barre(contour):
    """Fait commencer la contreforme juste après son plus long segment droit : la barre."""

    def longueur(i):
        a, b = contour[i], contour[(i + 1) % len(contour)]
        if not (drapeaux[a] & 1 and drapeaux[b] & 1):
            return -1
        return (points[a][0] - points[b][0]) ** 2 + (points[a][1] - points[b][1]) ** 2

    i = max(range(len(contour)), key=longueur)
    return contour[i + 1 :] + contour[: i + 1]


premiere = list(range(fins[0] + 1, fins[1] + 1))
seconde = list(range(fins[1] + 1, n))
ordre = list(range(fins[0] + 1)) + depuis_la_barre(premiere) + depuis_la_barre(seconde)

fantomes = [(0, 0), (police["hmtx"][nom][0], 0), (0, 0), (0, 0)]
for variation in variations.get(nom, []):
    ecarts = variation.coordinates
    if any(ecart is None for ecart in ecarts):
        ecarts = iup_delta(list(ecarts), points + fantomes, fins)
    variation.coordinates = [ecarts[i] for i in ordre] + list(ecarts[n:])
glyphe.coordinates = GlyphCoordinates([points[i] for i in ordre])
glyphe.flags = bytearray(drapeaux[i] for i in ordre)
glyphe.endPtsOfContours = [fins[0], n - 1]
glyphe.numberOfContours = 2
police.save(cible)
