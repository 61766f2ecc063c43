#!/bin/bash
# ZMODEM in a visit, through a real ssh and a real telnet in a terminal with the real sz and rz beside it, in both
# faces: byte for byte, broken off, given up, lied to, past what is allowed.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
tests=$(realpath "${0%/*}")
settings files 'size = 4' 'quota = 8' 'refused = exe bat'
network && start && sql "UPDATE member SET charter = (SELECT max(version) FROM charter)"
ok "a board is open"
cd "$work" || exit 1
export PATIENCE=$patience
telnet="telnet 127.0.0.1 $telnet_port"

# caller LOGIN WIRE TERM WHAT…: as in zmodem.py; what it saw is in the file $1.seen
caller() {
	local who=$1 wire=$2
	shift 2
	[ "$wire" = ssh ] && wire="$(ssh_line "$who" -tt)"
	timeout 200 /usr/bin/python3 "$tests/zmodem.py" "$wire" "$1" "$who" "${@:2}" >"$who.seen" 2>&1 && return
	tail -n 40 "$who.seen" | sed 's/^/# /'
	return 1
}
full=xterm-256color lines=dumb
seen() { tr '\n' ' ' <"$1.seen" | grep -q -- "$2" || { sed 's/^/# /' "$1.seen"; false; }; }
# kept LOGIN FILE…: it is in /moi, byte for byte
kept() {
	local who=$1 file
	shift
	for file; do
		openssh "$who" file get "'/moi/$file'" </dev/null | cmp - "$file" || return 1
	done
}
own() { openssh "$1" file list /moi --csv | cut -d, -f2 | tail -n +2 | sort; }
folders() { [ "$(find var -maxdepth 1 -name '*-transfer-*' | wc -l)" -le "$1" ]; }

# Nobody answers: that takes as long as it takes, beside all the rest, and one folder.
(caller denise ssh $lines silent put) &
silent=$!

: >vide
printf x >un
head -c 300000 /dev/urandom >hasard
/usr/bin/python3 - >octets <<-'END'
	import sys
	for n in range(400):
	    sys.stdout.buffer.write(b"\r~.\n~.\r\n~?\x1d\xff\xff\xf4\r\0\x11\x13\x18\x18" + bytes(range(256)))
	END
cp octets 'Été à la salle d’en bas.bin'
cp hasard ./-tiret
files=(vide un hasard octets 'Été à la salle d’en bas.bin' ./-tiret)
mkdir in

# ---- there and back

