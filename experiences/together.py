"""Objects and all that belongs to each, in one statement: what a page of many blocks costs is its round trips."""

import json
from decimal import Decimal

from django.db import connections
from django.db.models import Prefetch
from django.db.models.query import get_related_populators


def fetch(*wanted):
    """For each pair of a queryset and keys, its objects with these keys, with all that it selects and prefetches.

    A relation between many and many is only for one key: its rows do not say to whom they belong.
    """
    asked = [(queryset, keys) for queryset, keys in wanted if keys]
    tops = [queryset.prefetch_related(None).filter(pk__in=keys) for queryset, keys in asked]
    blocks = [
        _block(lookup, queryset.model, keys)
        for queryset, keys in asked
        for lookup in queryset._prefetch_related_lookups
    ]
    rows = iter(_rows([*tops, *blocks]))
    found = [next(rows) for _ in asked]
    for (queryset, _keys), objects in zip(asked, found, strict=True):
        for lookup in queryset._prefetch_related_lookups:
            _give(objects, _name(lookup), next(rows))
    remaining = iter(found)
    return [next(remaining) if keys else [] for _queryset, keys in wanted]


def _name(lookup):
    return lookup.prefetch_to if isinstance(lookup, Prefetch) else lookup


def _block(lookup, model, keys):
    """The rows of this relation for these keys."""
    relation = model._meta.get_field(_name(lookup))
    asked = lookup.queryset if isinstance(lookup, Prefetch) else None
    rows = relation.related_model.objects.all() if asked is None else asked
    return rows.filter(**{f"{relation.remote_field.name}__in": keys})


def _give(objects, name, rows):
    """Have each object hold its own rows, as prefetch_related does."""
    for instance in objects:
        relation = instance._meta.get_field(name)
        theirs = getattr(relation.remote_field, "attname", None)
        manager = getattr(instance, name)
        held = manager.all()
        held._result_cache = [row for row in rows if theirs is None or getattr(row, theirs) == instance.pk]
        held._prefetch_done = True
        vars(instance).setdefault("_prefetched_objects_cache", {})[name] = held


def _rows(querysets):
    """The instances of each queryset."""
    if not querysets:
        return []
    connection = connections[querysets[0].db]
    compilers = [queryset.query.get_compiler(connection=connection) for queryset in querysets]
    selects, params = [], []
    for compiler in compilers:
        sql, its_params = compiler.as_sql()
        names = ", ".join(f"c{number}" for number in range(len(compiler.select)))
        rows = f"SELECT json_agg(json_build_array({names}))::text FROM ({sql}) AS block ({names})"  # noqa: S608 - Django's
        selects.append(f"({rows})")
        params += its_params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selects)}", params)
        blocks = cursor.fetchone()
    return [
        [_instance(queryset, compiler, row) for row in json.loads(block or "[]", parse_float=Decimal)]
        for queryset, compiler, block in zip(querysets, compilers, blocks, strict=True)
    ]


def _instance(queryset, compiler, row):
    """What Django makes of a row, once its values have come back from JSON."""
    columns = [column.target for column, _sql, _alias in compiler.select]
    row = [None if value is None else column.to_python(value) for column, value in zip(columns, row, strict=True)]
    own = compiler.klass_info["select_fields"]
    instance = queryset.model.from_db(
        queryset.db, [columns[number].attname for number in own], [row[number] for number in own]
    )
    # The stubs are those of a later Django.
    for related in get_related_populators(compiler.klass_info, compiler.select, queryset.db):  # type: ignore[call-arg]
        related.populate(row, instance)
    return instance
