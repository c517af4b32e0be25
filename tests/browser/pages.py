"""The addresses that browser tests and screenshots go through."""

PAGES = [
    "/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/plan-du-site/",
    "/introuvable/",
]
