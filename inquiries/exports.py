"""What a person asked, in words that another tool may read."""

from django.conf import settings
from django.db.models import Prefetch

from .history import CONCERNS_THE_ASKER
from .models import Event, EventKind, Inquiry, Message

TOLD = [*CONCERNS_THE_ASKER, EventKind.ASKED, EventKind.DETAIL_ASKED, EventKind.REPLIED, EventKind.ANSWERED]


def exported(person):
    asked = (
        Inquiry.objects.filter(asker=person)
        .select_related("collectivity", "theme")
        .prefetch_related(
            Prefetch("messages", Message.objects.for_asker().for_thread()),
            Prefetch("events", Event.objects.filter(kind__in=TOLD)),
        )
        .order_by("asked_at", "pk")
    )
    return [_question(inquiry) for inquiry in asked]


def _question(inquiry):
    return {
        "numero": inquiry.number,
        "adresse": f"{settings.SITE_URL}{inquiry.get_absolute_url()}",
        "question": inquiry.subject,
        "etat": inquiry.get_state_display(),
        "posee_le": inquiry.asked_at,
        "canal": inquiry.get_channel_display(),
        "prenom": inquiry.first_name,
        "nom": inquiry.last_name,
        "fonction": inquiry.get_function_display(),
        "adresse_electronique": inquiry.email,
        "telephone": inquiry.phone,
        "collectivite": inquiry.collectivity.name,
        "theme": inquiry.theme.label if inquiry.theme else "",
        "echeance": inquiry.wanted_on,
        "accord_de_publication": inquiry.has_consent,
        "partagee_avec_la_collectivite": inquiry.is_shared,
        "note": inquiry.rating,
        "commentaire_de_la_note": inquiry.rating_comment,
        "messages": [
            {
                "nature": message.get_kind_display(),
                "envoye_le": message.sent_at,
                "texte": message.text,
                "pieces_jointes": [upload.name for upload in message.uploads.all()],
            }
            for message in inquiry.messages.all()
        ],
        "historique": [{"le": event.at, "evenement": event.get_kind_display()} for event in inquiry.events.all()],
    }
