import pytest

from checks.variables import check

SETTINGS = 'DEBUG = env.bool("DEBUG", default=False)\nPHONE = typed(env.str("DESK_PHONE", default=""))\n'
EXAMPLE = "# Of everything.\n\n# On one's own machine only.\nDEBUG=false\n# Who to call.\nDESK_PHONE=\n"


@pytest.mark.parametrize(
    ("settings", "example", "problems"),
    [
        (SETTINGS, EXAMPLE, []),
        (SETTINGS + 'env.required("SITE_URL")', EXAMPLE, [".env.example: SITE_URL has no line"]),
        (SETTINGS, EXAMPLE + "OLD=1\n", [".env.example:7: config/settings.py does not read OLD"]),
        (
            SETTINGS,
            EXAMPLE.replace("# On", "\n# On").replace("only.\n", "only.\n\n"),
            [".env.example:6: no comment above explains DEBUG"],
        ),
    ],
    ids=["as it should be", "unwritten", "forgotten", "unexplained"],
)
def test_settings_and_example_name_the_same_variables(tree, settings, example, problems):
    assert check(tree({"config/settings.py": settings, ".env.example": example})) == problems
