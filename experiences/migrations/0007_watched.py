from django.db import migrations

from search.versions import Watch

SHOWN = [
    "experiences_condition",
    "experiences_difficulty",
    "experiences_experience",
    "experiences_experience_policy_issues",
    "experiences_filedtheme",
    "experiences_illustration",
    "experiences_image",
    "experiences_legalform",
    "experiences_location",
    "experiences_moneyline",
    "experiences_policyissue",
    "experiences_quote",
    "experiences_result",
    "experiences_roleheld",
    "experiences_roleheld_collectivities",
    "experiences_source",
    "experiences_step",
    "experiences_theme",
    "experiences_video",
]


class Migration(migrations.Migration):
    dependencies = [
        ("experiences", "0007_keywords"),
        ("search", "0001_documents"),
    ]

    operations = [Watch(SHOWN)]
