"""For machines: is the process alive, and is it ready to serve?"""

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@login_not_required
@require_safe
def alive(request):
    return JsonResponse({"etat": "en vie"})


@never_cache
@login_not_required
@require_safe
def ready(request):
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return JsonResponse({"etat": "pas prêt", "manque": ["base de données"]}, status=503)
    if plan:
        return JsonResponse({"etat": "pas prêt", "manque": [str(migration) for migration, _ in plan]}, status=503)
    return JsonResponse({"etat": "prêt"})
