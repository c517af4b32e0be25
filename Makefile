# Every target goes through the launcher, which makes .venv and var/ when they are missing: nothing else to install.
PYTHON ?= python3
LAUNCH = @command -v $(PYTHON) >/dev/null || { \
	echo "Python est introuvable : installez Python 3.11 ou plus récent (avec venv), ou indiquez-le par PYTHON=…" >&2; exit 1; }; \
	exec $(PYTHON) -m launcher
TOOLS = $(LAUNCH) exec --dev --no-database --
COMPILE = $(TOOLS) uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-header --no-emit-index-url --no-emit-find-links
export PORT

.PHONY: help run dev test check lock shots manage bench bench-start bench-search clean

help: ## Cette aide
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 20

run: ## Prépare puis sert le portail sur http://127.0.0.1:8000 (PORT= pour changer)
	$(LAUNCH) run

dev: ## Le sert en rechargeant le code à chaque modification (DEBUG)
	$(LAUNCH) dev

test: ## Toute la suite de tests (ARGS= pour pytest)
	$(LAUNCH) test $(ARGS)

check: ## Style, types, gabarits, migrations, sens des imports
	$(LAUNCH) exec --dev -- python -m checks

lock: ## Recalcule les versions figées à partir des requirements*.in
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-local.in -o requirements-local.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

shots: ## Captures des pages principales dans var/shots/
	$(LAUNCH) shots $(ARGS)

manage: ## Une commande de Django : make manage ARGS="shell"
	$(LAUNCH) manage $(ARGS)

bench: ## Mesure la vitesse avec 1 000, 10 000 et 100 000 expériences (ARGS=--quick, ARGS=--clean)
	$(LAUNCH) exec -- python -m bench $(ARGS)

bench-start: ## Mesure les deux premiers démarrages depuis un clone neuf
	@bench/start.sh

bench-search: ## Mesure la qualité de la recherche sur les questions du projet
	$(LAUNCH) exec --dev -- env DJANGO_SETTINGS_MODULE=config.settings python -m bench.search

clean: ## Supprime .venv et var/ (la base locale comprise)
	$(LAUNCH) clean
