#!/bin/bash
# Windows and lines that behave badly: sizes of all kinds and in great number, clients that do not read,
# garbage, pastes, terminals of single bytes; and things that change under whoever looks at them.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
settings limits 'per_source = 0' 'per_source_waiting = 0' 'grace = 5' 'ban = 0'
network && start
ok "a board is open"
thread=$(echo 'Premier message.' | b thread new --board questions --title 'Un fil')
export PATIENCE=$patience
abuse() { /usr/bin/python3 "${0%/*}/windows.py" "$@"; }
# The last message of the thread, as it was stored.
last() { b thread read "$thread" --json | /usr/bin/python3 -c 'import json, sys
print(max(json.load(sys.stdin), key=lambda p: p["id"])["body"])'; }
# ---- windows

try "two hundred sizes, 1×1 and 65535×65535 among them, in a list and while one writes" \
	abuse resize "$(ssh_line alba)"
[ "$(last)" = "$(seq -f 'mot%.0f' 0 199 | tr '\n' ' ' | sed 's/ $//')" ]
ok "not a key is lost"
call alba "$(ssh_line alba)" 200 60
shows alba 'Palabre › Accueil'
for size in '1 1' '19 3' '20 4' '40 12' '10 10' '200 60'; do
	# shellcheck disable=SC2086 # two words
	set -- $size
	tm resize-window -t "=alba:" -x "$1" -y "$2"
done
until_true "$patience" eval 'screen alba | sed -n 60p | grep -q "Q quitter · ? aide"'
ok "the last of many sizes is the one that is drawn"
hang_up alba

# ---- pastes

/usr/bin/python3 -c '
for i in range(800):
    print(f"Ligne {i}, où l’on a collé : {chr(233) * (i % 50)} fin.")' >"$work/long"
[ "$(wc -c <"$work/long")" -ge 65536 ]
ok "a text of 64 KiB"
limit=$(has_sanitizers && echo 60 || echo 1)
try "64 KiB pasted into the editor within a second, in brackets" \
	abuse paste "$(ssh_line alba)" "$work/long" yes "$limit"
last >"$work/last"
{ cat "$work/long"; echo FINI; } | sed 's/[[:space:]]*$//' | diff -q - <(sed 's/[[:space:]]*$//' "$work/last") >"$work/diff"
ok "it is in the store as it was"
try "without brackets, as older terminals paste" abuse paste "$(ssh_line alba)" "$work/long" no 60
last | sed 's/[[:space:]]*$//' | diff -q - <(sed 's/[[:space:]]*$//' "$work/last") >"$work/diff"
ok "the same text comes of it"

# ---- charsets

try "a terminal in ISO-8859-15: single bytes both ways" \
	abuse latin9 "$(ssh_line alba -o SetEnv=LC_ALL=fr_FR.ISO-8859-15)"
[ "$(last)" = 'Un café à 3 €, du cœur : Latin-9' ]
ok "what was typed in it is stored as UTF-8"
try "telnet: a client that accepts ISO-8859-15 by CHARSET gets it" abuse telnet_charset "$telnet_port"

# ---- clients that do not read, or say nonsense

cat >"$work/post" <<-POST
	for i in \$(seq 100); do
		echo "Réponse \$i" | "$bbs" -c "$work/bbs.conf" thread reply "$thread" >/dev/null || exit 1
	done
POST
try "a client that stops for a hundred posts in the thread it reads, and goes on" \
	abuse stop_reading "$(ssh_line alba)" "sh $work/post"
long=$(b thread new --board questions --title 'Un long fil' <"$work/long")
for _ in $(seq 70); do b thread reply "$long" <"$work/long" >/dev/null; done
try "a command with 4 MB of output, which nobody reads for a while: all of it comes" \
	abuse slow_command "$(ssh_line bruno) thread read $long" 4000000
try "telnet: a hundred and twenty callers of garbage" abuse telnet_garbage "$telnet_port"
try "telnet: callers who say nothing, or only a name, are let go" abuse telnet_half_open "$telnet_port" 15
call bruno "telnet 127.0.0.1 $telnet_port"
shows bruno 'Votre nom :' && enter bruno visiteur && shows bruno 'Palabre › Accueil'
ok "the next caller notices nothing"
hang_up bruno
none() { [ "$(ps --ppid "$serve" -o comm= | sort -u | xargs)" = 'bbs-broker bbs-jobs bbs-relay' ]; }
try "no half of a pair is left over" until_true 20 none

# ---- a thread locked while one writes

thread=$(echo 'Le premier.' | b thread new --board questions --title 'Une dispute')
call alba "$(ssh_line alba)"
shows alba 'Palabre › Accueil' && press alba f && shows alba '▸ Questions' && press alba Enter &&
	shows alba '▸.*Une dispute' && press alba Enter && shows alba 'n° 1$' && press alba r && shows alba 'Ctrl-S envoyer' &&
	say alba 'Trop tard peut-être.' && shows alba 'peut-être'
call bruno "TERM=dumb $(ssh_line bruno)" 100 50
shows bruno 'Accueil. Bruno' && enter bruno '/disputes' && shows bruno '^1 .*Une dispute' && enter bruno 1 &&
	shows bruno 'Le premier' && enter bruno r && shows bruno 'ligne par ligne' && enter bruno 'Trop tard aussi.'
sql "UPDATE thread SET locked = 1 WHERE item = $thread"
press alba C-s
shows alba 'Votre texte est gardé en brouillon' && shows alba 'Cette discussion est fermée'
ok "a thread closed while one writes in the full face: a sentence, the text kept"
enter bruno . && shows bruno 'Entrée : envoyer' && enter bruno '' && shows bruno 'Votre texte est gardé en brouillon'
ok "and in the linear one"
[ "$(sql "SELECT count(*) FROM draft WHERE body LIKE 'Trop tard%'")" = 2 ]
ok "both texts are in the store"
! echo Non. | openssh alba thread reply "$thread" >/dev/null 2>&1
ok "a command is told too"
hang_up alba
hang_up bruno

# ---- a council deleted under a reader

gone=$(b council add --name 'Les Éphémères' --communes 30189)
call alba "$(ssh_line alba)"
shows alba 'commencé' && press alba n && shows alba 'Palabre › Accueil' && press alba a && shows alba 'Par lettres' &&
	press alba l && choose alba 'Les Éphémères' && press alba Enter &&
	shows alba 'Conseil : Les Éphémères'
ok "a council's sheet is read"
call bruno "$(ssh_line bruno)"
shows bruno 'commencé' && press bruno n && shows bruno 'Palabre › Accueil' && press bruno a && shows bruno 'Par lettres' &&
	press bruno l && choose bruno 'Les Éphémères'
for table in council_word council_commune reach council; do
	sql "DELETE FROM $table WHERE $([ $table = council ] && echo id || echo council) = $gone" 2>>"$work/sql"
done
! b council show "$gone" >/dev/null 2>&1 && press bruno Enter && shows bruno 'n’existe' && shows bruno 'Palabre › Annuaire'
ok "it is deleted: who opens it from the list is told that it is gone"
press alba Escape && shows alba 'Palabre › Annuaire *3 conseils\|Palabre › Annuaire *2 conseils' && loses alba 'Les Éphémères'
ok "who read it comes back to a list without it"

# ---- the board stops

call chantal "TERM=dumb $(ssh_line chantal)"
shows chantal 'Accueil. Chantal'
stop
shows alba 'Le forum s’arrête un moment' && shows chantal 'Le forum s’arrête un moment' && screen_lacks alba Annuaire &&
	[ "$(tm display-message -p -t '=alba:' '#{alternate_on}')" = 0 ]
ok "who is there is told, and gets the terminal back as it was"
! grep -i 'fell\|forbidden\|sanitizer\|runtime error' "$work/serve.err"
ok "nothing fell, nothing was forbidden"
