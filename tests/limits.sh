#!/bin/bash
# Who is shut out, by address and by name, how much one may do within an hour, how long wrong passwords
# wait, who is reminded when: through real clients.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
cd "$work" || exit 1
settings limits 'posts_hour = 3' 'words_hour = 200' 'sign_ups_hour = 2' 'delay = 0' 'slow = 4'
network >/dev/null && start
ok "the board"

# from ADDRESS: what a caller by telnet hears who comes from there and says nothing
from() {
	rm -f heard
	timeout 20 socat -u "TCP:127.0.0.1:$telnet_port,bind=$1" "CREATE:$work/heard" 2>/dev/null &
	until_true 20 grep -aq "Votre nom\|adresse n'est pris jusqu'au" heard
	kill $! 2>/dev/null
	cat heard
}
shut_out_from() { from "$1" | grep -aq "adresse n'est pris jusqu'au"; }
heard_from() { from "$1" | grep -aq 'Votre nom'; }
jobs() { pgrep -P "$serve" -x bbs-jobs; }
other_jobs() { [ -n "$(jobs)" ] && [ "$(jobs)" != "$1" ]; }

# ---- by address

try "an address is heard" heard_from 127.0.0.9
b ban add 127.0.0.9 --days 2
try "shut out, it is refused at once, and told until when" until_true 5 shut_out_from 127.0.0.9
OPTIONS='-b 127.0.0.9' openssh visiteur council list >out 2>&1
[ $? = 255 ]
ok "so it is by ssh"
try "other addresses are not" heard_from 127.0.0.10
b ban remove 127.0.0.9
try "let in again, it is heard at once" until_true 5 heard_from 127.0.0.9
before=$(jobs)
kill -KILL "$before" && until_true 10 other_jobs "$before" && b ban add 127.0.0.0/26
try "after kill -9 of the jobs: a network" until_true 10 shut_out_from 127.0.0.9
try "which ends where it ends" heard_from 127.0.0.64
b ban remove 127.0.0.1/26
try "let in again" until_true 5 heard_from 127.0.0.1
b ban add 127.0.0.9
stop
start
try "serve knows it from its first moment on" shut_out_from 127.0.0.9

# ---- by name

for who in alba bruno; do
	call "$who" "$(ssh_line "$who")"
	shows "$who" 'Palabre › Accueil' || shows "$who" Charte
done
press alba f
choose alba Questions && press alba Enter
shows alba 'Palabre › Forum › Questions'
press alba n
shows alba 'Sujet' && enter alba 'Une salle'
shows alba 'Nouvelle discussion' && say alba 'Un texte déjà commencé.'
shows alba 'déjà commencé'
b ban add alba --days 3 --reason 'Insultes répétées.'
try "a member who is here is let go at once, and told until when, and why" shows alba 'Insultes répétées'
screen alba | tr -s ' \n' ' ' | grep -q 'Votre compte est fermé jusqu’au .* 20[0-9][0-9], [0-9]* h.*est gardé. Au revoir'
ok "in sentences"
try "others stay" screen_has bruno 'Palabre › Accueil'
call alba "$(ssh_line alba)"
shows alba 'Votre compte est fermé jusqu’au' && shows alba 'Insultes répétées' && screen_has alba animateur
ok "who calls again reads the same, and whom to ask"
openssh alba council list >out 2>err
[ $? = 1 ] && [ ! -s out ] && grep -q 'fermé jusqu’au .*Insultes' err
ok "commands say the same"
b ban remove alba
call alba "$(ssh_line alba)"
shows alba 'Un texte que vous avez commencé\|Un texte commencé\|gardé'
ok "let in again, she finds her draft"
hang_up alba
hang_up bruno

# ---- messages and accounts within an hour

thread=$(echo Bonjour. | openssh chantal thread new --board questions --title Salle)
echo Deux. | openssh chantal thread reply "$thread" >/dev/null && echo Trois. | openssh chantal thread reply "$thread" >/dev/null
ok "three messages go"
echo "Le quatrième." | openssh chantal thread reply "$thread" >out 2>err
[ $? = 1 ] && [ ! -s out ] && grep -q '3 messages par heure.* [0-9]' err && grep -q 'brouillon\|draft' err
ok "the fourth is refused, by a sentence that says from when on"
[ "$(sql "SELECT count(*) FROM item WHERE thread = $thread")" = 3 ] &&
	sql "SELECT body FROM draft" | grep -q 'Le quatrième'
