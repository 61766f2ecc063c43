#!/bin/bash
# What is acknowledged is on the disk, and what falls is picked up: the order of sync and answer as the
# kernel sees it; then sessions, carriers, the relay and serve are killed while people write.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
callers=10 rounds=12
settings limits 'per_source = 0' 'per_source_waiting = 0' 'waiting = 0' 'ban = 0' 'posts_hour = 0' 'words_hour = 0'
network && start
ok "a board is open"
thread=$(echo 'On écrit ici.' | b thread new --board questions --title 'Un fil')

# ---- the sync stands before the answer

# synced_before FILE PATTERN: in that trace, the WAL is synced after its last write and before PATTERN.
synced_before() {
	wanted=$2 awk '
		BEGIN { wanted = ENVIRON["wanted"] }
		/pwrite64\([0-9]+<[^>]*bbs\.sqlite-wal>/ { synced = 0; wrote = 1 }
		/f(data)?sync\([0-9]+<[^>]*bbs\.sqlite-wal>.*= 0/ { synced = 1 }
		index($0, wanted) { if (!found) { found = 1; good = wrote && synced } }
		END { exit !(found && good) }' "$1"
}
calls=trace=fdatasync,fsync,pwrite64,write,sendmsg,sendto
trace() { ASAN_OPTIONS=detect_leaks=0 strace -o "$work/trace" -y -s 4000 -e "$calls" "$@"; }

if ! strace -o /dev/null true 2>/dev/null; then
	skip "the WAL is synced before each acknowledgement" "strace may not trace here"
else
	id=$(echo Merci. | trace "$bbs" -c "$work/bbs.conf" thread reply "$thread")
	[ -n "$id" ] && synced_before "$work/trace" "\"$id\\n\""
	ok "a command prints the number after the WAL is synced"
	! synced_before "$work/trace" "no such words"
	ok "(and this test can fail)"

	strace -f -ff -o "$work/pid" -y -s 4000 -e "$calls" -p "$serve" 2>"$work/strace" &
	tracer=$!
	until_true "$patience" grep -q attached "$work/strace"
	# session_said WORDS: the trace of the session that sent them is in traced, once it is written
	session_said() {
		traced=$(grep -l "sendmsg.*$1" "$work"/pid.* | xargs -r grep -l 'bbs.sqlite-wal' | head -n 1)
		[ -n "$traced" ]
	}
	id=$(echo Bien. | openssh alba thread reply "$thread")
	[ -n "$id" ] && until_true "$patience" session_said "$id" && synced_before "$traced" "$id\\n"
	ok "a session's OUTPUT with the number follows the sync: ssh, a command"
	call alba "$(ssh_line alba)"
	shows alba 'Palabre › Accueil' && press alba f && shows alba '▸ Questions' && press alba Enter &&
		shows alba '▸.*Un fil' && press alba Enter && shows alba 'Un fil.*messages' && press alba r &&
		shows alba 'Ctrl-S envoyer' && say alba 'Depuis le plein écran.' && press alba C-s &&
		shows alba 'Votre réponse est en place'
	ok "a reply in the full face"
	until_true "$patience" session_said 'ponse est en place' && synced_before "$traced" 'ponse est en place'
	ok "is told to be there after the sync"
	hang_up alba
	kill $tracer
	wait $tracer 2>/dev/null
fi

# ---- kill -9, while ten write

# Here nothing is started to look or to wait: beside ten writers each program takes a second.
# children NAME: are there any of that name? They are in found, the eldest first.
children() {
	local pid all name
	found=()
	read -ra all <"/proc/$serve/task/$serve/children"
	for pid in "${all[@]}"; do
		read -r name 2>/dev/null <"/proc/$pid/comm" && [ "$name" = "$1" ] && found+=("$pid")
	done
	[ ${#found[@]} -gt 0 ]
}
# kill_one NAME SPARED: one of that name, but not that one
kill_one() {
	local pid others=()
	children "$1"
	for pid in "${found[@]}"; do
		[ "$pid" = "$2" ] || others+=("$pid")
	done
	[ ${#others[@]} -gt 0 ] && kill -9 "${others[RANDOM % ${#others[@]}]}" 2>/dev/null
}

# writer N: posts until it is told to stop, and notes what was acknowledged: the number and the words.
writer() {
	local who=$1 login text id n=0
	login=$([ $((who % 2)) = 0 ] && echo alba || echo bruno)
	while [ ! -e "$work/stop" ] && [ $n -lt 500 ]; do
		n=$((n + 1))
		text="caller $who, message $n"
		ssh_port=$(cat "$work/port")
		id=$(echo "$text" | openssh "$login" thread reply "$thread" 2>/dev/null)
		[[ $id =~ ^[0-9]+$ ]] && echo "$id $text" >>"$work/acknowledged"
	done
}
acknowledged() { mapfile -t lines <"$work/acknowledged" && [ ${#lines[@]} -ge "$1" ]; }
more() { # N: waits for so many more acknowledged posts
	mapfile -t lines <"$work/acknowledged"
	until_true 30 acknowledged $((${#lines[@]} + $1))
}
: >"$work/acknowledged"
echo "$ssh_port" >"$work/port"

call chantal "echo 'Ce qui était là.'; $(ssh_line chantal)"
shows chantal 'Palabre › Accueil' && press chantal f && shows chantal '▸ Questions' && press chantal Enter &&
	shows chantal '▸.*Un fil' && press chantal Enter && shows chantal 'Un fil.*messages' && press chantal r &&
	shows chantal 'Ctrl-S envoyer'
ok "one is in the editor of the full face"
children bbs-session && editor=${found[-1]}
children bbs-ssh && carrier=${found[-1]}

writers=()
for ((i = 0; i < callers; i++)); do
	writer $i &
	writers+=($!)
done
try "ten callers write" more 10

children bbs-relay && relay=${found[0]}
killed_sessions=0 killed_carriers=0
for ((round = 0; round < rounds; round++)); do
	for ((k = 0; k < 5; k++)); do
		kill_one bbs-session "$editor" && killed_sessions=$((killed_sessions + 1))
		kill_one bbs-ssh "$carrier" && killed_carriers=$((killed_carriers + 1))
		more 1 || break
	done
	say chantal "mot$round "
	more 2 || break
done
echo "# killed: $killed_sessions sessions, $killed_carriers carriers"
[ $killed_sessions -gt 10 ] && [ $killed_carriers -gt 10 ] && [ "$round" = $rounds ]
ok "sessions and carriers are killed, the others write on"
kill -9 "$relay"
new_relay() { children bbs-relay && [ "${found[0]}" != "$relay" ]; }
try "a killed relay is started again" until_true "$patience" new_relay
try "and all write on" more 10
shows chantal "mot$((round - 1))"
ok "the editor has missed nothing"

# Serve: those whose pair lives write on; new ones find the door shut until it is started again.
until_true 20 eval '[ "$(sql "SELECT count(*) FROM draft WHERE body LIKE \"%mot$((round - 1))%\"")" = 1 ]'
ok "what stands in the editor is kept as a draft"
old=$serve old_port=$ssh_port
kill -9 "$old"
wait "$old" 2>/dev/null
sed -i "s/^listen = 127.0.0.1:0$/&/; /^\[ssh\]/,/^listen/s/^listen.*/listen = 127.0.0.1:$old_port/" "$work/bbs.conf"
start
ok "a killed serve is started again on the same port, with nothing else done"
try "and all write on" more 10
: >"$work/stop"
wait "${writers[@]}"
count=$(wc -l <"$work/acknowledged")
echo "# acknowledged: $count"

b thread read "$thread" --json >"$work/thread.json"
cat >"$work/compare.py" <<-'PYTHON'
	import json, sys
	there = {post["id"]: post["body"] for post in json.load(open(sys.argv[1]))}
	lost = [line for line in open(sys.argv[2])
	    if there.get(int(line.split(" ", 1)[0])) != line.split(" ", 1)[1].strip()]
	print("# lost:", *lost) if lost else None
	sys.exit(bool(lost) or len(there) < 50)
PYTHON
try "every acknowledged post is there, word for word" \
	/usr/bin/python3 "$work/compare.py" "$work/thread.json" "$work/acknowledged"
b check >/dev/null
ok "bbs check finds nothing"

# ---- drafts

# The pair of before: killed like the rest.
kill -9 "$editor" 2>/dev/null
shows chantal 'status [1-9]'
ok "the killed editor's client ends"
shows chantal 'Ce qui était là' && screen_has chantal 'panne a coupé\|cut off by a fault' &&
	screen_lacks chantal "mot0" && [ "$(tm display -p -t =chantal: '#{alternate_on}')" = 0 ]
ok "and leaves the terminal as it was found, with a sentence"
# back NAME LOGIN: calls again, is offered the text and goes on with it
back() {
	call "$1" "$(ssh_line "$1")"
	shows "$1" 'Un texte que vous aviez commencé' && press "$1" o
}
back chantal && shows chantal "mot0 .*mot$((rounds - 1))"
ok "who was killed in the editor is offered the draft, and has it whole: session, full face"

say chantal ' puis la suite.'
shows chantal 'la suite'
children bbs-ssh && kill -9 "${found[-1]}"
shows chantal 'status [1-9]' && back chantal && shows chantal 'puis la suite'
ok "a killed carrier: even the last words, typed just before, are kept"
press chantal C-s && shows chantal 'Votre réponse est en place\|Qui verra\|Accueil'
[ "$(sql "SELECT count(*) FROM draft WHERE member = (SELECT id FROM member WHERE login = 'chantal')")" = 0 ] &&
	b thread read "$thread" | grep -q 'puis la suite'
ok "once sent, it is a post and no draft"

call bruno "TERM=dumb $(ssh_line bruno)" 100 50
shows bruno 'Accueil. Bruno' && enter bruno "/fil" && shows bruno '1.*Un fil' && enter bruno 1 &&
	shows bruno 'Un fil' && enter bruno r && shows bruno 'ligne par ligne' && enter bruno 'Une première ligne,' &&
	enter bruno 'une seconde.'
until_true "$patience" eval '[ "$(sql "SELECT count(*) FROM draft WHERE body LIKE \"%seconde%\"")" = 1 ]' &&
	children bbs-session && kill -9 "${found[-1]}"
shows bruno 'status [1-9]' && call bruno "TERM=dumb $(ssh_line bruno)" 100 50 &&
	shows bruno 'Un texte que vous aviez commencé' && enter bruno o && shows bruno 'brouillon de 2 lignes' &&
	enter bruno . && shows bruno 'Entrée : envoyer' && enter bruno '' && shows bruno 'Votre réponse est en place'
ok "the same in the linear face"
b thread read "$thread" | grep -A1 'Une première ligne,' | grep -q 'une seconde'
ok "and both lines are posted"

# What is written in a form: the description of a file, begun by its first letter, without Enter.
echo bonjour | openssh chantal file put /moi/notes.txt >/dev/null
at_file() {
	shows chantal 'Accueil' && say chantal g && shows chantal 'Corbeille' && press chantal End Up Up Up &&
		press chantal Enter && shows chantal 'notes.txt' && press chantal Enter && shows chantal 'Envoyé par'
}
call chantal "$(ssh_line chantal)" && at_file && say chantal e && shows chantal "Ce que c’est" && press chantal Down && say chantal 'Budget de la fête' && shows chantal 'Budget de la fête' &&
	until_true "$patience" eval '[ "$(sql "SELECT body FROM draft")" = "Budget de la fête" ]' &&
	children bbs-session && kill -9 "${found[-1]}"
shows chantal 'status [1-9]' && back chantal && shows chantal 'Budget de la fête'
ok "a description being typed, first letter and all, outlives kill -9 of the session"
press chantal Down && press chantal Enter && say chantal ' de juin' && shows chantal 'de juin' && children bbs-ssh && kill -9 "${found[-1]}"
shows chantal 'status [1-9]' && back chantal && shows chantal 'Budget de la fête de juin'
ok "and a killed carrier, with its last words"
press chantal C-s && shows chantal 'est modifié' && until_true "$patience" eval '[ "$(sql "SELECT count(*) FROM draft")" = 0 ]' &&
	openssh chantal file show /moi/notes.txt | grep -q 'Budget de la fête de juin'
ok "once the form is sent it is there, and no draft"

# The first word about a file, of which there is no discussion yet.
at_file && say chantal d && shows chantal 'Votre message' && say chantal 'Qui vient ?' && shows chantal 'Qui vient' &&
	until_true "$patience" eval '[ "$(sql "SELECT body FROM draft")" = "Qui vient ?" ]' && children bbs-session &&
	kill -9 "${found[-1]}"
shows chantal 'status [1-9]' && call chantal "$(ssh_line chantal)" && shows chantal 'Réponse dans notes.txt' &&
	press chantal o && shows chantal 'Qui vient' && press chantal C-s && shows chantal 'est en place'
ok "the first word about a file is gone on with"

b check >/dev/null
ok "bbs check finds nothing in the end"
grep -q 'fell' "$work/serve.err" && ! grep -i 'forbidden\|sanitizer\|runtime error' "$work/serve.err"
ok "the log tells of the falls, and of nothing worse"
