#!/bin/bash
# Every screen through the real program, by the walks of tests/screens/: the full face at 80×24 and the
# linear face beside their golden files (GENERATE=1 writes them again), the same walks at other sizes,
# in ISO-8859-15 and in monochrome by the promises of every screen.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
walks=$(realpath "${0%/*}")
export BBS=$bbs CONF=$work/console.conf GOLDEN=$walks/golden SSH TELNET TZ=Europe/Paris
export BBS_NOW=1774372200 # mardi 24 mars 2026, 18 h 10 à Paris
program=$(realpath "${B:-build}")/tests/screens

LANG=fr_FR.UTF-8 b demo --seed 1 >/dev/null
ok "a demonstration"
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

for script in "$walks"/screens/"${ONLY:-}"*.script; do
	name=$(basename "$script" .script)
	case $name in
	linear-*) walk "$name" 80x24 dumb fr_FR.UTF-8 golden ;;
	english-*) walk "$name" 80x24 xterm-256color en_GB.UTF-8 golden ;;
	*)
		walk "$name" 80x24 xterm-256color fr_FR.UTF-8 golden
		[ -n "${GENERATE:-}" ] && continue
		for size in 40x12 40x24 132x50 200x60; do
			walk "$name" $size xterm-256color fr_FR.UTF-8 promises
		done
		walk "$name" 80x24 vt100 fr_FR.UTF-8 promises
		# telnet has no way to say a charset
		grep -q '^start telnet' "$walks/screens/$name.script" ||
			walk "$name" 80x24 xterm-256color fr_FR.ISO-8859-15 promises
		;;
	esac
done
