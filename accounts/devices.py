"""A session said in words that its owner recognises."""

BROWSERS = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"), ("Safari/", "Safari")]
SYSTEMS = [
    ("iPhone", "un iPhone"), ("iPad", "un iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "un Mac"),
    ("Linux", "Linux"),
]  # fmt: skip


def device_name(user_agent):
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "Navigateur inconnu")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} sur {system}" if system else browser
