#!/bin/bash
# Back-ups taken while fifty callers write: each is the store of one moment, and a store like any other.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
callers=50 backups=3
settings limits 'per_source = 0' 'per_source_waiting = 0' 'waiting = 0' 'posts_hour = 0' 'words_hour = 0'
network && start
ok "a board is open"
thread=$(echo 'On écrit ici.' | b thread new --board questions --title 'Un fil')

# writer N: posts until it is told to stop, every tenth by ssh, the others on the machine, which is faster.
# Notes what was acknowledged: the number and the words.
writer() {
	local text id n=0 post=b
	[ $(($1 % 10)) = 0 ] && post='openssh alba'
	while [ ! -e "$work/stop" ] && [ $n -lt 500 ]; do
		n=$((n + 1)) text="caller $1, message $n"
		id=$(echo "$text" | $post thread reply "$thread" 2>/dev/null)
		[[ $id =~ ^[0-9]+$ ]] && echo "$id $text" >>"$work/acknowledged"
		sleep 0.5
	done
}
acknowledged() { [ "$(wc -l <"$work/acknowledged")" -ge "$1" ]; }

: >"$work/acknowledged"
writers=()
for ((i = 0; i < callers; i++)); do
	writer $i &
	writers+=($!)
done
for ((i = 1; i <= backups; i++)); do
	until_true 60 acknowledged $((20 * i)) && cp "$work/acknowledged" "$work/before-$i" && b backup "$work/backup-$i" || break
done
[ $i -gt $backups ] && until_true 60 acknowledged $(($(wc -l <"$work/before-$backups") + 10))
ok "$backups back-ups while $callers callers write on"
: >"$work/stop"
wait "${writers[@]}"
stop
echo "# acknowledged: $(wc -l <"$work/acknowledged"); before the back-ups: $(wc -l "$work"/before-? | awk '{ printf "%s ", $1 }')"

# compare BACKUP ACKNOWLEDGED: says what is wrong, and prints the newest message that is there.
compare() { /usr/bin/python3 "${0%/*}/backup.py" "$1" "$store" "$2" "$thread"; }
newest=0
for ((i = 1; i <= backups; i++)); do
	last=$(compare "$work/backup-$i" "$work/before-$i")
	ok "back-up $i holds what was acknowledged before it, and all of one moment of the store"
	echo "# up to message $last"
	[ "$last" -gt "$newest" ]
	ok "a later moment than before"
	newest=$last

	mkdir "$work/restored-$i" && cp "$work/backup-$i" "$work/restored-$i/bbs.sqlite"
	printf '[store]\npath = restored-%d/bbs.sqlite\n' $i >"$work/restored-$i.conf"
	"$bbs" -c "$work/restored-$i.conf" check >/dev/null
	ok "restored: bbs check finds nothing"
done
echo 'On reprend.' | "$bbs" -c "$work/restored-1.conf" thread reply "$thread" >/dev/null &&
	"$bbs" -c "$work/restored-1.conf" thread read "$thread" | grep -q 'On reprend'
ok "one goes on writing in it"
for change in "DELETE FROM text WHERE item = $newest" "UPDATE text SET body = 'Autre.' WHERE item = $newest" \
	"UPDATE thread SET posts = posts + 1" "UPDATE member SET name = 'Autre' WHERE login = 'alba'"; do
	cp "$work/backup-$backups" "$work/changed" && sqlite3 "$work/changed" "$change" &&
		! compare "$work/changed" "$work/before-$backups" >/dev/null 2>>"$work/found" || break
done
[ "${change#UPDATE member}" != "$change" ] && ! compare "$work/changed" "$work/before-$backups" >/dev/null 2>&1
ok "(a back-up that is changed anywhere is told from one that is not: this test can fail)"
b check >/dev/null
ok "bbs check finds nothing in the store itself"
! grep -i 'fell\|forbidden\|sanitizer\|runtime error' "$work/serve.err"
ok "nothing fell, nothing was forbidden"