ok "and kept as a draft"
echo "Pas celui-ci." | openssh chantal thread reply "$thread" >out 2>err
[ $? = 1 ] && ! sql "SELECT body FROM draft" | grep -q 'celui-ci' && ! grep -q 'brouillon\|draft' err
ok "which is not written over"
call chantal "$(ssh_line chantal)"
shows chantal 'est gardé' && press chantal o
shows chantal 'Le quatrième' && press chantal C-s
try "on the screen: the same sentence" shows chantal '3 messages par heure'
try "and the text stays kept" screen_has chantal 'brouillon'
hang_up chantal
seq 150 | openssh bruno thread reply "$thread" >/dev/null && ! seq 60 | openssh bruno thread reply "$thread" >out 2>err && grep -q '200 mots\|200 words' err
ok "words are counted too"
seq 60 | b thread reply "$thread" >/dev/null
ok "not those of the machine"
call new "$(ssh_line nouveau)"
shows new Inscription
sql "INSERT INTO signing (source, created) VALUES ('', strftime('%s', 'now')), ('', strftime('%s', 'now'))"
hang_up new
call new "$(ssh_line nouveau)"
try "too many accounts asked for: a sentence instead of the form" shows new '2 comptes par heure'
screen_lacks new Inscription
ok "and no form"
hang_up new

# ---- the candidates' clock, by processes that come and go

now=$(date +%s)
sql "INSERT INTO member (login, email, family, given, name, council, role, state, created)
	VALUES ('gisele', 'gisele@example.org', 'Bertin', 'Gisèle', 'Gisèle Bertin', $cigales, 'member', 'waiting', $now)"
# at HOURS: how many candidates the jobs remind of then
at() { BBS_NOW=$((now + $1 * 3600)) b jobs --once --csv | sed -n 's/^candidates,//p' | tr -d '\r'; }
told() { sql "SELECT group_concat(kind || ':' || address, ' ') FROM
	(SELECT kind, address FROM outbox WHERE kind IN ('nudge', 'urgent', 'late') ORDER BY kind, address)"; }
[ "$(at 35) $(at 36) $(at 36) $(at 47)" = '0 1 0 0' ] && [ "$(told)" = nudge:denise@example.org ]
ok "at 36 hours the animator is reminded, once"
[ "$(at 90) $(at 90) $(at 200)" = '1 0 0' ] &&
	[ "$(told)" = 'late:gisele@example.org nudge:denise@example.org urgent:denise@example.org' ]
ok "at 48 both are told it is late, once, also if nothing ran for days"

# ---- wrong passwords

# with_password LOGIN PASSWORD: one try on a line of its own, by ssh; what it took, in ms, is in took
with_password() {
	local begin status
	begin=$(date +%s%N)
	sshpass -p "$2" ssh -F "$work/ssh_config" -p "$ssh_port" -o PubkeyAuthentication=no \
		-o PreferredAuthentications=password -o NumberOfPasswordPrompts=1 "$1@127.0.0.1" whoami >/dev/null 2>&1
	status=$?
	took=$((($(date +%s%N) - begin) / 1000000))
	return $status
}
# waits FROM TO LOGIN: a wrong password is refused, after so many ms
waits() {
	! with_password "$3" 'tout faux' && [ $took -ge "$1" ] && [ $took -lt "$2" ] && return 0
	echo "# $3: $took ms"
	return 1
}
# Above, all bounds are wide: the machine may have other work.
grows() { waits 0 3000 "$1" && waits 0 3000 "$1" && waits 0 3000 "$1" && waits 1000 9000 "$1" && waits 2000 9000 "$1"; }
if has_sanitizers; then
	skip "wrong passwords wait longer each time" "times say nothing under sanitizers"
else
	grows personne & other=$!
	try "wrong passwords wait longer each time, on whatever line" grows denise
	try "as long for a name that there is not" wait $other
	waits 4000 9000 personne & other=$!
	waits 4000 9000 denise && waits 4000 9000 denise && waits 4000 9000 denise && wait $other
	ok "and never longer than bbs.conf says"
	begin=$(date +%s%N)
	openssh denise whoami >/dev/null && [ $((($(date +%s%N) - begin) / 1000000)) -lt 3500 ]
	ok "a key does not wait"
	with_password denise motdepasse && [ $took -ge 4000 ] && [ $took -lt 9000 ]
	ok "nor is the right password refused, it waits as the wrong ones"
	try "after which the count begins anew" waits 0 3500 denise
	begin=$(date +%s%N)
	# Coming in as somebody else on the same line takes none of them back.
	{ sleep 0.5; printf 'inconnu\r\n'; for _ in 1 2 3 4; do sleep 0.5; printf 'tout faux\r\n'; done
		sleep 3; printf '\r\n'; sleep 1; printf 'visiteur\r\n'; sleep 2; } |
		timeout 15 socat -t 0.2 - "TCP:127.0.0.1:$telnet_port" >out 2>/dev/null
	with_password inconnu 'tout faux'
	grep -aq 'Vous visitez' out && [ $took -ge 2000 ]
	ok "wrong ones by telnet count too"
fi
