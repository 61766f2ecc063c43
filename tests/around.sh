#!/bin/bash
# What is around a file, by its commands: the recent ones, following, what is said of it; reported,
# hidden, shown again; who has seen it.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
network && start
sql "UPDATE member SET charter = (SELECT max(version) FROM charter)"
practice=/departements/30-gard/1-echanges-de-bonnes-pratiques

id=$(echo un | openssh alba file put $practice/un.txt) && echo deux | openssh bruno file put /mon-conseil/deux.txt >/dev/null &&
	[ "$(openssh alba file list --recent --csv | sed -n '2,3s/^[0-9]*,\([^,]*\),.*/\1/p' | tr '\n' ' ')" = \
		"/mon-conseil/deux.txt $practice/un.txt " ]
ok "the last changed first, by their paths"
! openssh chantal file list --recent --csv | grep deux.txt && openssh chantal file list --recent --csv | grep -q "^$id,$practice/un.txt" &&
	! openssh visiteur file list --recent --csv | grep un.txt
ok "of what each may read"
[ "$(openssh alba file list --recent --limit 1 --csv | wc -l)" = 2 ] && ! openssh alba file list --recent /moi 2>/dev/null
ok "so many, and of no single folder"

openssh chantal file follow $practice && openssh chantal file follow "$id" && openssh chantal file follow /ressources/boite-a-outils &&
	[ "$(openssh chantal file list --followed --csv | cut -d, -f2 | tr '\n' ' ')" = \
		"name $practice $practice/un.txt /ressources/boite-a-outils " ]
ok "followed: folders and a file, by their paths"
! openssh chantal file follow /departements 2>"$work/err" && grep -q "rien n’est dépos" "$work/err" &&
	! openssh chantal file follow /mon-conseil/deux.txt 2>/dev/null && ! openssh visiteur file follow $practice 2>/dev/null
ok "not where nothing is put, not what is not there for whoever asks, not by a visitor"
notices() { sql "SELECT kind FROM notice n JOIN member m ON m.id = n.member WHERE m.login = '$1' AND kind LIKE 'file-%' ORDER BY n.id" | tr '\n' ' '; }
echo trois | openssh bruno file put $practice/trois.txt >/dev/null && echo quatre | openssh bruno file put $practice/quatre.txt >/dev/null &&
	echo un de plus | openssh alba file put $practice/un.txt >/dev/null && [ "$(notices chantal)" = 'file-in file-version ' ]
ok "one word of what came in, one of the other version"
openssh chantal file unfollow "$id" && openssh chantal file unfollow $practice && sql "UPDATE notice SET seen = 1" &&
	echo cinq | openssh alba file put $practice/un.txt >/dev/null && [ "$(notices chantal)" = 'file-in file-version ' ]
ok "let go, no other word"

post=$(echo "Bonne idée." | openssh chantal thread reply "$id") && echo "Merci." | openssh alba thread reply "$post" >/dev/null &&
	openssh bruno thread read "$id" | grep -q "Bonne idée" && [ "$(openssh bruno thread read "$id" --csv | wc -l)" = 3 ] &&
	openssh bruno thread print "$id" | head -1 | grep -q '^un.txt$'
ok "said of a file, answered, read, printed"
openssh bruno search "Bonne idée" | grep -q 'un.txt'
ok "found by its words"
openssh alba file level "$id" council && ! openssh chantal thread read "$id" 2>/dev/null && ! openssh visiteur thread read "$id" 2>/dev/null &&
	openssh bruno thread read "$id" | grep -q "Bonne idée" && ! openssh chantal search "Bonne idée" | grep -q un.txt
ok "read by those who read the file"
openssh alba file rm "$id" && ! openssh bruno thread read "$id" 2>/dev/null && ! echo non | openssh bruno thread reply "$post" 2>/dev/null &&
	openssh alba file restore "$id" && openssh bruno thread read "$id" | grep -q "Bonne idée"
ok "gone with the file while that is in the bin"

openssh bruno file report "$id" --reason "'Une personne y est nommée.'" && ! openssh bruno file report "$id" --reason encore 2>"$work/err" &&
	grep -q "déjà signalé" "$work/err" && openssh denise report list --csv | grep -q "^[0-9]*,$id,.*nommée" &&
	! openssh alba file hide "$id" --reason non 2>/dev/null && openssh denise file hide "$id" --reason "'Sans accord.'" &&
	! openssh bruno file get "$id" 2>/dev/null && [ "$(openssh alba file get "$id")" = cinq ] && ! openssh denise report list --csv | grep -q "^[0-9]*,$id,"
ok "reported, hidden by who animates there: its author alone has it"
! openssh alba file rm "$id" 2>/dev/null && openssh denise file unhide "$id" && [ "$(openssh bruno file get "$id")" = cinq ]
ok "not thrown away meanwhile; shown again"

seen() { openssh alba file seen "$1" --csv | sed 1d | cut -d, -f2 | sort | tr '\n' ,; }
fetch() { timeout 60 "$1" -F "$work/ssh_config" -P "$ssh_port" -i "$work/key-$2" "${@:3}" >/dev/null 2>&1; }
six=$(echo six | openssh alba file put $practice/six.txt) && openssh alba file get "$six" >/dev/null && [ -z "$(seen "$six")" ] &&
	openssh bruno file get "$six" >/dev/null && openssh bruno file get "$six" >/dev/null && [ "$(seen "$six")" = 'Bruno Diallo,' ]
ok "who has fetched it, but for its author; once"
! openssh bruno file seen "$six" 2>/dev/null
ok "not for others to know"
fetch sftp chantal "chantal@127.0.0.1:$practice/six.txt" "$work/one" && cmp "$work/one" <(echo six) && seen "$six" | grep -q Chantal
ok "by sftp"
fetch scp denise -O "denise@127.0.0.1:$practice/six.txt" "$work/two" && cmp "$work/two" <(echo six) && seen "$six" | grep -q Denise
ok "by scp's old protocol"
openssh alba file level "$six" public && openssh visiteur file get "$six" >/dev/null &&
	[ "$(sql "SELECT count(*) FROM seen WHERE item = $six")" = 3 ]
ok "a visitor is nobody"
b check >/dev/null
ok "check is clean"
stop
