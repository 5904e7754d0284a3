#!/bin/sh
# One backup: the database, the files, and a list by which a damaged copy is known. Prints the folder that it made.
#
#   DATABASE_URL  a role that may read every table      MEDIA    the folder of the files
#   BACKUPS       the folder that backups lie in        KEEP     how many days they are kept; 30 unless set
#
# What it leaves out, on purpose: the keys (PARVIS_VAULT_KEYS, PARVIS_SECRET_KEY), which belong elsewhere, and whatever
# tells from outside the database what the database has done: put back together, neither could contradict the other.
set -eu
umask 077
: "${DATABASE_URL:?Which database? Set DATABASE_URL.}" "${MEDIA:?Where are the files? Set MEDIA.}"
: "${BACKUPS:?Where to? Set BACKUPS.}"

name=parvis-$(date -u +%Y%m%dT%H%M%SZ)
rough=$BACKUPS/.$name
trap 'rm -rf "$rough"' EXIT
mkdir -p "$BACKUPS"
mkdir "$rough"

# The database first: a file that it names is there before it is named, and is never taken away.
pg_dump --dbname="$DATABASE_URL" --format=custom --file="$rough/database.dump"
tar -C "$MEDIA" -cf "$rough/media.tar" .
(cd "$rough" && sha256sum database.dump media.tar >SHA256SUMS)
sync
mv "$rough" "$BACKUPS/$name"

# Backups hold what citizens wrote: they too end one day.
find "$BACKUPS" -mindepth 1 -maxdepth 1 -type d -name 'parvis-*' -mtime "+${KEEP:-30}" -exec rm -rf {} +
echo "$BACKUPS/$name"
