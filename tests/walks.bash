# What screens.sh and sizes.sh share: a demonstration, and walks through it by the scripts of screens/.
# Sourced, not run.
# shellcheck shell=bash
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
walks=$(realpath "${0%/*}")
export BBS=$bbs CONF=$work/console.conf GOLDEN=$walks/golden SSH TELNET TZ=Europe/Paris
export BBS_NOW=1774372200 # mardi 24 mars 2026, 18 h 10 à Paris
program=$(realpath "${B:-build}")/tests/screens

make_demo() { LANG=fr_FR.UTF-8 b demo --seed 1 >/dev/null && make_host_keys; }
try "a demonstration" shared demo make_demo var
# No screen closes a discussion yet: the second of the public board is closed.
sql "UPDATE thread SET locked = 1 WHERE item =
	(SELECT item FROM thread WHERE level = 'public' ORDER BY last DESC LIMIT 1 OFFSET 1)"
cp "$store" "$work/demo.sqlite"
settings limits 'delay = 0' 'per_source_waiting = 0'
settings board 'host = palabre.example.org'
sed 's/:0$/:2222/' "$work/bbs.conf" >"$CONF" # invitations show the port

# walk SCRIPT SIZE TERM LANG golden|promises: on a demonstration of its own, with serve where it is needed.
walk() {
	local script=$walks/screens/$1.script
	rm -f "$store"* "${store%/*}"/sauvegarde*
	cp "$work/demo.sqlite" "$store"
	[ "${4%_*}" = en ] && sql "UPDATE member SET language = 'en'"
	if grep -qE '^start (ssh|telnet)' "$script"; then
		start
		SSH="ssh -F $work/ssh_config -p $ssh_port -o SendEnv=LANG -o PreferredAuthentications=none,keyboard-interactive"
		TELNET="telnet 127.0.0.1 $telnet_port"
	fi
	"$program" "$script" "${@:2}" || failed=1
	[ -n "$serve" ] && stop
	return 0
}
