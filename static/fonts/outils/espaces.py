"""Ajoute à une police l’espace fine insécable (U+202F) et le trait d’union insécable (U+2011).

Usage : python espaces.py entrée.ttf sortie.ttf  (demande fonttools)
"""

import copy
import sys

from fontTools.ttLib import TTFont

FINE, TRAIT = 0x202F, 0x2011
NOM = "uni202F"

source, cible = sys.argv[1:3]
police = TTFont(source)
for table in ("gvar", "glyf", "hmtx", "avar", "STAT", "GDEF"):  # tout lire avant d’ajouter un glyphe
    if table in police:
        police[table]
if "HVAR" in police:
    del police["HVAR"]  # les chasses se déduisent de gvar

codes = police.getBestCmap()
ordre = police.getGlyphOrder()
if NOM not in ordre:
    police.setGlyphOrder([*ordre, NOM])
    police["glyf"].glyphs[NOM] = copy.deepcopy(police["glyf"].glyphs[codes[0x20]])
    police["glyf"].glyphOrder = police.getGlyphOrder()
    police["hmtx"].metrics[NOM] = (round(police["head"].unitsPerEm * 0.17), 0)
    if "gvar" in police:
        police["gvar"].variations[NOM] = []
for sous_table in police["cmap"].tables:
    if sous_table.isUnicode():
        sous_table.cmap[FINE] = NOM
        sous_table.cmap[TRAIT] = codes[0x2D]
police.save(cible)
