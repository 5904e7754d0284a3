#!/bin/sh
# Puts a backup in the place of what the database holds now: wholly, or not at all.
#
#   restore.sh FOLDER     DATABASE_URL: the role that owns the tables      MEDIA: the folder of the files
#
# Stop web, worker and beat first; afterwards `manage.py migrate`, then start them. The system starts frozen.
set -eu
: "${DATABASE_URL:?Which database? Set DATABASE_URL.}" "${MEDIA:?Where do the files go? Set MEDIA.}"
backup=${1:?Which backup? Name its folder.}

(cd "$backup" && sha256sum --quiet --check SHA256SUMS) || {
    echo "This backup is damaged or not whole: $backup. Nothing was changed." >&2
    exit 1
}
others=$(psql "$DATABASE_URL" -XAtc "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
[ "$others" -eq 0 ] || {
    echo "Something is still connected to this database ($others). Stop web, worker and beat first. Nothing was changed." >&2
    exit 1
}

# One transaction: until its last word, the database is what it was. A backup that ends too early never says that word.
{
    echo 'BEGIN; SET LOCAL client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public;'
    if pg_restore --no-owner --no-privileges --file=- "$backup/database.dump"; then
        echo 'COMMIT;'
    else
        # It may have ended amid a table's rows: those end first.
        printf '%s\n' '\.' 'SELECT "the backup could not be read to its end";'
    fi
} | psql "$DATABASE_URL" -Xq -v ON_ERROR_STOP=1 >/dev/null || {
    echo "The backup could not be put back. The database is what it was." >&2
    exit 1
}
tar -C "$MEDIA" -xf "$backup/media.tar"
echo "Put back. Now: manage.py migrate, then start Parvis. It sends nothing until somebody lifts the freeze."
