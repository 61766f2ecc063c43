#!/bin/bash
# The file areas by their commands, on the machine and over ssh: sent and fetched byte for byte, resumed, moved,
# thrown away and put back; who reads what; kill -9 while files are sent.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
settings files 'size = 20' 'quota = 70' 'refused = exe bat'
network && start
sql "UPDATE member SET charter = (SELECT max(version) FROM charter)"
ok "a board is open"
practice=/departements/30-gard/1-echanges-de-bonnes-pratiques

# refused PATTERN LOGIN WORD…: that command is, with a sentence like that on standard error and nothing else
refused() {
	local pattern=$1
	shift
	! openssh "$@" >"$work/out" 2>"$work/err" </dev/null && [ ! -s "$work/out" ] && grep -q "$pattern" "$work/err" && return
	sed 's/^/# /' "$work/out" "$work/err"
	return 1
}
# gone LOGIN PATH: does not exist for him, whatever is asked
gone() {
	refused 'existe pas' "$1" file get "'$2'" && refused 'existe pas' "$1" file show "'$2'" && refused 'existe pas' "$1" file list "'$2'"
}

[ "$(openssh visiteur file list --csv | cut -d, -f2 | tr '\n' ' ')" = 'name departements ressources ' ] &&
	[ "$(openssh alba file list --csv | cut -d, -f2 | tr '\n' ' ')" = \
		'name departements groupes ressources partages mon-departement mon-conseil moi ' ]
ok "the top of the tree, for a visitor and for a member"

head -c 3000001 /dev/urandom >"$work/photo.jpg"
id=$(openssh alba file put "'$practice/Une photo d’été.jpg'" <"$work/photo.jpg") && [ "$id" -gt 0 ] &&
	openssh bruno file get "$id" | cmp - "$work/photo.jpg" &&
	openssh bruno file get "'$practice/Une photo d’été.jpg'" | cmp - "$work/photo.jpg"
ok "a file over ssh and back, byte for byte, by its number and its path"
openssh bruno file list $practice | grep -q 'Une photo d.été.jpg .*fichier .*3000001 .*Alba Martin'
ok "in the list: who, how large"
printf '' | openssh alba file put $practice/vide.txt >/dev/null && [ -z "$(openssh bruno file get $practice/vide.txt)" ]
ok "an empty file"
second=$(echo deux | openssh alba file put "'$practice/Une photo d’été.jpg'") && [ "$second" = "$id" ] &&
	[ "$(openssh bruno file get "$id")" = deux ] && openssh alba file get "$id" --version 1 | cmp - "$work/photo.jpg" &&
	openssh alba file versions "$id" --csv | cut -d, -f1,2 | tr '\n' ' ' | grep -q 'version,size 2,5 1,3000001 '
ok "sent again it is a new version, and the old one is there"

echo "Le jardin des Cigales, au printemps." | openssh alba file describe "$id" && openssh bruno file show "$id" | grep -q printemps
ok "described"
openssh alba file mkdir "'$practice/Jardins partagés'" >/dev/null && openssh alba file move "$id" "'$practice/Jardins partagés'" &&
	[ "$(openssh bruno file get "'$practice/Jardins partagés/Une photo d’été.jpg'")" = deux ] && gone bruno "$practice/Une photo d’été.jpg"
ok "a folder, and the file moved into it"
not_fetched() { refused 'est un dossier.: file list .*scp -r' alba file get "$1"; }
not_fetched /departements/30-gard && not_fetched /moi && not_fetched / && not_fetched "'$practice/Jardins partagés'"
ok "a folder or a shelf is not fetched by this command, with what does so"
refused 'pas vide.*--whole' alba file rm "'$practice/Jardins partagés'" && openssh alba file rm "'$practice/Jardins partagés'" --whole &&
	gone bruno "$practice/Jardins partagés/Une photo d’été.jpg" && openssh alba file bin | grep -q 'Jardins partagés'
