"""What can be found, whatever the app it comes from: one row for each public item, kept beside it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from pgvector.django import HnswIndex, VectorField

from .meaning import DIMENSIONS
from .words import LONGEST_EXPRESSION, tokens


class Version(models.Model):
    """A number that changes with every change of what it names, at the moment when the change becomes visible."""

    name = models.CharField("nom", max_length=20, primary_key=True)
    number = models.BigIntegerField("numéro")

    class Meta:
        verbose_name = "version"
        verbose_name_plural = "versions"

    def __str__(self):
        return f"{self.name} {self.number}"


class Document(models.Model):
    """A public item as it is found and shown in lists; written by `indexing` alone, from what the apps register."""

    kind = models.CharField("genre", max_length=20)
    key = models.CharField("clé", max_length=40)
    address = models.CharField("adresse", max_length=200)
    title = models.TextField("titre")
    extract = models.TextField("résumé", blank=True)
    near = models.TextField("autres mots", blank=True, db_default="")
    text = models.TextField("texte", blank=True)
    is_listed = models.BooleanField("dans les listes")
    facets = ArrayField(models.TextField(), verbose_name="filtres", default=list)
    card = models.JSONField("carte", default=dict)
    heading = SearchVectorField("mots du titre et du résumé")
    words = SearchVectorField("tous les mots")
    meaning = models.TextField("texte dont on retient le sens", blank=True)
    vector = VectorField(
        "sens", dimensions=DIMENSIONS, null=True, blank=True, help_text="Vide tant qu’un travail ne l’a pas calculé."
    )
    prominence = models.SmallIntegerField("mise en avant", default=0)
    published_on = models.DateField("publié le", null=True, blank=True)
    started_year = models.SmallIntegerField("début", null=True, blank=True)
    checked_on = models.DateField("relu le", null=True, blank=True)

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documents"
        ordering = [F("prominence").desc(), F("published_on").desc(nulls_last=True), "address"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_document_for_each_item")]
        indexes = [
            GinIndex("heading", name="document_heading"),
            GinIndex("words", name="document_words"),
            GinIndex("facets", name="document_facets"),
            HnswIndex(name="document_vector", fields=["vector"], opclasses=["vector_cosine_ops"]),
        ]

    def __str__(self):
        return self.title


class Word(models.Model):
    """A word of the documents, as their authors write it: what slips of the keyboard are mended with."""

    plain = models.CharField("sans accent", max_length=60, primary_key=True)
    shown = models.CharField("mot", max_length=60)
    stem = models.CharField("radical", max_length=60, db_index=True)
    documents = models.IntegerField("documents")

    class Meta:
        verbose_name = "mot"
        verbose_name_plural = "mots"
        indexes = [GinIndex(OpClass("plain", name="gin_trgm_ops"), name="word_alike")]

    def __str__(self):
        return self.shown


class Synonym(models.Model):
    """Expressions that mean the same to who searches: one found for another."""

    expressions = ArrayField(
        models.CharField(max_length=100),
        verbose_name="expressions",
        help_text="Qui cherche l’une trouve aussi les autres.",
    )

    class Meta:
        verbose_name = "synonymes"
        verbose_name_plural = "synonymes"

    def __str__(self):
        return ", ".join(self.expressions)

    def clean(self):
        """Each expression has words to be found by, few enough, and there are at least two of them."""
        words = [[token.word for token in tokens(text) if not token.is_empty] for text in self.expressions or []]
        for text, said in zip(self.expressions or [], words, strict=True):
            if not said:
                raise ValidationError({"expressions": f"«\u00a0{text}\u00a0» ne contient aucun mot à chercher."})
            if len(said) > LONGEST_EXPRESSION:
                sentence = f"«\u00a0{text}\u00a0» est trop longue\u00a0: {LONGEST_EXPRESSION} mots au plus."
                raise ValidationError({"expressions": sentence})
        if len({tuple(said) for said in words}) < 2:
            raise ValidationError({"expressions": "Donnez au moins deux expressions différentes."})


class MissedSearch(models.Model):
    """How many times in a day a search found nothing with all its words: which words, never by whom."""

    words = models.CharField("mots", max_length=200)
    day = models.DateField("jour")
    count = models.PositiveIntegerField("fois")

    class Meta:
        verbose_name = "recherche sans résultat"
        verbose_name_plural = "recherches sans résultat"
        ordering = ["-day", "-count", "words"]
        constraints = [models.UniqueConstraint(fields=["words", "day"], name="one_row_for_each_search_and_day")]
        indexes = [models.Index(fields=["day"], name="missed_search_by_day")]

    def __str__(self):
        return self.words


class HeldWord(models.Model):
    """The digest of a search with a word that no document has, and a day when it was typed; held back until three."""

    digest = models.CharField("empreinte", max_length=64)
    day = models.DateField("jour")

    class Meta:
        verbose_name = "mot en attente"
        verbose_name_plural = "mots en attente"
        constraints = [models.UniqueConstraint(fields=["digest", "day"], name="one_row_for_each_word_and_day")]
        indexes = [models.Index(fields=["day"], name="held_word_by_day")]

    def __str__(self):
        return self.digest
