#!/bin/bash
# The disk full in the middle of posting: sentences, nothing acknowledged lost, no flood in the log, and work
# goes on when there is room. The disk is a small file system of the test's own.
if [ -z "${FULL_DISK_INSIDE-}" ]; then
	[ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null && FULL_DISK_INSIDE=1 exec unshare -m "$0"
	echo "ok a full disk # SKIP only root can mount a small file system for it"
	exit 0
fi
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
tests=$(realpath "${0%/*}")
export PATIENCE=$patience
mkdir "$work/var" && mount -t tmpfs -o size=16m none "$work/var" || exit 1
trap 'umount -l "$work/var"; finish' EXIT
writers=5
settings limits 'per_source = 0' 'per_source_waiting = 0' 'waiting = 0' 'posts_hour = 0' 'words_hour = 0'
network && start
ok "a board on a disk of 16 MiB"
thread=$(echo 'On écrit ici.' | b thread new --board questions --title 'Un fil')
no_room='Il n’y a plus de place sur le disque du forum : rien n’a été enregistré. Veuillez réessayer plus tard.'

fill() { dd if=/dev/zero bs=4k status=none 2>/dev/null >>"$work/var/filler"; true; }
room() { truncate -s -"$1" "$work/var/filler"; }
# For as long as nobody makes room there is none, in the log of writes either.
fill_all() { room 2M && until_true 10 eval '[ "$(sql "PRAGMA wal_checkpoint(TRUNCATE)")" = "0|0|0" ]' && fill; }
drafts() { [ "$(sql "SELECT count(*) FROM draft WHERE body LIKE '$1'")" = 1 ]; }
is_refused() { [ $? = 1 ] && [ "$(cat "$work/said")" = "$1" ]; }

# writer N: posts, but while there is a file "pause"; notes what was acknowledged, and what was said else.
writer() {
	local id n=0
	while [ ! -e "$work/stop" ] && [ $n -lt 500 ]; do
		n=$((n + 1))
		id=$(echo "caller $1, message $n" | openssh denise thread reply "$thread" 2>"$work/said-$1")
		if [[ $id =~ ^[0-9]+$ ]]; then
			echo "$id caller $1, message $n" >>"$work/acknowledged"
		else
			cat "$work/said-$1" >>"$work/refused-$1"
		fi
		while [ -e "$work/pause" ]; do
			echo >"$work/paused-$1"
			sleep 0.1
		done
	done
}
acknowledged() { [ "$(wc -l <"$work/acknowledged")" -ge "$1" ]; }
more() { until_true 30 acknowledged $(($(wc -l <"$work/acknowledged") + $1)); }
: >"$work/acknowledged"

call alba "$(ssh_line alba)"
call chantal "$(ssh_line chantal)"
for who in alba chantal; do
	shows $who 'Palabre › Accueil' && press $who f && shows $who '▸ Questions' && press $who Enter &&
		shows $who '▸.*Un fil' && press $who Enter && shows $who 'Un fil.*message' && press $who r &&
		shows $who 'Ctrl-S envoyer' || break
done
say alba 'Un début' && until_true "$patience" drafts 'Un début'
ok "two are in the editor of the full face"
call bruno "TERM=dumb $(ssh_line bruno)" 100 50
shows bruno 'Accueil. Bruno' && enter bruno '/fil' && shows bruno '1.*Un fil' && enter bruno 1 &&
	shows bruno 'Un fil' && enter bruno r && shows bruno 'ligne par ligne' && enter bruno 'Une ligne,' &&
	until_true "$patience" drafts 'Une ligne,'
ok "one in the linear one"

pids=()
for ((i = 0; i < writers; i++)); do
	writer $i &
	pids+=($!)
done
try "others post by commands" more 10
fill
all_refused() { [ "$(cat "$work"/refused-* 2>/dev/null | sort | uniq -c | wc -l)" = 1 ] && [ "$(ls "$work"/refused-* | wc -l)" = $writers ]; }
until_true 30 all_refused && [ "$(sort -u "$work"/refused-*)" = "$no_room" ]
ok "the disk is full: a sentence for each, and no number"
: >"$work/pause"
# Who writes still would leave room in the log, half of what he could not write.
all_paused() { [ "$(cat "$work"/paused-* 2>/dev/null | wc -l)" = $writers ]; }
until_true 30 all_paused && fill_all
ok "nothing at all can be written any more"

# ---- who writes

say alba ' et la suite.' && shows alba 'Votre texte n’est pas gardé en brouillon ; il' && screen_has alba 'Il n’y a plus de place' &&
	screen_has alba 'Un début et la suite'
ok "full face: at a pause one is told that the text is on the screen only"
press alba C-s && shows alba 'Il n’y a plus de place' && shows alba 'Un début et la suite' && screen_has alba 'Ctrl-S envoyer'
ok "sending: a sentence, and the text stays"
press alba Escape && shows alba 'Votre texte n’a pas pu être gardé. Sortir quand même, et le perdre' && press alba n &&
	shows alba 'Un début et la suite' && shows alba 'Ctrl-S envoyer'
ok "nobody leaves without being asked, and the text is there for who stays"
enter bruno 'une autre.' && shows bruno 'Votre texte n’est pas gardé en brouillon' && enter bruno . &&
	shows bruno 'Entrée : envoyer' && enter bruno '' && shows bruno 'brouillon de 2 lignes est là' &&
	enter bruno . && shows bruno 'Entrée : envoyer' && enter bruno b && shows bruno 'et le perdre' && enter bruno n &&
	until_true "$patience" eval '[ "$(screen bruno | grep -c "brouillon de 2 lignes est là")" = 2 ]'
ok "the same in the linear face"
drafts 'Un début' && drafts 'Une ligne,'
ok "what was kept before is kept"
say chantal 'Perdu.' && shows chantal 'Votre texte n’est pas gardé'
pid=$(sql "SELECT slot FROM session JOIN member m ON m.id = member WHERE m.login = 'chantal'")
kill "$pid" && shows chantal 'Le forum s’arrête un moment. Ce que vous écriviez n’a pas pu être gardé'
ok "whose session ends then is not told that the text is kept"

# ---- who reads, who comes, who keeps the board

call denise "telnet 127.0.0.1 $telnet_port"
shows denise 'Votre nom' && enter denise denise && shows denise 'Mot de passe' && enter denise motdepasse &&
	shows denise 'Palabre › Accueil' && press denise f && shows denise '▸ Questions' && press denise Enter &&
	shows denise '▸.*Un fil' && press denise Enter && shows denise 'On écrit ici'
ok "one still comes in, and reads"
ls "$work/var" >"$work/before"
b thread new --board questions --title Autre <<<Texte 2>"$work/said"
is_refused "$no_room"
ok "a command on the machine: the same sentence, exit 1"
b backup "$work/var/back-up" 2>"$work/said"
is_refused "$work/var/back-up : il n’y a pas assez de place sur ce disque, et il n’en reste rien. Faites de la place, ou choisissez un autre disque."
ok "a back-up onto the full disk: a sentence, exit 1"
! b council extract --department 30 "$work/var/extract" 2>"$work/said" && grep -q 'Il n’y a plus de place' "$work/said"
ok "an extract too"
ls "$work/var" | cmp -s - "$work/before"
ok "nothing is left of either"
b backup "$work/back-up" && b check >/dev/null && b council list | grep -q 'Les Cigales'
ok "a back-up onto another disk, a check and a list go on"
[ "$(grep -c 'database or disk is full' "$work/serve.err")" = 1 ] && [ "$(wc -l <"$work/serve.err")" = 1 ]
ok "the log says it once"

# ---- room

room 2M
shows alba 'Votre texte est de nouveau gardé en brouillon' && drafts 'Un début et la suite.'
ok "there is room: what stands in the editor is kept by itself"
press alba C-s && shows alba 'Votre réponse est en place'
ok "and sent"
enter bruno . && shows bruno 'Entrée : envoyer' && enter bruno '' && shows bruno 'Votre réponse est en place'
ok "in the linear face too"
rm "$work/pause"
try "and all post on" more 10
: >"$work/stop"
wait "${pids[@]}"

# Texts of 60 KB, until there is no room for one.
long=$(printf 'mot %.0s' {1..15000})
whole() { [ "$(sql "SELECT length(body) FROM text WHERE item = $1")" = $((${#long} - 1)) ]; }
for ((i = 0; i < 100; i++)); do
	id=$(echo "$long" | b thread reply "$thread" 2>"$work/said") && whole "$id" || break
done
[ "$i" -gt 3 ] && [ -z "$id" ] && [ "$(cat "$work/said")" = "$no_room" ]
ok "long texts are there as a whole, until one is refused as a whole"
room 1M
b thread read "$thread" --json >"$work/thread.json"
cat >"$work/compare.py" <<-'PYTHON'
	import json, sys
	there = {post["id"]: post["body"] for post in json.load(open(sys.argv[1]))}
	done = dict(line.rstrip("\n").split(" ", 1) for line in open(sys.argv[2]))
	lost = [text for item, text in done.items() if there.get(int(item)) != text]
	print("# lost:", *lost) if lost else None
	sys.exit(bool(lost) or not {"Un début et la suite.", "Une ligne,\nune autre."} <= set(there.values()))
PYTHON
try "every acknowledged message is there, word for word" \
	/usr/bin/python3 "$work/compare.py" "$work/thread.json" "$work/acknowledged"
b check >/dev/null
ok "bbs check finds nothing"
! grep -v 'database or disk is full' "$work/serve.err" | grep .
ok "the log has nothing else to tell"

# ---- files by ZMODEM

tm kill-server
mount -o remount,size=64m "$work/var"
head -c 7900000 /dev/urandom >"$work/gros"
sql "UPDATE member SET charter = (SELECT max(version) FROM charter)"
# zmodem WORDS WHAT…: as in zmodem.py; those words are on the screen then, and nothing is in /moi.
zmodem() {
	(cd "$work" && timeout 240 /usr/bin/python3 "$tests/zmodem.py" "$(ssh_line alba -tt)" dumb alba "${@:2}") >"$work/seen" 2>&1 &&
		tr '\n' ' ' <"$work/seen" | grep -q "$1" && [ "$(openssh alba file list /moi --csv | wc -l)" = 1 ] && return
	sed 's/^/# /' "$work/seen"
	return 1
}
zmodem 'Il n’y a presque plus de place .*Aucun fichier n’a été reçu' full gros var/ballast
ok "no room while a file comes, and room again: a sentence, and no file with a hole in it"
fill && zmodem 'Il n’y a plus de place sur le disque' refused
ok "no room from the first: a sentence"
rm "$work/var/filler" && mount -o remount,size=16m "$work/var"

# ---- a start

stop
b council list >/dev/null && [ ! -e "$store-wal" ] && fill
b council list 2>"$work/said" >/dev/null
is_refused "$store: $no_room"
ok "where there is no room to open the store, a command says so"
timeout 20 "$bbs" -c "$work/bbs.conf" serve >"$work/serve.out" 2>"$work/said"
is_refused "$store: $no_room"
ok "so does serve, exit 1"
room 1M
start && [ "$(echo "Pour finir." | openssh alba thread reply "$thread" | grep -c '^[0-9]*$')" = 1 ] && stop && b check >/dev/null
ok "with room it starts, and all is well"
