#!/bin/bash
# The whole program over ssh: commands with the rights of whoever calls, the linear face without a
# terminal, what is refused, limits, and whether wrong passwords tell who exists.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
settings limits 'tries = 3' 'delay = 300' 'slow = 0' 'per_source = 6' 'per_source_waiting = 3' 'grace = 4'
network && start
ok "a board is open"

# refused STATUS LOGIN WORD…: that command says why not on standard error, and nothing else.
refused() {
	local status=$1
	shift
	openssh "$@" >"$work/out" 2>"$work/err" </dev/null
	[ $? = "$status" ] && [ ! -s "$work/out" ] && [ -s "$work/err" ] && return 0
	sed 's/^/# out: /' "$work/out"
	sed 's/^/# err: /' "$work/err"
	return 1
}
json() { /usr/bin/python3 -c 'import json, sys
it = json.load(sys.stdin)
sys.exit(not eval(sys.argv[1]))' "$1"; }

# ---- commands

openssh alba council list --csv >"$work/councils" && head -n 1 "$work/councils" | grep -q '^id,name,' &&
	[ "$(wc -l <"$work/councils")" = 3 ] && ! grep -q $'\r' "$work/councils"
ok "council list --csv: a heading, two lines, no CR"
openssh alba council list --department 30 --json | json 'len(it) == 1 and it[0]["town"] == "Nîmes"'
ok "council list --department --json"
id=$(printf 'Où est la clef de la salle ?\nMerci.\n' | openssh alba thread new --board questions --title "'Les clefs de l’école'")
[[ $id =~ ^[0-9]+$ ]] && b thread read "$id" --json |
	json 'it[0]["author"] == "Alba Martin" and it[0]["body"] == "Où est la clef de la salle ?\nMerci."'
ok "thread new takes its text from standard input and prints the number alone"
reply=$(echo 'Chez le gardien.' | openssh bruno thread reply "$id") && [ "$reply" -gt "$id" ]
ok "thread reply"
openssh chantal unread --json | json 'len(it) == 1 and it[0]["id"] == '"$id"' and it[0]["unread"] == 2' &&
	openssh bruno unread --json | json 'it[0]["unread"] == 1'
ok "unread counts what others wrote"
for words in 'clef' 'CLEFS ecole' 'clés' 'école clef' "l’ecole"; do
	found=$(openssh bruno search --json "$words" | grep -c "\"id\": $id,")
	[ "$words" = clés ] && wanted=0 || wanted=1
	[ "$found" = "$wanted" ]
	ok "search $words: $wanted"
done
[ "$(openssh alba whoami --json | json 'it["login"] == "alba" and it["role"] == "member"' && echo yes)" = yes ]
ok "whoami"
call alba "$(ssh_line alba)"
shows alba 'Palabre › Accueil'
openssh bruno who --json | json '[p["name"] for p in it].count("Alba Martin") == 1'
ok "who shows the one who is here"
hang_up alba
gone() { openssh bruno who --json | json '"Alba Martin" not in [p["name"] for p in it]'; }
try "and not once the line is cut" until_true "$patience" gone
openssh alba help | grep -q '^thread new' && ! openssh alba help | grep -q '^backup'
ok "help lists what there is over ssh"
openssh visiteur help | grep -q '^thread read' && ! openssh visiteur help | grep -q '^thread new\|^ban add' &&
	! openssh alba help | grep -q '^ban add' && openssh alba help ban | grep -q '^ban add'
ok "and of that what its reader can do; by its name, all"
refused 2 alba thread new --board && refused 2 alba chaise && refused 2 alba thread new "'open"
ok "what is not understood: status 2"
refused 2 alba thread new --board questions --title Une salle && grep -q "'Two words'\|'Deux mots'" "$work/err"
ok "words that the caller's shell has parted: told how to keep them together"
refused 1 alba thread new --board nulle-part --title x && refused 1 alba thread reply 9999 && refused 1 alba thread reply "$id"
ok "what cannot be: status 1, a missing board, a missing message, an empty text"
refused 1 alba member add x --name "'X Y'" --email x@example.org --role sysop --key - && refused 1 alba journal &&
	refused 1 alba board add y --title Y && refused 1 alba outbox list && refused 1 alba member role alba sysop
ok "a member is no sysop"
refused 1 alba backup /tmp/x
ok "what is for the machine is not for callers"
refused 2 alba thread list --as denise
ok "nobody is somebody else"

# ---- keeping order before readers' eyes

talk=$(echo 'Qui veut partager un minibus ?' | openssh alba thread new --board questions --title "'Le minibus'")
rude=$(echo 'Quelle sottise.' | openssh chantal thread reply "$talk")
call bruno "$(ssh_line bruno)"
shows bruno 'Palabre › Accueil' && press bruno f && choose bruno Questions && press bruno Enter &&
	choose bruno 'Le minibus' && press bruno Enter && shows bruno 'Quelle sottise'
ok "a discussion is read"
refused 1 alba thread hide "$rude" --reason x && openssh denise thread hide "$rude" --reason "'Restons polis.'" &&
	shows bruno 'Message masqué par les animateurs : Restons polis' && loses bruno 'Quelle sottise' &&
	openssh chantal notice list --json | json 'it[0]["kind"] == "hidden" and it[0]["body"] == "Restons polis."'
ok "what an animator hides goes from under the eyes of whoever reads it; its author is told why"
press bruno r && shows bruno Ctrl-S && say bruno 'Je viens avec vous.' && shows bruno 'Je viens' &&
	openssh denise thread lock "$talk" && press bruno C-s && shows bruno 'discussion est fermée' && shows bruno 'gardé en brouillon'
ok "closed while one writes: a sentence, and the text is kept"
openssh denise thread unlock "$talk" && press bruno Escape && shows bruno Sujet && press bruno Enter && shows bruno 'minibus ?' &&
	press bruno r && shows bruno 'Je viens' && openssh denise thread merge "$talk" --into "$id" && press bruno C-s &&
	shows bruno 'jointe à une autre' && b thread read "$id" | grep -q 'Je viens avec vous'
ok "joined to another while one writes: the reply goes along, and is read on there"
hang_up bruno
head -c 1100000 /dev/zero | tr '\0' a | openssh alba thread reply "$id" >"$work/out" 2>"$work/err"
[ $? = 1 ] && [ ! -s "$work/out" ] && [ -s "$work/err" ]
ok "a text of a megabyte is refused in a sentence"
dirty=$(printf 'a\033[31mb\007\xff\xc3(c\xe2\x80\xaed\r\ne\0f' | openssh alba thread reply "$id")
b thread read "$dirty" --json | json '(lambda s: "\x1b" not in s and "\u202e" not in s and "\x07" not in s
	and s.startswith("a") and "\ne" in s)(it[-1]["body"])'