caller alba ssh $full put "${files[@]}" && seen alba '6 fichiers reçus'
ok "ssh, the whole screen: six files in one batch"
kept alba "${files[@]}"
ok "each is there, byte for byte"
caller bruno "$telnet" $lines put "${files[@]}" && seen bruno '6 fichiers reçus : -tiret, hasard, octets, un, vide, Été' && kept bruno "${files[@]}"
ok "telnet, in lines: the same"
there_and_back() { # LOGIN WIRE TERM WORD FILE
	rm -f in/*
	caller "$1" "$2" "$3" get "$4" in && cmp "in/${5#./}" "$5" && seen "$1" 'est arrivé sur votre machine'
}
there_and_back alba ssh $lines octets octets && there_and_back alba ssh $full salle "${files[4]}" && there_and_back alba ssh $full tiret ./-tiret
ok "ssh: fetched, byte for byte, whatever the name"
there_and_back bruno "$telnet" $full hasard hasard && there_and_back bruno "$telnet" $lines octets octets && there_and_back bruno "$telnet" $lines vide vide
ok "telnet: fetched, byte for byte, an empty one too"
deaf() { # LOGIN WIRE TERM
	rm -f in/*
	caller "$@" deaf vide in && cmp in/vide vide && seen "$1" 'est arrivé sur votre machine'
}
deaf alba ssh $lines && deaf bruno "$telnet" $full
ok "a program that missed the last word is told again: nothing of its asking is taken for typing"
caller bruno "$telnet -8" $full put ./in/vide && seen bruno 'vide : Ce nom est déjà pris' && kept bruno vide
ok "a name that is taken: a sentence, and what was there stays"
caller bruno "$telnet" $full get octets in && rm in/octets && : >in/octets && caller bruno "$telnet" $full get octets in && seen bruno 'n’a pas voulu octets' && [ ! -s in/octets ]
ok "a program that skips what it has: no word of its having come"
until_true 5 folders 1
ok "no folder of theirs is left"

# ---- broken off

own alba >before
caller alba ssh $full cut hasard && cp hasard neuf && caller alba "$telnet" $lines cut neuf && until_true 10 folders 1 && own alba | cmp - before
ok "cut in the midst of it: nothing is there, the folder is gone"
cp un premier
cp un deuxième
has() { own "$1" | grep -qx "$2"; }
caller alba ssh $full cut premier neuf && until_true 10 has alba premier && until_true 10 folders 1 && kept alba premier &&
	caller alba "$telnet" $lines cut premier deuxième neuf && until_true 10 has alba deuxième && until_true 10 folders 1 && kept alba premier deuxième
ok "cut in the midst of a batch: the files that had come whole are there"
! has alba neuf && openssh alba file rm /moi/premier && openssh alba file rm /moi/deuxième && own alba | cmp - before
ok "and no other"
caller alba ssh $lines fallen "$store" neuf && seen alba 'a été interrompu. Aucun fichier' && own alba | cmp - before
ok "the board's rz falls: what it leaves is not kept"
caller alba ssh $full give-up put && seen alba 'a été interrompu. Aucun fichier' && caller alba ssh $lines give-up get hasard && seen alba 'a été interrompu'
ok "ssh: Ctrl-X gives the screen back, and its keys"
caller bruno "$telnet" $full give-up get hasard && seen bruno 'a été interrompu' && caller bruno "$telnet" $lines give-up put && seen bruno 'a été interrompu'
ok "telnet: the same"

# ---- names

lies() {
	for evil in ../../x ../x /tmp/x "$work/x" d/x; do
		caller alba ssh $lines name "$evil" && seen alba 'Aucun fichier n’a été reçu' || return
	done
}
lies
ok "a name that leads out of the folder: a sentence"
own alba | cmp - before && [ ! -e /tmp/x ] && [ -z "$(find . -name x)" ]
ok "and nothing anywhere"
caller alba ssh $lines name $'a\tb\e]0;z\ac' && seen alba 'ne peut pas porter ce nom' && own alba | cmp - before
ok "a name that is none: a sentence"
caller alba "$telnet" $full name $'\xe9t\xe9.txt' && [ "$(openssh alba file get /moi/été.txt)" = dehors ]
ok "a name in another charset is read"

# ---- more than there may be

cp un virus.exe
head -c 4200000 /dev/urandom >trop
caller chantal ssh $lines put virus.exe && seen chantal 'virus.exe : .*cette sorte' && caller chantal ssh $full put trop && seen chantal 'dépasse la taille' && [ -z "$(own chantal)" ]
ok "a kind that is refused, a file that is too large: a sentence, nothing kept"
head -c 3900000 /dev/urandom >gros1
tee gros2 gros3 gros4 <gros1 >/dev/null
caller chantal ssh $lines put gros1 gros2 gros3 gros4 && seen chantal '2 fichiers reçus : gros1, gros2' && seen chantal 'plus de place\|n’a de place' && kept chantal gros1 gros2
ok "more than there is room for: what came before is kept, the rest has a sentence"
caller bruno "$telnet" $lines stalled gros1 "$store" "$serve" && kept bruno gros1
ok "a sender whom nobody reads waits, and loses nothing"
grew=$(sed -n 's/^grew //p' bruno.seen)
echo "# all processes of the board together grew by $grew KiB"
[ "$grew" -lt 2000 ]
ok "meanwhile the board keeps little of it"

caller chantal ssh $full crowd 3 && caller chantal "$telnet" $lines crowd 3
ok "one account has so many transfers at once: a sentence"

for keys in 'Z' '\x1b' 'q' '\x03'; do
	caller alba ssh $full typed put "$keys" && seen alba 'Aucun programme' &&
		[ "$(sed -n 's/^# after \(.*\) s$/\1/p' alba.seen)" -lt 8 ] || { false; break; }
done && caller bruno "$telnet" $lines typed put Z && seen bruno 'Aucun programme'
ok "somebody types where a program was to answer: it is over at once"

wait "$silent" && seen denise 'Aucun programme'
ok "nobody answers: given up by itself, and the keys are heard"
sed -n 's/^# after/# given up after/p' denise.seen
until_true 5 folders 0 && [ "$(grep -cv 'rz ended by signal \(11\|25\)$' serve.err)" = 0 ]
ok "no folder is left, nothing in the log"
