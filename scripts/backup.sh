#!/bin/sh
# Save the database and the files of the portal: scripts/backup.sh FOLDER
# Needs DATABASE_URL, and pg_dump of the server's version or newer. The folder must not exist yet.
set -eu
folder=${1:?"usage : scripts/backup.sh DOSSIER"}
: "${DATABASE_URL:?"DATABASE_URL manque : l’adresse de la base à sauver."}"
media=${MEDIA_ROOT:-$(dirname "$0")/../var/media}
if [ -e "$folder" ]; then
    echo "$folder existe déjà : donnez le nom d’un dossier neuf." >&2
    exit 1
fi

# Written beside, then renamed: a folder that bears the name is a whole backup.
partial=$folder.partiel
rm -rf "$partial"
mkdir -p "$partial"
chmod 700 "$partial"
pg_dump --format=custom --no-owner --no-privileges --file="$partial/base.dump" "$DATABASE_URL"
if [ -d "$media" ]; then
    tar -C "$media" -cf "$partial/fichiers.tar" .
fi
(cd "$partial" && sha256sum -- * >sha256)
mv "$partial" "$folder"
echo "Sauvegarde faite : $folder"