ok "escape sequences, bidi overrides and bytes that are no UTF-8 never get in"

# ---- a visitor, a candidate, the charter

echo Bonjour. | b thread new --board place --title 'Fête' >/dev/null
openssh visiteur board list --json | json '[x["slug"] for x in it] == ["place"]' &&
	openssh visiteur thread list --json | json '[x["title"] for x in it] == ["Fête"]' &&
	openssh visiteur search clefs --json | json 'it == []' && openssh visiteur council list --csv | grep -q Cigales
ok "a visitor reads what is public"
refused 1 visiteur thread read "$id" && refused 1 visiteur thread new --board place --title x &&
	refused 1 visiteur who && refused 1 visiteur unread && refused 1 visiteur member list
ok "and that is all"

printf '%s\n' '' Jeanne Colin cigal 1 jeanne@example.org '' '' motdepasse motdepasse 'Bonjour.' '' '' '' o 0 o |
	OPTIONS=-T openssh nouveau >"$work/signed" 2>&1
b member list --state waiting --json | json 'it[0]["login"] == "jeanne"' && ! grep -q motdepasse "$work/signed"
ok "-T: a sign-up by lines from a pipe"
printf '%s\n' '' Jeanne Colin cigal 1 jeanne@example.org '' >"$work/half"
OPTIONS=-T openssh nouveau <"$work/half" >"$work/signed" 2>&1 && [ "$(sql 'SELECT count(*) FROM member')" = 6 ]
ok "half of one, and the pipe ends: the session ends too, nobody is added"
ssh-keygen -q -t ed25519 -N '' -f "$work/key-jeanne" && b member key jeanne --add "$work/key-jeanne.pub"
openssh jeanne whoami --json | json 'it["state"] == "waiting"' &&
	openssh jeanne board list --json | json '[x["slug"] for x in it] == ["place"]' &&
	refused 1 jeanne thread new --board place --title x && refused 1 jeanne thread read "$id" &&
	refused 1 jeanne who && refused 1 jeanne member approve jeanne
ok "a candidate is a visitor with a name"
openssh alba member approve jeanne >/dev/null && openssh bruno member approve jeanne >/dev/null &&
	openssh jeanne thread read "$id" >/dev/null
ok "two peers approve by commands; the candidate is a member at once"
refused 1 chantal member approve jeanne && refused 1 bruno member approve jeanne
ok "approving twice, or whom one may not"

echo 'Une autre charte.' | b charter set
echo Non. | openssh alba thread reply "$id" >"$work/out" 2>"$work/err"
[ $? = 1 ] && [ ! -s "$work/out" ] && grep -q charte "$work/err" && ! b thread read "$id" | grep -q Non
ok "who has not accepted the charter as it is now is told so, and nothing is done"
printf 'o\n0\n' | OPTIONS=-T openssh alba >"$work/out" && grep -q 'Une autre charte' "$work/out" &&
	grep -q 'Accueil. Alba Martin' "$work/out" && echo Oui. | openssh alba thread reply "$id" >/dev/null
ok "-T: accepts it by a line; then commands work"

# ---- faces

