#!/bin/bash
# What is around a file, by its commands: the recent ones.
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
stop
