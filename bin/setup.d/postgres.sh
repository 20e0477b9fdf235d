# Postgres' programs. Cadence runs a private server from them, so the system's own must not start one.

want_postgres() {
  [ -n "${DATABASE_URL:-}" ] && [ "$purpose" = run ] && return 0
  [ -n "$(postgres_programs)" ] || want "Postgres' server programs" postgresql
}

# The folder with initdb, looked for where the server looks.
postgres_programs() {
  local folder
  for folder in "${PG_BINDIR:-}" /usr/lib/postgresql/*/bin; do
    [ -x "$folder/initdb" ] && echo "$folder" && return 0
  done
  if have pg_config; then
    folder=$(pg_config --bindir)
    [ -x "$folder/initdb" ] && echo "$folder" && return 0
  fi
  if have initdb; then dirname "$(command -v initdb)"; fi
}

# Debian's package otherwise creates and starts a cluster the moment it is installed.
keep_postgres_from_starting() {
  case " ${wanted_packages[*]} " in *" postgresql "*) ;; *) return 0 ;; esac
  step "preparing Postgres' packages" apt_get install --no-install-recommends postgresql-common
  as_root mkdir -p /etc/postgresql-common
  as_root touch /etc/postgresql-common/createcluster.conf
  as_root sed -i '/^[# ]*create_main_cluster/d' /etc/postgresql-common/createcluster.conf
  echo "create_main_cluster = false" | as_root tee -a /etc/postgresql-common/createcluster.conf >/dev/null
}

check_postgres() {
  [ -n "${DATABASE_URL:-}" ] && [ "$purpose" = run ] && return 0
  [ -n "$(postgres_programs)" ] || stop "Postgres' server programs were not found" \
    "Install them, or name their folder in PG_BINDIR, or name a running database in DATABASE_URL."
}
