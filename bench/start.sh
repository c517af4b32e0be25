#!/usr/bin/env bash
# Times from `make run` to the first page, on a clean clone: the first start, then the second.
set -euo pipefail
source_folder=$(cd "$(dirname "$0")/.." && pwd)
port=${PORT:-8765}
work=$(mktemp -d)
server=

finish() {
    [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
    [ ! -d "$work/clone" ] || make -s -C "$work/clone" clean
    rm -rf "$work"
}
trap finish EXIT

start() {
    local begin=$EPOCHREALTIME
    make -s run PORT="$port" >"$work/said" 2>&1 &
    server=$!
    until curl -sf -o /dev/null "http://127.0.0.1:$port/"; do
        kill -0 "$server" 2>/dev/null || { cat "$work/said"; exit 1; }
        sleep 0.05
    done
    echo "$1 : $(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $begin }") s"
    kill -TERM "$server"
    wait "$server" || true
    server=
}

git clone -q "$source_folder" "$work/clone"
cd "$work/clone"
unset DATABASE_URL VENV
start "Premier démarrage, d’un clone neuf"
start "Second démarrage"