ok "thrown away as a whole, when that is said"
folder=$(openssh alba file bin --csv | grep Jardins | cut -d, -f1) && openssh alba file restore "$folder" &&
	[ "$(openssh bruno file get "$id")" = deux ]
ok "and put back"

# What waits in the log of writes is less than what the jobs are told of (sqlite.org/walformat.html, 2.1): they have
# put it away, long before a session would have done so itself.
put_away() {
	python3 -c 'import struct, sys
head = open(sys.argv[1], "rb").read(100)
sys.exit(struct.unpack_from("=I", head, 16)[0] - struct.unpack_from("=I", head, 96)[0] >= 1000)' "$store-shm"
}
head -c 5000000 /dev/urandom | openssh alba file put /moi/gros >/dev/null && until_true 5 put_away &&
	openssh alba file rm /moi/gros
ok "the jobs put the log away as soon as it is long"

# ---- who reads what

openssh alba file level "$id" me && gone bruno "$id" && openssh alba file level "$id" named bruno &&
	[ "$(openssh bruno file get "'/partages/Une photo d’été.jpg'")" = deux ] && gone chantal "$id" && gone visiteur "$id" &&
	openssh alba file level "$id" public && [ "$(openssh visiteur file get "$id")" = deux ]
ok "for oneself, for somebody by name, for everybody"
openssh alba file level "$id" named chantal "'Bruno Diallo'" && [ "$(openssh bruno file get "$id")" = deux ] &&
	! openssh alba file level "$id" named bruno deniz 2>"$work/err" && grep -q deniz "$work/err" &&
	! openssh alba file level "$id" members bruno 2>"$work/err" && grep -q named "$work/err" &&
	[ "$(openssh chantal file get "$id")" = deux ] && gone visiteur "$id" && openssh alba file level "$id" public
ok "persons by their names in full; a name that is nobody's is said, and nothing is changed"
echo privé | openssh alba file put /moi/carnet.txt >/dev/null && gone bruno /moi/carnet.txt &&
	echo conseil | openssh alba file put /mon-conseil/compte-rendu.txt >/dev/null &&
	[ "$(openssh bruno file get /mon-conseil/compte-rendu.txt)" = conseil ] && gone chantal /mon-conseil/compte-rendu.txt &&
	echo public | openssh bruno file put /mon-conseil/public/affiche.txt >/dev/null &&
	openssh visiteur file list /ressources/publications-des-conseils | grep -q 'Les Cigales, Nîmes' &&
	[ "$(openssh visiteur file get "'/ressources/publications-des-conseils/Les Cigales, Nîmes/affiche.txt'")" = public ]
ok "one's own, the council's, what it makes public"
refused 'pas ouverte' chantal file put $practice/intrus.txt && refused 'pas ouverte' alba file put /ressources/boite-a-outils/x &&
	refused 'pas ouverte' chantal file rm "$id" && echo outil | openssh denise file put /ressources/boite-a-outils/outil.txt >/dev/null
ok "who may not write there is told so; animators fill the toolbox"
echo de Bruno | openssh alba file put $practice/note.txt >/dev/null && openssh alba file level $practice/note.txt me &&
	echo "d'Alba" | openssh bruno file put $practice/note.txt >/dev/null &&
	openssh alba file list $practice | grep -q 'note (2).txt' && openssh bruno file list $practice | grep -vq 'note (2)' &&
	[ "$(openssh alba file get "'$practice/note (2).txt'")" = "d'Alba" ]
ok "a name taken by what one cannot see is free; who sees both sees a second one"

# ---- every viewer before every level, by every way out (ssh reads the standard input: the tables come by another)