printf '2\n' | OPTIONS=-T openssh visiteur >"$work/out" && grep -q 'Annuaire' "$work/out" && ! grep -q $'\033' "$work/out"
ok "-T: the linear face, no escape sequence"
call bruno "TERM=dumb $(ssh_line bruno)"
shows bruno 'on accepte cette charte' && enter bruno o && shows bruno 'Accueil. Bruno Diallo'
ok "a terminal that can do nothing: the linear face"
press bruno C-c && press bruno C-d && press bruno C-z && press bruno C-s && enter bruno '' && shows bruno 'rien n’est perdu'
ok "Ctrl-C, D, Z and S do no harm"
hang_up bruno

# ---- what is refused

OPTIONS="-M -S $work/control" openssh visiteur -N &
master=$!
until_true "$patience" test -S "$work/control"
ssh -S "$work/control" -F none x whoami >"$work/first" 2>&1 </dev/null
ssh -S "$work/control" -F none -o BatchMode=yes x whoami >"$work/second" 2>&1 </dev/null
grep -q . "$work/first" && ! cmp -s "$work/first" "$work/second"
ok "one channel a connection: a second gets no answer"
ssh -S "$work/control" -F none -O exit x 2>/dev/null
wait $master
OPTIONS='-W 127.0.0.1:22' openssh visiteur 2>&1 </dev/null | grep -q 'forwarding failed'
ok "-W is refused"
OPTIONS='-R 0:127.0.0.1:22 -o LogLevel=INFO' openssh alba whoami >"$work/out" 2>"$work/err" &&
	grep -q forwarding "$work/err" && grep -q alba "$work/out"
ok "-R is refused, the command runs"
OPTIONS='-A' DISPLAY=:9 openssh alba whoami | grep -q alba
ok "agent and X11 are not given, the command runs"
OPTIONS=-s refused 1 visiteur netconf
ok "a subsystem other than sftp is refused in a sentence"

# ---- limits

began=${EPOCHREALTIME/./}
expect >"$work/tries" <<-EXPECT
	log_user 0
	set timeout 20
	spawn ssh -F $work/ssh_config -p $ssh_port -o PreferredAuthentications=password -o NumberOfPasswordPrompts=9 alba@127.0.0.1
	for {set i 0} {\$i < 9} {incr i} {
		expect {
			"assword: " { send "mauvais mot\r" }
			eof { puts "\$i \$expect_out(buffer)"; break }
		}
	}
EXPECT
took=$(((${EPOCHREALTIME/./} - began) / 1000))
grep -q '^3 ' "$work/tries" && grep -q "Trop d'essais\|Too many tries" "$work/tries" && ! grep -q '\\[0-9]' "$work/tries" && [ $took -ge 600 ]
ok "three wrong passwords, a pause after each, then a sentence ($took ms)"
for name in alba personne; do
	expect <<-EXPECT
		log_user 0
		set timeout 20
		spawn ssh -F $work/ssh_config -p $ssh_port -o LogLevel=INFO \\
			-o PreferredAuthentications=keyboard-interactive $name@127.0.0.1
		expect "assword: "
		send "mauvais mot\r"
		expect "ne va pas avec ce nom" { } timeout { exit 1 } eof { exit 1 }
		expect "assword: " { exit 0 } timeout { exit 1 }
	EXPECT
	ok "a wrong password is said before the next question: $name"
done
call faux "telnet 127.0.0.1 $telnet_port"
shows faux 'Votre nom :' && enter faux alba && for _ in 1 2 3; do
	shows faux 'Mot de passe :' && enter faux 'mauvais mot' && loses faux '•'
done
shows faux 'status'
ok "over telnet too"
openssh alba whoami >/dev/null
ok "the right key then opens the door (this machine is never shut out)"

# Three say nothing: the fourth is refused, until grace is over.
silent=()
for _ in 1 2 3; do
	sleep 30 | nc 127.0.0.1 "$ssh_port" >>"$work/banner" &
	silent+=($!)
done
banners() { [ "$(grep -ac SSH-2.0 "$work/banner")" -ge "$1" ]; }
until_true "$patience" banners 3
! openssh visiteur whoami >/dev/null 2>&1
ok "three callers of one address who do not log in keep a fourth out"
timeout 20 nc 127.0.0.1 "$telnet_port" </dev/null | tr -d '\r' | grep -q 'Trop d.appels\|Too many calls'
ok "who is told so, over telnet"
until_true 20 openssh visiteur whoami >/dev/null 2>&1
ok "until their time is over"
kill "${silent[@]}" 2>/dev/null
wait "${silent[@]}" 2>/dev/null
for i in 1 2 3 4 5 6; do
	call "v$i" "$(ssh_line visiteur)"
	shows "v$i" 'Palabre › Accueil' || break
done
! openssh visiteur whoami >/dev/null 2>&1
ok "six who are in are the most of one address"
for i in 1 2 3 4 5 6; do hang_up "v$i"; done
try "and when they are gone others come in" until_true "$patience" eval 'openssh visiteur whoami >/dev/null 2>&1'

! grep -i 'forbidden\|fell\|sanitizer\|runtime error' "$work/serve.err"
ok "nothing fell, nothing was forbidden"
