#!/bin/sh
# Put a backup back, into an empty database and an empty folder of files: scripts/restore.sh FOLDER
# Needs DATABASE_URL, that of the empty database, and pg_restore. Nothing is ever overwritten.
set -eu
folder=${1:?"usage : scripts/restore.sh DOSSIER"}
: "${DATABASE_URL:?"DATABASE_URL manque : l’adresse de la base vide à remplir."}"
media=${MEDIA_ROOT:-$(dirname "$0")/../var/media}

if ! (cd "$folder" && sha256sum --check --quiet sha256); then
    echo "$folder n’est pas une sauvegarde entière : rien n’a été restauré." >&2
    exit 1
fi
tables=$(psql --no-psqlrc --tuples-only --no-align "$DATABASE_URL" \
    --command "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
if [ "$tables" != 0 ]; then
    echo "La base n’est pas vide : créez-en une neuve, puis recommencez." >&2
    exit 1
fi
if [ -d "$media" ] && [ -n "$(ls -A "$media")" ]; then
    echo "$media n’est pas vide : choisissez un autre dossier par MEDIA_ROOT." >&2
    exit 1
fi

pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="$DATABASE_URL" "$folder/base.dump"
if [ -f "$folder/fichiers.tar" ]; then
    mkdir -p "$media"
    tar -C "$media" -xf "$folder/fichiers.tar"
fi
echo "Sauvegarde restaurée : $folder"
