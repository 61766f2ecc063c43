#!/bin/bash
# The house's own rules, read from its files: arrows point down, SQL stands in db/, the README's map is
# true. Each rule is a grep that must find nothing.
set -u
shopt -s lastpipe
cd "$(dirname "$0")/.." || exit 1
status=0

# rule NAME: what stands on standard input breaks it.
rule() {
	local found
	found=$(cat)
	if [ -z "$found" ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		printf "# %s\n" "${found//$'\n'/$'\n'# }"
		status=1
	fi
}

all='bbs db screens'
grep -nE '#include "(db|screens)/' -r bbs/base | rule 'bbs/base includes nothing above it'
grep -nE '#include "(screens/|bbs/[^b])' -r db | rule 'db includes nothing above it'
grep -nE '#include "bbs/[^b]' -r screens | rule 'screens include nothing of bbs but its base'
grep -nE '#include <(sqlite3|libpq-fe)' -r bbs screens | rule 'the engines stand in db only'
grep -nE '"(SELECT|INSERT|UPDATE|DELETE|BEGIN|PRAGMA)[ "]' -r bbs screens | rule 'SQL stands in db only'
grep -nE '#include <(n?curses|term)\.h' -r bbs db | rule 'curses stands in the screens only'
grep -lE '#include <(n?curses|term)\.h' -r screens | grep -v '^screens/full' | rule 'curses stands in the full face only'
grep -nE '#include <(libssh|sys/socket|netinet)' -r db screens bbs/base | rule 'sockets stand in bbs only'
grep -nE '\bfork\(' -r db screens bbs/base | rule 'forks stand in bbs only'
# shellcheck disable=SC2086 # folders
grep -nE '\<(strcpy|strcat|sprintf|vsprintf|gets|system|popen|alloca|strtok)\(' -r $all --include=*.c | grep -vE '^[^:]*:[0-9]+:\s*(/\*|\*)' |
	rule 'no call that knows no bounds, no shell'
grep -nE 'sqlite3_(prepare|exec)' -r db | grep -vE '^db/(sqlite|sqlite_transaction|store)\.c:' | rule 'only the seam prepares'
grep -nE '\bRETURNING\b' -r db --include=*.c | grep -vE 'RETURNING id\b' | rule 'RETURNING gives ids only'
grep -nE '\bWITH( RECURSIVE)? +[a-z]+_v\b' -r db --include=*.c | rule 'no expression is named like a view'
grep -nE 'db_open\(.*false\)' -r bbs db screens | grep -vE '^(db/store|bbs/main|bbs/serve)' |
	rule 'a handle without the authorizer is opened by check and clean-up only'
# shellcheck disable=SC2086
grep -nwE 'TODO|FIXME|XXX' -r $all tests --include=*.c --include=*.h --include=*.sh | grep -v house.sh |
	rule 'no line promises rather than does'

git ls-files '*.c' '*.h' '*.sh' Makefile packages bbs.conf db/schema db/data tests/run | while read -r file; do
	name=$(basename "$file")
	case $file in
	*.h) [ -f "${file%.h}.c" ] && continue ;;
	*/unit/* | */fuzz/* | */bench/* | */demo/* | db/schema/[0-9]*) name=$(basename "$(dirname "$file")")/ ;;
	esac
	grep -qF "$name" README.md || echo "$file"
done | rule "the README's map names every file"
exit $status
