"""The addresses that browser tests and screenshots go through."""

PAGES = [
    "/",
    "/experiences/",
    "/experiences/?theme=eau-environnement&page=2",
    "/experiences/?q=introuvable",
    "/experiences/lons-le-saunier-restauration-municipale/",
    "/experiences/cottance-cafe-multiservice/",
    "/experiences/centrales-villageoises/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/plan-du-site/",
    "/_courriels/",
    "/connexion/",
    "/connexion/mot-de-passe/",
    "/introuvable/",
]