mkdir "$work/short"
by_sftp() { # LOGIN PATH ID: L where its folder lists it, G where it comes, N from its short address, O from that by scp's old protocol
	local who=$1 path=$2 name=${2##*/} key=
	[ -f "$work/key-$who" ] && key="-i $work/key-$who"
	rm -f "$work/got" "$work/short/"*
	# shellcheck disable=SC2086 # words
	printf -- '-ls -1 "%s"\n-get "%s" "%s"\n-get /fichiers/%s/* "%s"\n' "${path%/*}" "$path" "$work/got" "$3" "$work/short" |
		sftp -q -b - -F "$work/ssh_config" -P "$ssh_port" $key "$who@127.0.0.1" >"$work/listed" 2>/dev/null
	grep -q "/$name *$" "$work/listed" && printf L
	[ "$(cat "$work/got" 2>/dev/null)" = "$name" ] && printf G
	[ "$(cat "$work/short/$name" 2>/dev/null)" = "$name" ] && printf N
	rm -f "$work/short/"*
	# shellcheck disable=SC2086 # words
	scp -O -q -F "$work/ssh_config" -P "$ssh_port" $key "$who@127.0.0.1:/fichiers/$3/*" "$work/short" 2>/dev/null
	[ "$(cat "$work/short/$name" 2>/dev/null)" = "$name" ] && printf O
}
ways() { # LOGIN PATH ID: a letter for each way by which he has it: listed, shown, by number, by path, found, previewed, sftp's
	local who=$1 path=$2 id=$3 name=${2##*/} folder=${2%/*}
	openssh "$who" file list "$folder" --csv 2>/dev/null | grep -q ",$name," && printf l
	openssh "$who" file show "$path" >/dev/null 2>&1 && printf s
	[ "$(openssh "$who" file get "$id" 2>/dev/null)" = "$name" ] && printf n
	[ "$(openssh "$who" file get "$path" 2>/dev/null)" = "$name" ] && printf p
	by_screen "$who" "$name"
	by_sftp "$who" "$path" "$id"
}
by_screen() { # LOGIN NAME: t where the search of the folders, in lines, finds it; v where its page shows what is in it
	printf '%s\n' dossiers "/$2" 1 'l' 0 0 0 quitter oui | openssh "$1" -T >"$work/lines" 2>/dev/null
	grep -q "^1 $2" "$work/lines" && printf t
	[ "$(grep -c "^$2" "$work/lines")" -gt 0 ] && printf v
}
walk=/departements/30-gard/2-formations-supports-pedagogiques
all=lsnptvLGNO wrong=
while read -r -u 3 level visitor alba bruno chantal denise; do
	printf 'niveau-%s' "$level" | openssh alba file put "$walk/niveau-$level" >"$work/id"
	# shellcheck disable=SC2046 # a word or none
	openssh alba file level "$walk/niveau-$level" "$level" $([ "$level" = named ] && echo chantal)
	for who in visiteur:"$visitor" alba:"$alba" bruno:"$bruno" chantal:"$chantal" denise:"$denise"; do
		has=$(ways "${who%:*}" "$walk/niveau-$level" "$(cat "$work/id")")
		[ "$has" = "$([ "${who#*:}" = yes ] && echo $all)" ] || wrong="$wrong $level:${who%:*}:$has"
	done
done 3<<-END
	me       no  yes no  no  no
	named    no  yes no  yes no
	council  no  yes yes no  no
	members  no  yes yes yes yes
	public   yes yes yes yes yes
END
[ -z "$wrong" ] || echo "# wrong:$wrong"
[ -z "$wrong" ]
ok "five levels, five viewers, ten ways out: all or nothing"
for path in $walk/niveau-me $walk/niveau-no; do
	openssh bruno file get $path 2>&1 | sed 's/niveau-../X/'
	echo "get $path" | sftp -b - -F "$work/ssh_config" -P "$ssh_port" -i "$work/key-bruno" bruno@127.0.0.1 2>&1 | sed 's/niveau-../X/g'
done >"$work/refusals"
[ "$(sort "$work/refusals" | uniq -c | awk '$1 % 2' | wc -l)" = 0 ]
ok "what one may not see is refused in the words for what is not there"

# The line that the page of a file shows is one that a shell takes as it stands, whatever the file is called.
named="\$(touch $work/taken) \"d’été\"; \`touch $work/taken\` & un nom si long qu’il ne tient plus en une ligne.txt"
id=$(echo sûr | openssh alba file put "'/moi/${named//\//-}'") &&
	printf '%s\n' dossiers "/un nom si long" 1 copier quitter oui | openssh alba -T >"$work/lines" 2>/dev/null
line=$(grep '^scp ' "$work/lines" | sed "s/^scp -P [0-9]*/scp -q -F \$conf -P \$ssh_port -i \$key/; s/alba@[^:]*:/alba@127.0.0.1:/; s/ \.\$/ \"\$into\"/")
rm -rf "$work/short" && mkdir "$work/short" &&
	conf=$work/ssh_config ssh_port=$ssh_port key=$work/key-alba into=$work/short sh -c "$line" && [ ! -e "$work/taken" ] &&
	[ "$(cat "$work/short/"*)" = sûr ] && [ "$(printf %s "$line" | wc -l)" = 0 ] && openssh alba file rm "$id"
ok "the line to fetch it is one line, and safe to paste"

openssh alba file list /fichiers/d30.5 --csv | grep -q ',annuaire.csv,' && [ "$(openssh alba file list /fichiers --csv | wc -l)" = 1 ] &&
	id=$(echo court | openssh alba file put /fichiers/d30.1/court.txt) && [ "$(openssh bruno file get $practice/court.txt)" = court ] &&
	gone bruno "/fichiers/m$(sql "SELECT id FROM member WHERE login = 'alba'")/x" && refused 'pas ouverte' alba file put "/fichiers/$id/x"
ok "shelves by short addresses too: the made ones, sent to, closed to whom they are closed"

openssh alba file get /departements/30-gard/5-annuaire/annuaire.csv >"$work/directory.csv" && openssh alba file get /fichiers/d30.5/annuaire.xlsx |
	cmp -s -n 2 - <(printf PK) && grep -q 'Les Cigales' "$work/directory.csv" &&
	[ "$(openssh alba file get /departements/30-gard/5-annuaire/annuaire.vcf | head -1 | tr -d '\r')" = BEGIN:VCARD ]
ok "the directory of a département by a command, too"

folder=$(openssh alba file mkdir /moi/Ensemble) && id=$(echo un | openssh alba file put /moi/Ensemble/un.txt) &&
	openssh alba file level "$folder" named bruno 2>err && grep -q '1 élément y reste' err && gone bruno "/fichiers/$id/un.txt" &&
	openssh alba file level "$folder" named bruno --whole 2>err && [ ! -s err ] && [ "$(openssh bruno file get "$id")" = un ] &&
	openssh alba file level "$folder" me --whole && gone bruno "/fichiers/$id/un.txt" &&
	openssh bruno notice list | grep -q file-shared && refused 'Nommez' alba file level "$id" named alba &&
	openssh alba file rm "$folder" --whole
ok "the readers of a folder, and of what is in it"

# ---- bad input

for name in .. . 'a//' '' "$(printf 'x%.0s' {1..300})" "$(printf 'a\001b')"; do
	openssh alba file put "'/moi/$name'" </dev/null >/dev/null 2>"$work/err" && break
	[ -s "$work/err" ] || break
	name=refused_all
done
[ "$name" = refused_all ] && ! openssh alba file put "'/moi/$(printf 'caf\351')'" </dev/null >/dev/null 2>&1 &&
	[ "$(openssh alba file list /moi --csv | wc -l)" = 2 ]
ok "bad names are refused with a sentence, and leave nothing"
refused 'sorte' alba file put /moi/virus.EXE && ! head -c 21000000 /dev/zero | openssh alba file put /moi/trop 2>"$work/err" >/dev/null &&
	grep -q 'dépasse la taille' "$work/err" && gone alba /moi/trop
ok "kinds that are refused, and a file that is too large"
for name in a b c; do head -c 20000000 /dev/urandom | openssh alba file put /moi/$name >/dev/null || break; done
! head -c 15000000 /dev/urandom | openssh alba file put /moi/d >/dev/null 2>"$work/err" && grep -q 'plus de place' "$work/err" &&
	openssh alba file list /moi --csv | grep -vq ',d,'
ok "an area that is full"
refused 'personne' alba file rm /moi && refused 'personne' alba file move /departements /moi/x
ok "what stands there by itself stays"

# ---- attached to messages

echo conv >"$work/conv" && conv=$(openssh alba file put /moi/conv.odt <"$work/conv") &&
	post=$(echo 'La voici.' | openssh alba "thread new --board questions --title 'Une salle ?' --attach /moi/conv.odt --attach $conv") &&
	openssh bruno thread read "$post" | grep -q '^Fichier 1 : conv.odt, 5 octets (#[0-9]*)$' &&
	attached=$(openssh bruno thread read "$post" --json | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["files"])') &&
	[ "$(echo "$attached" | wc -w)" = 2 ] && openssh bruno file get "${attached% *}" | cmp - "$work/conv" && gone bruno "$conv" &&
	openssh bruno thread print "$post" | grep -q 'Fichier 2 : conv (2).odt, 5 octets' &&
	openssh bruno thread print "$post" --html | grep -q 'Fichier 2 : conv (2).odt, 5 octets' &&
	openssh bruno thread mbox "$post" | grep -q '^Fichier =*.*1.*conv.odt' && openssh bruno search conv | grep -q 'Une salle'
ok "files attached by their path and their number: read, fetched, printed, as mail, found"
reply=$(echo 'Et ici.' | openssh bruno thread reply "$post" --attach "${attached% *}") && own=$(sql "SELECT item FROM attachment WHERE post = $reply") &&
	echo 'Et là.' | openssh bruno thread edit "$reply" --attach "${attached#* }" --detach "$own" &&
	openssh bruno thread read "$post" | grep -q '^Fichier 2 : conv (2).odt, 5 octets' && refused 'pas ouverte' alba file rm "${attached% *}" &&
	refused 'existe pas' chantal thread reply "$post" --attach "$conv" && refused 'dossier' alba thread reply "$post" --attach /moi
ok "from another message, taken off again; what is refused"

# The ways out of what is attached to a message of each level, before each viewer: all, or none and the same words.
attached_ways() { # LOGIN POST NAME ID
	local who=$1 path=/messages/$2/$3 name=$3
	openssh "$who" thread read "$2" 2>/dev/null | grep -q "^Fichier 1 : $name" && printf m
	openssh "$who" file list "/messages/$2" --csv 2>/dev/null | grep -q ",$name," && printf l
	openssh "$who" file show "$4" >/dev/null 2>&1 && printf s
	[ "$(openssh "$who" file get "$4" 2>/dev/null)" = "$name" ] && printf n
	[ "$(openssh "$who" file get "$path" 2>/dev/null)" = "$name" ] && printf p
	openssh "$who" search "$name" 2>/dev/null | grep -q Palabres && printf f
	by_sftp "$who" "$path" "$4"
}
council=conseil-$(sql "SELECT council FROM member WHERE login = 'alba'") all=mlsnpfLGNO wrong=
walk_attached() { # BOARD POST WHO:yes…
	local board=$1 post=$2 who has
	shift 2
	for who in "$@"; do
		has=$(attached_ways "${who%:*}" "$post" "piece-$board" "$(sql "SELECT item FROM attachment WHERE post = $post")")
		[ "$has" = "$([ "${who#*:}" = yes ] && echo $all)" ] || wrong="$wrong $board:${who%:*}:$has"
	done
}
while read -r -u 3 board visitor alba bruno chantal; do
	printf 'piece-%s' "$board" | openssh alba file put "/moi/piece-$board" >/dev/null
	post=$(echo 'Voici.' | openssh alba "thread new --board $board --title Palabres --attach /moi/piece-$board")
	walk_attached "$board" "$post" visiteur:"$visitor" alba:"$alba" bruno:"$bruno" chantal:"$chantal"
	[ "$board" = place ] || continue
	b thread hide "$post" --reason 'Hors sujet' >/dev/null
	walk_attached "$board" "$post" visiteur:no bruno:no
	b thread show "$post" >/dev/null
done 3<<-END
	place     yes yes yes yes
	questions no  yes yes yes
	$council  no  yes yes no
END
[ -z "$wrong" ] || echo "# wrong:$wrong"
[ -z "$wrong" ]
ok "what is attached: three levels, four viewers, ten ways out, and hidden: all or nothing"
for id in "$(sql "SELECT item FROM attachment WHERE post = $post")" 9999999; do
	openssh chantal file get "$id" 2>&1 | sed "s/$id/X/"
	openssh chantal file get "/messages/$post/piece-$council" 2>&1 | sed "s/piece-$council/X/; s/$post/Y/"
	post=9999999
done >"$work/refusals"
[ "$(sort "$work/refusals" | uniq -c | awk '$1 % 2' | wc -l)" = 0 ]
ok "… and refused in the words for what is not there"

# ---- cut, and gone on with

head -c 4000000 /dev/urandom >"$work/film.mp4"
{ head -c 2500000 "$work/film.mp4"; sleep 30; } | openssh bruno file put /moi/film.mp4 >/dev/null 2>&1 &
sending=$!
sent() { [ "$(sql "SELECT coalesce(max(size), 0) FROM upload WHERE name = 'film.mp4'")" -ge 2000000 ]; }
until_true "$patience" sent
sql "SELECT held FROM upload WHERE held > 0" | xargs -r kill -KILL
wait $sending
has=$(sql "SELECT size FROM upload WHERE name = 'film.mp4'")
[ "$has" -ge 2000000 ] && [ "$has" -le 2500000 ] && gone bruno /moi/nofilm &&
	tail -c +$((has + 1)) "$work/film.mp4" | openssh bruno file put /moi/film.mp4 --resume >/dev/null &&
	openssh bruno file get /moi/film.mp4 | cmp - "$work/film.mp4"
ok "cut off by kill -9, and gone on with from what was synced"

# Many at once, their sessions killed as they come: what was confirmed is there.
send() {
	for n in {1..50}; do
		head -c 300000 /dev/urandom >"$work/kill-$1-$n"
		openssh bruno file put $practice/kill-"$1-$n" <"$work/kill-$1-$n" >"$work/kill-$1-$n.id" 2>/dev/null || rm -f "$work/kill-$1-$n.id"
	done
}
senders=()
for who in 1 2 3 4; do
	send $who &
	senders+=($!)
done
killed=0
for _ in $(seq 1000); do
	jobs -r | grep -q send || break
	pid=$(pgrep -P "$serve" -x bbs-session | shuf -n 1)
	[ -n "$pid" ] && kill -KILL "$pid" 2>/dev/null && killed=$((killed + 1))
	sleep 0.2
done
wait "${senders[@]}"
mkdir "$work/kept"
echo "get $practice/kill-* $work/kept/" | sftp -q -F "$work/ssh_config" -P "$ssh_port" -i "$work/key-bruno" -b - bruno@127.0.0.1 >/dev/null
confirmed=0 wrong=0
for id in "$work"/kill-*.id; do
	[ -s "$id" ] || continue
	confirmed=$((confirmed + 1))
	name=${id##*/}
	cmp -s "$work/kept/${name%.id}" "${id%.id}" || wrong=$((wrong + 1))
done
echo "# $confirmed of 200 confirmed, $killed sessions killed"
[ $wrong = 0 ] && [ $confirmed -gt 0 ] && [ $killed -gt 0 ]
ok "kill -9 while 200 files are sent: what was confirmed is there, byte for byte"
b check >/dev/null && sql "UPDATE upload SET touched = 0" && b jobs --once >/dev/null && b check >/dev/null &&
	[ "$(sql "SELECT count(*) FROM content WHERE gone = 1") $(sql 'SELECT count(*) FROM upload')" = '0 0' ] &&
	[ "$(sql "SELECT count(*) FROM chunk WHERE content NOT IN (SELECT content FROM file_version)")" = 0 ]
ok "check is clean, and after the clean-up no piece is left that nothing has"
stop
