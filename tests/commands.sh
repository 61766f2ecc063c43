#!/bin/bash
# Commands on the machine, through the real program on a store of its own: what each does, prints and
# refuses. B: the build's folder. Prints "ok …" and "not ok …"; exit 1 when one failed.
set -u
bbs=$(realpath "${B:-build}")/bbs
work=$(mktemp -d)
failed=0
export HOME=$work LC_ALL=C.UTF-8
unset BBS_NOW LANGUAGE
trap 'rm -rf "$work"; exit $failed' EXIT
cd "$work" || exit 1
printf '[store]\npath = var/bbs.sqlite\n' >bbs.conf

# b WORD…: runs the program; its words are in out and err.
b() { LC_ALL=en "$bbs" "$@" >out 2>err; }

# ok NAME: the last command's status is the result.
ok() {
	local status=$?
	if [ $status = 0 ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		sed 's/^/# out: /' out
		sed 's/^/# err: /' err
		failed=1
	fi
}

# fails STATUS PATTERN WORD…: ends with that status, the sentence on standard error, no results.
fails() {
	local status=$1 pattern=$2
	shift 2
	b "$@"
	[ $? = "$status" ] && grep -q -- "$pattern" err && [ ! -s out ]
}

# json EXPRESSION: what was printed is JSON, and the expression on it (as `it`) is true.
json() {
	/usr/bin/python3 -c 'import json, sys
it = json.load(open("out"))
sys.exit(not eval("(" + sys.argv[1] + ")"))' "$1"
}

# ---- help, and what is not understood

b help && grep -q '^thread read  ' out && grep -q '^council difference  ' out && [ ! -s err ]
ok "help lists the commands"
b help thread && grep -q '^thread new --board SLUG --title TITLE \[--attach FILE\]$' out && grep -q 'JSON and CSV: id, thread' out &&
	! grep -q '^member' out
ok "help NOUN documents its options and JSON columns"
b council list --help && grep -q '^council list ' out
ok "--help"
[ ! -e var ]
ok "help needs no store"
fails 2 'thread list' thread && fails 2 'chaise' chaise && fails 2 '--json' council list --jason &&
	fails 2 'TITLE' thread new --board x && fails 2 'a number' journal --limit many && fails 2 'helpful' help helpful
ok "what is not understood: usage on standard error, status 2"
fails 1 . check && fails 1 . backup copy && [ ! -e var/bbs.sqlite ]
ok "no store is made by check or backup"

# ---- councils

b council add --name 'Les Garrigues' --communes 30189 --email conseil@example.org && grep -qx '[0-9]*' out
ok "council add prints the number alone"
first=$(cat out)
b council add --name 'Rive Haute' --communes '49353' --resource-name 'Rosa Roux' --resource-email rosa@example.org &&
	b council show "$(cat out)" --json && json 'it["resource_name"] == "Rosa Roux"'
ok "council add with a resource person"
fails 1 already council add --name 'les garrigues' --communes 30189
ok "council add: the same twice"
fails 1 'communes: a code' council add --name Ailleurs --communes 99999 &&
	fails 1 '--email' council set "$first" --email 'no address' && fails 1 . council show 999
ok "council add, set, show: refusals name the field"
b council show "$first" --json && json 'it["id"] == '"$first"' and it["name"] == "Les Garrigues"
	and it["town"] == "Nîmes" and it["department"] == "30" and it["resource_public"] is False'
ok "council show --json"
b council set "$first" --page facebook.example.com/garrigues --resource-public yes && b council show "$first" &&
	grep -q 'https://facebook.example.com/garrigues' out
ok "council set"
b council list --department 30 --json && json '[c["name"] for c in it] == ["Les Garrigues"]' &&
	b council list --department gard --csv && [ "$(wc -l <out)" = 2 ] && fails 1 département council list --department 00
ok "council list --department"
b council list --filter 'mai rive' --json && json 'len(it) == 1' && b council list --limit 1 && [ "$(wc -l <out)" = 2 ]
ok "council list --filter, --limit"
b council list --as visiteur --json && json 'all(c["resource_name"] == "" for c in it if not c["resource_public"])'
ok "council list: a visitor sees no resource person"

b council history "$first" --json && json '[(v["version"], v["cause"], v["fields"]) for v in it] ==
	[(2, "edit", "page resource_public"), (1, "add", "")]' && b council history "$first" && grep -q 'Page' out &&
	b council difference "$first" 2 && grep -q '^Page: (nothing) → https://facebook.example.com/garrigues$' out
ok "council history, difference"
b council restore "$first" 1 && b council show "$first" --json && json 'it["page"] == "" and not it["resource_public"]' &&
	fails 1 'like that already' council restore "$first" 1 && fails 1 . council restore "$first" 99 &&
	b council restore "$first" 2 && b council history "$first" --limit 1 --json && json 'it[0]["cause"] == "restore" and len(it) == 1'
ok "council restore"

# What a real parser makes of the cards (of Debian, whatever python comes first).
cards() { # EXPRESSION on the list of cards, `it`
	/usr/bin/python3 -c "
import sys, vobject
raw = open('out', 'rb').read()
assert raw.count(b'\n') == raw.count(b'\r\n') and all(len(l) <= 75 for l in raw.split(b'\r\n'))
it = list(vobject.readComponents(raw.decode()))
sys.exit(not ($1))"
}
b council set "$first" --description $'Réunions ; le mardi, à 18 h\\\nSalle « Jean-Moulin », derrière l’école élémentaire, porte éèàùçôîêâ' &&
	b council show "$first" --vcard && cards 'len(it) == 1 and it[0].fn.value == "Les Garrigues (Nîmes)" and
	it[0].org.value == ["Les Garrigues"] and it[0].adr.value.city == "Nîmes" and it[0].adr.value.region == "Gard" and
	it[0].email.value == "conseil@example.org" and it[0].url.value == "https://facebook.example.com/garrigues" and
	it[0].note.value == "Réunions ; le mardi, à 18 h\\\nSalle « Jean-Moulin », derrière l’école élémentaire, porte éèàùçôîêâ"'
ok "council show --vcard: escaped and folded, for a real parser"
b council export --vcard && cards '[c.fn.value for c in it] == ["Les Garrigues (Nîmes)", "Rive Haute (Trélazé)"] and
	"Rosa Roux" in it[1].note.value and it[1].email.value == "rosa@example.org"' &&
	b council export --vcard --department 49 --as visiteur && cards 'len(it) == 1 and "email" not in it[0].contents and
	"note" not in it[0].contents'
ok "council export --vcard: the resource person for members only"

b council list --stale --json && json 'it == []' && BBS_NOW=$(($(date +%s) + 366 * 86400)) b council list --stale --json &&
	json 'len(it) == 2' && BBS_NOW=$(($(date +%s) + 366 * 86400)) b council list --stale --department 49 --csv && [ "$(wc -l <out)" = 2 ] &&
	fails 2 stale council list --stale --filter rive && b council check "$first" && b council history "$first" --limit 1 --json &&
	json 'it[0]["cause"] == "check"'
ok "council list --stale, council check"

printf 'name,communes,email\nLes Garrigues,30189,autre@example.org\n' >change.csv
b council import change.csv --dry-run && grep -q 'Mail of the council: conseil@example.org → autre@example.org' out &&
	b council show "$first" --json && json 'it["email"] == "conseil@example.org"'
ok "council import --dry-run: what would change, in words"
b council export --csv && cp out before.csv && head -n 1 out | grep -q '^id,name,communes,town,' && b council import before.csv &&
	grep -q '2 the same' out
ok "council export, imported again: the same"
printf 'Nom;Communes\nLa Pinède;30007\nLes Garrigues;30189\n;30189\n' | iconv -t ISO-8859-1 >new.csv
b council import new.csv --dry-run --csv && grep -q '^2,add,,La Pinède,' out && grep -q '^3,same,' out && grep -q '^4,refused,' out &&
	b council list --filter pinede --json && json 'it == []'
ok "council import --dry-run: row by row, nothing written"
b council import new.csv
[ $? = 1 ] && grep -q 'Recorded: 1 added, 0 changed; 1 the same, 1 refused' out && grep -q 'refused: 1' err &&
	b council list --filter pinede --json && json 'len(it) == 1'
ok "council import records, and says what it refused"
printf 'name,town\nLe Port,Saint-Denis\n' >town.csv
b council import town.csv --json
[ $? = 1 ] && json 'it[0]["fate"] == "refused" and it[0]["reason"] != ""'
ok "council import: a town of which there are several is refused, with the reason"
fails 1 . council import nowhere.csv && printf 'a,b\n1,2\n' >bad.csv && b council import bad.csv
[ $? = 1 ] && [ -s err ]
ok "council import: no file, no name column"

# Somebody at a terminal is asked.
ask() { # ANSWER
	/usr/bin/python3 - "$1" "$bbs" <<-'END' >out 2>err
		import os, pty, sys
		pid, fd = pty.fork()
		if pid == 0:
		    os.environ["LC_ALL"] = "en"
		    os.execv(sys.argv[2], [sys.argv[2], "council", "import", "asked.csv"])
		seen, answered = b"", False
		while True:
		    try:
		        more = os.read(fd, 4096)
		    except OSError:
		        break
		    if not more:
		        break
		    seen += more
		    if b"(yes or no)" in seen and not answered:
		        os.write(fd, sys.argv[1].encode() + b"\n")
		        answered = True
		sys.stdout.write(seen.decode())
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
}
printf 'name,communes\nLe Canal,30028\n' >asked.csv
ask no
[ $? = 1 ] && grep -q 'Nothing is recorded yet: 1 to add' out && b council list --filter canal --json && json 'it == []'
ok "council import at a terminal: no"
ask yes && grep -q 'Recorded: 1 added' out && b council list --filter canal --json && json 'len(it) == 1'
ok "council import at a terminal: yes"

# ---- people

ssh-keygen -q -t ed25519 -N '' -C bureau -f key
echo 'une phrase longue' | b member add alba --name 'Alba Martin' --email Alba@Example.org --council "$first" \
	--role member --password-stdin && grep -qx '[0-9]*' out && b member show alba --json &&
	json 'it["given"] == "Alba" and it["family"] == "Martin" and it["email"] == "alba@example.org"
	and it["state"] == "active" and it["password"] and it["council_id"] == '"$first"
ok "member add --password-stdin"
b member add denise --name 'Denise de La Tour' --email denise@example.org --role animator --territory 30 --key key.pub &&
	b member show denise --json && json 'it["family"] == "de La Tour" and it["territory"] == "30"
	and not it["password"]' && b member key denise --json && json 'it[0]["type"] == "ssh-ed25519"'
ok "member add --key"
b member add sofia --name 'Sofia Roux' --email sofia@example.org --role sysop --key - <key.pub
ok "member add --key -: standard input"
add=(--name 'Bruno Diallo' --email bruno@example.org --role member)
echo court >short
fails 2 '--password-stdin' member add bruno "${add[@]}" && fails 1 characters member add bruno "${add[@]}" --password-stdin <short &&
	fails 1 'ssh-ed25519' member add bruno "${add[@]}" --key bbs.conf && fails 1 . member add bruno "${add[@]}" --key nowhere &&
	fails 1 taken member add alba "${add[@]}" --key key.pub && fails 1 login member add 'b c' "${add[@]}" --key key.pub &&
	fails 1 'family name' member add bruno --name Bruno --email b@example.org --role member --key key.pub &&
	fails 1 'another member' member add bruno --name 'B D' --email alba@example.org --role member --key key.pub &&
	fails 1 council member add bruno "${add[@]}" --council 999 --key key.pub &&
	fails 1 territory member add bruno "${add[@]}" --territory 00 --key key.pub &&
	fails 2 role member add bruno --name 'B D' --email b@example.org --role king --key key.pub &&
	fails 1 bruno member show bruno
ok "member add: refusals say what is wrong, and add nobody"
b member role alba resource && b member show alba --json && json 'it["role"] == "resource"' &&
	b member role alba animator --territory R76 && b member show alba --json && json 'it["territory"] == "R76"' &&
	b member role alba member && fails 2 role member role alba king && fails 1 nobody member role nobody member
ok "member role"
b council handover "$first" alba && b council show "$first" --json && json 'it["resource_name"] == "Alba Martin" and
	it["resource_email"] == ""' && fails 1 'named already' council handover "$first" alba &&
	fails 1 'no member of this council' council handover "$first" denise && fails 2 LOGIN council handover "$first" &&
	b council accept "$first" --as alba && b council show "$first" --json && json 'it["resource_email"] == "alba@example.org"' &&
	b member show alba --json && json 'it["role"] == "resource"' && fails 1 'Nobody has' council decline "$first" --as alba &&
	b council handover "$first" --name 'Odile Petit' && b council show "$first" --json &&
	json 'it["resource_name"] == "Odile Petit" and not it["resource_public"]' && b council history "$first" --limit 3 --json &&
	json '[v["cause"] for v in it] == ["handover"] * 3' && b member role alba member
ok "council handover, accept, decline"
echo 'une autre phrase' | b member password alba && fails 1 characters member password alba <short &&
	echo ALBA@example.org >same && fails 1 neither member password alba <same
ok "member password"
b member key alba --add key.pub && b member key alba && grep -q bureau out && fails 1 already member key alba --add key.pub && b member key alba --json &&
	id=$(/usr/bin/python3 -c 'import json; print(json.load(open("out"))[0]["id"])') && b member key alba --remove "$id" &&
	b member key alba --json && json 'it == []' && fails 1 . member key alba --remove 999
ok "member key"
b member list --json && json '[m["login"] for m in it] == ["sofia", "denise", "alba"]' &&
	b member list --state waiting --json && json 'it == []' && fails 2 state member list --state king &&
	b member list --limit 1 --csv && [ "$(wc -l <out)" = 2 ]
ok "member list"
fails 1 nobody member approve nobody && fails 1 decided member approve alba && fails 2 reason member refuse alba
ok "member approve, refuse: nobody waits"
b member list --filter 'mart al' --json && json '[m["login"] for m in it] == ["alba"]' &&
	b member list --filter zz --json && json 'it == []' && fails 1 filter member list --state waiting --filter al --as alba
ok "member list --filter"
fails 1 reason member suspend alba --reason ' ' && b member suspend alba --reason 'Propos blessants' &&
	b member list --state suspended --json && json '[m["login"] for m in it] == ["alba"]' &&
	fails 1 suspended member suspend alba --reason x && fails 1 . thread list --as alba &&
	b member reinstate alba && fails 1 'not suspended' member reinstate alba && fails 1 . member suspend sofia --reason x --as denise
ok "member suspend, reinstate"
b council list --limit 1 --json && other=$(/usr/bin/python3 -c 'import json; print(json.load(open("out"))[0]["id"])') &&
	b member council alba --none && b member show alba --json && json 'it["council_id"] is None' &&
	b member council alba "$other" && b member show alba --json && json "it['council_id'] == $other" &&
	b member council alba "$first" && fails 1 council member council alba 999 && fails 2 . member council alba
ok "member council"
b journal --about alba --act suspend
[ $? = 2 ] && b journal --act suspend --json && json 'len(it) == 1 and it[0]["target"] == "Alba Martin"' &&
	b journal --by sofia --json && json 'it == []' && b journal --about alba --json && json '"reinstate" in [a["act"] for a in it]' &&
	b journal --since 2000-01-01 --until 2000-01-02 --json && json 'it == []' && fails 2 day journal --since hier
ok "journal --by, --act, --about, --since, --until"
b outbox list --state due --json && json 'it and all(m["state"] == "due" for m in it)' &&
	id=$(/usr/bin/python3 -c 'import json; print(json.load(open("out"))[0]["id"])') && fails 1 'due or sent' outbox again "$id" &&
	b outbox list --state given-up --json && json 'it == []' && fails 1 . outbox again 999 && fails 2 state outbox list --state lost
ok "outbox list --state, outbox again"

# ---- the forum

b board add place --title Place --level public &&
	b board list --json && json '{"questions", "place"} <= {b["slug"] for b in it} and all("id" in b for b in it)' &&
	b board list --as visiteur --json && json '[b["slug"] for b in it] == ["place"]'
ok "board add, list"
fails 1 already board add place --title Place && fails 1 already board add questions --title Questions && fails 1 letters board add 'La Place' --title x &&
	fails 2 level board add x --title x --level council && fails 1 'no board' board set nowhere --title x &&
	b board set place --title 'Place publique' && b board list --json && json '"Place publique" in [b["title"] for b in it]'
ok "board add, set: refusals"
printf 'Bonjour,\n\nqui a une salle ?\n' | b thread new --board questions --title 'Un local pour nos réunions ?' --as alba &&
	grep -qx '[0-9]*' out
ok "thread new prints the number alone"
thread=$(cat out)
echo 'Nous.' | b thread reply "$thread" && reply=$(cat out) && [ "$reply" -gt "$thread" ] &&
	b thread read "$thread" --json && json '[p["number"] for p in it] == [1, 2] and it[0]["author"] == "Alba Martin"
	and it[0]["body"].startswith("Bonjour,\n") and it[1]["answers"] == 1 and it[0]["title"].startswith("Un local")'
ok "thread reply, read --json"
b thread read "$reply" && grep -q "^Message 2 (#$reply), reply to message 1" out
ok "thread read by the number of a message"
fails 1 'no board' thread new --board nowhere --title x </dev/null && fails 1 empty thread new --board questions --title x </dev/null &&
	fails 1 . thread reply 999999 <short && fails 1 discussion thread read "$first" &&
	fails 1 members thread new --board place --title x --as visiteur <short &&
	fails 1 nobody thread reply "$thread" --as nobody <short && fails 1 discussion thread read "$thread" --as visiteur
ok "thread new, reply, read: refusals"
head -c 1100000 /dev/zero | tr '\0' x >big && fails 1 long thread reply "$thread" <big
ok "thread reply: 1 MiB is too long"
printf 'un\033[31m rouge\033[0m \342\200\256mot\377\n' | b thread reply "$thread" && b thread read "$thread" && ! grep -q $'\033' out &&
	grep -q 'un rouge mot' out
ok "thread reply: control characters are cleaned"
b thread list --board questions --json && json 'len(it) == 1 and it[0]["posts"] == 3 and it[0]["id"] == '"$thread" &&
	b thread list --as visiteur --json && json 'it == []' && fails 1 'no board' thread list --board nowhere
ok "thread list"
b unread --as denise --json && json 'it[0]["unread"] == 3 and it[0]["id"] == '"$thread" && b unread --as denise &&
	grep -q 'Unread messages: 3' out && fails 1 members unread --as visiteur
ok "unread"
b thread mute "$thread" --as denise && b unread --as denise --json && json 'it == []' &&
	b thread list --as denise --json && json 'it[0]["follow"] == "muted" and not it[0]["new"]' &&
	b thread follow "$reply" --as denise && b unread --as denise && grep -q 'of these in your discussions: 3' out &&
	b board mute questions --as denise && b unread --as denise --json && json 'len(it) == 1' &&
	b thread unfollow "$thread" --as denise && b unread --as denise --json && json 'it == []' &&
	b board follow questions --as denise && b unread --as denise && grep -q 'of these in your discussions: 1' out &&
	b board unfollow questions --as denise && b board list --as denise --json && json 'all(b["follow"] == "" for b in it)' &&
	fails 1 discussion thread follow 999999 && fails 1 'no board' board mute nowhere &&
	fails 1 members thread mute "$thread" --as visiteur && fails 1 members board follow questions --as visiteur
ok "thread and board: follow, mute, unfollow"
b search 'LOCAUX reunion' --json && json 'it == []' && b search local REUNION --json && json 'len(it) == 1'
ok "search: accents, capitals and plurals are folded"

# ---- keeping the talk in order

echo 'Avez-vous une salle ?' | b thread edit "$thread" --as alba && b thread read "$thread" --json &&
	json 'it[0]["body"] == "Avez-vous une salle ?" and it[0]["edited"]' && b thread history "$thread" --json &&
	json '[v["version"] for v in it] == [2, 1] and it[1]["body"].startswith("Bonjour,")' &&
	b thread history "$thread" --as alba --csv && fails 1 author thread history "$thread" --as denise &&
	fails 1 may thread edit "$thread" --as denise <short
ok "thread edit, history"
b report new "$reply" --reason 'Publicité' --as alba && fails 1 already report new "$reply" --reason x --as alba &&
	fails 1 members report new "$thread" --reason x --as visiteur && fails 2 reason report new "$thread" &&
	fails 1 may report list --as alba && b report list --json &&
	json 'it[0]["reason"] == "Publicité" and it[0]["message"] == '"$reply" && number=$(/usr/bin/python3 -c 'import json; print(json.load(open("out"))[0]["id"])') &&
	b report close "$number" --word 'Une annonce utile.' && fails 1 closed report close "$number" --word x &&
	b report list --csv && [ "$(wc -l <out)" -eq 1 ] && b notice list --as alba --json &&
	json 'it[0]["kind"] == "report-dismissed" and it[0]["body"] == "Une annonce utile." and not it[0]["seen"]'
ok "report new, list, close; notice list"

# ---- those who are on line

echo 'Tu viens ce soir ?' | b word send denise --as alba && grep -q 'Denise.* is not here' out && b word list --as denise --json &&
	json 'it[0]["login"] == "alba" and it[0]["body"] == "Tu viens ce soir ?" and not it[0]["seen"]' &&
	b word list --sent --as alba --csv && grep -q '^id,login,name,created,body' out && grep -q ',denise,.*ce soir' out &&
	b word list --as alba --json && json 'it == []' && fails 1 member word send personne --as alba <short &&
	fails 1 'somebody else' word send alba --as alba <short && fails 1 members word list --as visiteur &&
	fails 1 empty word send denise --as alba </dev/null
ok "word send, list"
b member presence --as denise --json && json 'it == { "seen": True, "words": True }' &&
	b member presence --unseen --no-words --as denise && b member presence --as denise --csv && grep -q '^no,no' out &&
	fails 1 'no short words' word send denise --as alba <short && b member presence --words --as denise &&
	b member presence --as denise --json && json 'it == { "seen": False, "words": True }'
ok "member presence"
echo 'Bonjour à tous' | b line add --as alba && b line list --as denise --csv && grep -q 'Alba.*,no,Bonjour à tous' out &&
	number=$(b line list --json && python3 -c 'import json; print(json.load(open("out"))[0]["id"])') &&
	fails 1 may line hide "$number" --as alba && b line hide "$number" && fails 1 already line hide "$number" &&
	b line list --as alba --json && json 'it[0]["hidden"]' && fails 1 hidden line add --as alba <short &&
	b line show "$number" && fails 1 members line list --as visiteur && fails 1 members line add --as visiteur <short
ok "line add, list, hide, show"
b callers --as alba --json && json 'all(c["called"] for c in it)' && fails 1 members callers --as visiteur
ok "callers"
fails 1 may thread hide "$thread" --reason x --as alba && fails 1 empty thread hide "$thread" --reason ' ' &&
	b thread hide "$thread" --reason 'Hors sujet' && fails 1 already thread hide "$thread" --reason x &&
	b thread read "$thread" --as denise --json &&
	json 'it[0]["body"] == "" and it[0]["title"] == "" and it[0]["state"] == "hidden" and it[0]["reason"] == "Hors sujet"' &&
	b thread read "$thread" --as denise && grep -q 'hidden by the animators: Hors sujet' out && ! grep -q salle out &&
	b search local --as denise --json && json 'it == []' &&
	b thread list --board questions --as denise --json && json 'it[0]["title"] == "" and it[0]["hidden"]' &&
	b notice list --as alba && grep -q 'Hors sujet' out && b outbox list --json && json 'any(m["kind"] == "hidden" for m in it)' &&
	b thread show "$thread" && b thread read "$thread" --as denise && grep -q salle out
ok "thread hide, show"
b thread lock "$thread" && fails 1 closed thread reply "$thread" <short && fails 1 closed thread edit "$thread" --as alba <short &&
	b thread unlock "$reply" && b thread pin "$thread" && fails 1 already thread pin "$thread" && b thread unpin "$thread" &&
	fails 1 may thread lock "$thread" --as alba && fails 1 discussion thread lock 999999
ok "thread lock, unlock, pin, unpin"
b thread split "$reply" --title 'Nous aussi' && [ "$(cat out)" = "$reply" ] && b thread list --board questions --json &&
	json '{t["title"] for t in it} == {"Un local pour nos réunions ?", "Nous aussi"}' &&
	fails 1 'first message' thread split "$thread" --title x && fails 1 same thread merge "$thread" --into "$thread" &&
	b thread merge "$reply" --into "$thread" && b thread list --board questions --json && json '[t["posts"] for t in it] == [3]' &&
	b thread move "$reply" --board place && b thread list --board place --as visiteur --json && json 'len(it) == 1' &&
	fails 1 'no board' thread move "$thread" --board nowhere && b thread move "$thread" --board questions &&
	b journal --json && json '{"hide", "show", "lock", "unlock", "pin", "unpin", "split", "merge", "move"} <= {j["act"] for j in it}'
ok "thread split, merge, move: all in the journal"
# ---- the store's health

b store status --json && json 'it["size"] > 100000 and it["schema"] >= 7 and it["last_backup"] is None' && b backup copy.sqlite && b check &&
	b store status --json && json 'it["last_backup"] and it["last_check"] and it["last_faults"] == 0' && rm copy.sqlite &&
	b store tables --json && json '[x["rows"] for x in it if x["table"] == "member"][0] > 3' && fails 1 . store status --as alba
ok "store status, tables"

# ---- a part of the store

printf '[store]\npath = part.sqlite\n' >part.conf
b council extract "$first" part.sqlite && b -c part.conf check && b -c part.conf council list --json && json "[c['id'] for c in it] == [$first]" &&
	fails 1 already council extract "$first" part.sqlite && fails 1 council council extract 999 other.sqlite && [ ! -e other.sqlite ] &&
	fails 2 department council extract part.sqlite && rm part.sqlite* && b council extract part.sqlite --department 30 &&
	b -c part.conf council list --json && json 'len(it) >= 2' && b -c part.conf member list --json && json 'len(it) >= 1' &&
	fails 1 . council extract "$first" other.sqlite --as alba && rm part.sqlite*
ok "council extract"

# ---- settings

b setting list --json && json '[x for x in it if x["name"] == "approvals_needed"][0]["value"] == 2' &&
	b setting set approvals_needed 3 && b setting get approvals_needed && grep -qx 3 out &&
	fails 1 '1 to 20' setting set approvals_needed 0 && fails 1 setting setting get nothing && fails 1 . setting set approvals_needed 2 --as alba &&
	b setting set approvals_needed 2
ok "setting list, get, set"

# ---- the charter

fails 1 'no charter' charter show
ok "charter show: none yet"
echo 'Soyons aimables.' | b charter set && b charter show && grep -qx 'Soyons aimables.' out &&
	fails 1 empty charter set </dev/null
ok "charter set, show"
b charter list --json && json 'len(it) == 1 and it[0]["version"] == 1 and it[0]["accepted"] == 0' &&
	b charter show 1 && grep -qx 'Soyons aimables.' out && fails 1 version charter show 7 && fails 1 . charter list --as alba
ok "charter list, an older version"
fails 1 'accepted the charter' thread list --as alba && b charter show --as alba && b thread list --as visiteur
ok "who has not accepted the charter gets a sentence"
b member add bruno "${add[@]}" --key key.pub && b whoami --as bruno --json && json 'it["login"] == "bruno" and it["role"] == "member"'
ok "member add counts as accepted on paper"

# ---- the machine

b whoami --json && json 'it["role"] == "sysop"' && b whoami --as guest --json && json 'it["id"] == 0'
ok "whoami"
b who --json && json 'it == []'
ok "who"
b ban add bruno --days 2 --reason 'Trop fort' && b ban add 2001:db8::7 && b ban list --json &&
	json '[(it[0]["kind"], it[0]["what"]), (it[1]["what"], it[1]["reason"])] == [("source", "2001:db8::/64"), ("bruno", "Trop fort")]'
ok "ban add, ban list"
fails 1 'Trop fort' council list --as bruno && fails 1 'neither an address' ban add nobody && fails 2 'from 1 to' ban add bruno --days 0 &&
	fails 1 . ban list --as alba && b ban remove bruno && b ban remove 2001:db8::9 && fails 1 'not shut out' ban remove bruno
ok "who is shut out, refusals, ban remove"
b jobs --once --json && json '[j["job"] for j in it] == ["candidates", "sweep", "files", "texts", "checkpoint"]' && [ ! -s err ] &&
	fails 2 'jobs --once' jobs && fails 1 . jobs --once --as bruno
ok "jobs --once"
b journal --json && json 'it[0]["id"] > it[-1]["id"] and {"act", "actor", "object", "created"} <= set(it[0])' &&
	b journal --limit 2 --csv && [ "$(wc -l <out)" = 3 ] && ! grep -rq 'une phrase longue' var && fails 1 . journal --as bruno
ok "journal, and no password in it or anywhere"
b outbox list --state sent --json && json 'it == []' && b outbox list --json && json '"handover" in {m["kind"] for m in it}' &&
	fails 1 outbox outbox show 999
ok "outbox: nothing sent"
b council add --name 'Les Garigues' --communes 30189 && twin=$(cat out) && b council merge "$twin" --into "$first" &&
	fails 1 . council show "$twin" && b council list --filter garigues --json && json 'it == []' &&
	fails 1 itself council merge "$first" --into "$first" && fails 1 . council merge 999 --into "$first" && b check
ok "council merge"
b board add vieux --title 'Vieille rubrique' && b board set vieux --close && b board list --json &&
	json '[x["closed"] for x in it if x["slug"] == "vieux"] == [True]' &&
	fails 1 . thread new --board vieux --title x --as alba <bbs.conf && b board set vieux --open &&
	b board list --json && json '[x["closed"] for x in it if x["slug"] == "vieux"] == [False]'
ok "board set --close, --open"
b check && grep -q 'in order' out && fails 1 . check --as bruno
ok "check"
b backup copy.sqlite && [ "$(sqlite3 copy.sqlite 'SELECT count(*) FROM member WHERE id > 1')" = 4 ] &&
	fails 1 already backup copy.sqlite && fails 1 written backup nowhere/copy && [ "$(stat -c %a copy.sqlite)" = 600 ]
ok "backup"
fails 1 'host keys' hostkey
ok "hostkey: none yet"
sqlite3 var/bbs.sqlite "UPDATE thread SET posts = 9" && b check
[ $? = 1 ] && grep -q 'count is wrong' out && grep -q 'Faults' err
ok "check finds what is wrong"
fails 1 already demo
ok "demo: never beside members"
"$bbs" council list >/dev/full 2>err
[ $? = 1 ] && [ -s err ]
ok "a full output is said"
"$bbs" thread read "$thread" | true
[ "${PIPESTATUS[0]}" -le 1 ]
ok "a closed output is no crash"
LC_ALL=fr_FR.UTF-8 "$bbs" help >out 2>err && grep -q 'Les conseils, par nom' out
ok "help in French"

# ---- the demonstration

demo() { # STORE SEED [OPTION…]
	printf '[store]\npath = %s/bbs.sqlite\n' "$1" >"$1.conf"
	BBS_NOW=1790000000 b -c "$1.conf" demo --seed "${@:2}"
}
start=$SECONDS
demo one 7 && grep -q 'ssh -p 2222 alba@localhost' out && [ $((SECONDS - start)) -le 30 ]
ok "demo fills an empty store and says how to connect"
b -c one.conf check && b -c one.conf board list --json &&
	json '{"projets", "actualites", "questions", "besoins", "territoire-30"} <= {b["slug"] for b in it}' &&
	b -c one.conf council list --json && json 'len(it) == 61 and sum(c["department"] == "30" for c in it) == 8' &&
	b -c one.conf member list --state waiting --json && json 'len(it) == 4' &&
	b -c one.conf member list --state active --json && json '100 <= len(it) <= 250' &&
	b -c one.conf thread list --json && json 'len(it) >= 55'
ok "demo: councils, people, boards, talk"
BBS_NOW=1790000000 b -c one.conf unread --as alba --json && json 'len(it) > 5 and all(t["last_at"] < "2026-09-21T14" for t in it)' &&
	b -c one.conf thread list --as visiteur --json && json '{t["board"] for t in it} == {"Actualités"}'
ok "demo: what is new for Alba, what visitors see"
b -c one.conf member approve maya --as alba && b -c one.conf member show maya --json && json 'it["state"] == "active"' &&
	b -c one.conf outbox list --json && json 'it[0]["kind"] == "welcome" and it[0]["to"] == "maya@example.org"' &&
	b -c one.conf outbox show 1 && grep -q 'Maya\|Subject' out
ok "demo: a peer's second yes makes a member, and a mail"
b -c one.conf member refuse jean-claude --reason 'Pas du quartier' 2>/dev/null
b -c one.conf member list --state waiting --json && waiting=$(/usr/bin/python3 -c 'import json; print(json.load(open("out"))[0]["login"])') &&
	b -c one.conf member refuse "$waiting" --reason 'Pas du quartier' && b -c one.conf member show "$waiting" --json &&
	json 'it["state"] == "refused"'
ok "member refuse decides, on the machine"
demo two 7 && demo three 8 && for store in one two three; do
	b -c $store.conf thread list --csv && cp out $store.threads && b -c $store.conf council export && cp out $store.councils
done && cmp -s one.threads two.threads && cmp -s one.councils two.councils && ! cmp -s two.councils three.councils
ok "demo: the same for the same seed, another for another"
demo large 7 --councils 70 --members 300 --posts 700 &&
	b -c large.conf council list --json && json 'len(it) == 70' && b -c large.conf check &&
	b -c large.conf member list --state active --json && json 'len(it) > 300' && [ "$(sqlite3 large/bbs.sqlite \
	    "SELECT count(*) > 1000 AND count(*) = count(DISTINCT id) FROM item WHERE kind = 'message'")" = 1 ]
ok "demo at size: so many councils, members and posts more"
fails 2 members -c one.conf demo --posts 5
ok "demo: somebody must write the posts"
fails 1 already -c one.conf demo && fails 2 seed -c one.conf demo --seed x
ok "demo: once"
