"""A form with every kind of field, for the page of components: nothing is done with what is typed."""

from django import forms

THEMES = [("", "Choisir"), ("energie", "Énergie"), ("mobilite", "Mobilité")]
PHASES = [("emergence", "Émergence"), ("developpement", "Développement"), ("echelle", "Passage à l’échelle")]


class SampleForm(forms.Form):
    summary = forms.CharField(
        label="En une phrase",
        help_text="Comme vous la poseriez au téléphone.",
        error_messages={"required": "Écrivez votre question en une phrase."},
    )
    detail = forms.CharField(label="Le contexte utile", required=False, widget=forms.Textarea)
    theme = forms.ChoiceField(label="Thème", choices=THEMES, error_messages={"required": "Choisissez un thème."})
    phase = forms.ChoiceField(
        label="Phase du projet",
        choices=PHASES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une phase."},
    )
    channels = forms.MultipleChoiceField(
        label="Comment vous répondre",
        help_text="Plusieurs réponses sont possibles.",
        required=False,
        choices=[("courriel", "Par courriel"), ("telephone", "Par téléphone")],
        widget=forms.CheckboxSelectMultiple,
    )
    deadline = forms.DateField(label="Échéance", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    document = forms.FileField(label="Document", required=False, help_text="PDF, ODT ou DOCX, 10\u00a0Mo au plus.")
    consent = forms.BooleanField(
        label="J’accepte que la réponse soit publiée pour aider d’autres collectivités.",
        error_messages={"required": "Cochez cette case pour continuer."},
    )
