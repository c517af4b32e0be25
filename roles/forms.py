from django import forms

from .models import DONT_KNOW

CHOOSE = "Choisissez une réponse, ou «\u00a0Je ne sais pas\u00a0»."


class AnswerForm(forms.Form):
    def __init__(self, *args, question, **kwargs):
        super().__init__(*args, **kwargs)
        options = [(option.key, option.text) for option in question.options.all()]
        self.fields["reponse"] = forms.ChoiceField(
            label="Votre réponse",
            choices=[*options, (DONT_KNOW, "Je ne sais pas")],
            widget=forms.RadioSelect,
            error_messages={"required": CHOOSE, "invalid_choice": f"Cette réponse n’est pas proposée ici. {CHOOSE}"},
        )
