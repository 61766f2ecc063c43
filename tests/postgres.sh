#!/bin/bash
# Starts a PostgreSQL of its own in a temporary folder, on a socket there and no network, and lets
# tests/postgres.c prepare every statement of the program on it.
set -u
program=${B:-build}/tests/postgres
bin=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
bin=${bin%/initdb}
if [ -z "$bin" ]; then
	echo 'ok postgres # SKIP not installed'
	exit 0
fi
work=$(mktemp -d /tmp/palabre-pg-XXXXXX)

# The server runs as no root.
as=()
if [ "$(id -u)" -eq 0 ]; then
	chown postgres "$work"
	as=(runuser -u postgres --)
fi

finish() {
	[ -f "$work/data/postmaster.pid" ] &&
		"${as[@]}" "$bin/pg_ctl" -D "$work/data" -m immediate -w stop >/dev/null 2>&1
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

cd "$work" || exit 1
if ! "${as[@]}" "$bin/initdb" -N --locale=C.UTF-8 --auth=trust -U postgres -D "$work/data" >"$work/log" 2>&1 ||
	! "${as[@]}" "$bin/pg_ctl" -D "$work/data" -w -t 60 -l "$work/data/log" -o \
		"-k $work -c listen_addresses='' -c fsync=off -c shared_buffers=16MB -c jit=off" \
		start >>"$work/log" 2>&1; then
	echo 'not ok postgres starts'
	cat "$work/log" "$work/data/log" 2>/dev/null
	exit 1
fi
cd - >/dev/null || exit 1
"$program" "$work"
