#!/bin/bash
# The file areas by real clients: OpenSSH's sftp and scp (both protocols), PuTTY's psftp and pscp, lftp, curl,
# sshfs; and by packets that no client sends (sftp.py). What goes up comes back byte for byte.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
py() { /usr/bin/python3 "$here/sftp.py" "$@"; }
here=$(realpath "${0%/*}")
theme=/departements/30-gard/1-echanges-de-bonnes-pratiques
settings limits 'per_source = 40' 'per_source_waiting = 20' 'slow = 0'
settings files 'size = 8' 'refused = exe bat'
network && start
ok "a board is open"
cd "$work" || exit 1

# ---- what is sent

# shellcheck disable=SC2016 # a name
names=('a b' '-tiret' 'été à Nîmes.txt' 'quote'\''s "two"' '$HOME;x' '🌳 arbre.txt' '.cache' "$(printf 'é%.0s' {1..127})x" 'back\slash')
# Kinds by their ending and by how they begin: what looks into them must bear that they are not what they say.
kinds=(pdf:%PDF-1.4 odt:PK docx:PK ods:PK xlsx:PK pptx:PK zip:PK jpg:$'\377\330\377\340' png:$'\211PNG' gif:GIF89a webp:RIFF
	heic:ftypheic mp3:ID3 ogg:OggS wav:RIFF mp4:ftypisom txt:Bonjour csv:nom\;lieu html:'<html>' eml:From:)
titles=('Compte rendu du 3 mars' 'Fête de quartier — été' 'budget_2026 (définitif)' 'بيان' '会議の記録' 'l’œuvre, n° 2' 'A.B.C')
samples() {
	mkdir -p up/sous/dossier\ é "up/de tout" && cd up || return 1
	local size kind
	for kind in "${kinds[@]}"; do
		for size in "${titles[@]}"; do
			{ printf %s "${kind#*:}" && head -c $((RANDOM % 20000)) /dev/urandom; } >"de tout/$size.${kind%%:*}"
		done
	done
	echo vide >'de tout/sans genre' && echo vide >'de tout/.caché'
	for size in 0 1 65535 65536 65537 262144 262145 1500000; do
		head -c $size /dev/urandom >"b$size"
	done
	for size in "${names[@]}"; do echo "$size" >"./$size"; done
	for size in {1..40}; do echo "$size" >"sous/f$size"; done
	echo profond >'sous/dossier é/x'
	cd ..
}
samples
[ "$(find up -type f | wc -l)" = 200 ]
ok "200 files of all kinds and names to send"
head -c 6000000 /dev/urandom >large

# ---- clients

cat >>"$work/ssh_config" <<-END
	Host *
	  Port $ssh_port
	  HostName 127.0.0.1
	  User alba
	  IdentityFile $work/key-alba
	END
sf() { timeout 60 sftp -F "$work/ssh_config" -b - "${@:-p}"; }
puttygen key-alba -O private -o key.ppk
putty=(-batch -P "$ssh_port" -hostkey "$hostkey" -i key.ppk)
putty_sftp() { timeout 60 psftp "${putty[@]}" -b /dev/stdin alba@127.0.0.1; }
lf() { timeout 60 lftp -c "set sftp:connect-program 'ssh -a -x -F $work/ssh_config'; set net:max-retries 1; set cmd:fail-exit yes; open sftp://alba:@p; $1"; }
cu() { timeout 60 curl -s -S --insecure --key key-alba --pubkey key-alba.pub "$@"; }
url=sftp://alba@127.0.0.1:$ssh_port
same() { diff -r up "$1" && rm -rf "$1"; }

# ---- OpenSSH

printf '%s\n' 'mkdir moi/o' 'put -r up/* moi/o/' 'mkdir down' | sed '3d' | sf >out 2>err && mkdir down &&
	echo 'get -r moi/o/* down' | sf >out 2>err; cp up/.cache down/ 2>/dev/null; same down
ok "sftp: put -r, get -r"
echo 'ls -la moi/o' | sf | tr '\302\240' ' ' >out && grep -q -- '^-rw-r--r--.* Alba_Martin .* 65537 .* b65537$' out && grep -q '^drwxr-xr-x.* sous$' out &&
	echo "ls -l $theme/.." | sf | grep -q '^dr-xr-xr-x.* 5-annuaire'
ok "sftp: ls -l says who, how much, and whether it may be changed"
printf '%s\n' 'rename moi/o/b1 moi/o/b1.new' 'rm moi/o/b65535' 'rename moi/o/sous moi/o/dessous' 'rm moi/o/dessous/f*' \
	'rm "moi/o/dessous/dossier é/x"' 'rmdir "moi/o/dessous/dossier é"' 'rmdir moi/o/dessous' | sf >out 2>err &&
	echo 'ls -1 moi/o' | sf >out && grep -q 'b1\.new' out && ! grep -q 'b65535\|sous' out
ok "sftp: rename, rm, rmdir"
echo 'df -h moi' | sf | grep -q '%' && echo 'put -f up/b1 moi/synced' | sf >out 2>err && printf 'chmod 600 moi/synced\nput -p up/b1 moi/timed\n' | sf >out 2>err
ok "sftp: df, put -f, chmod, put -p"
! printf 'put up/b1 %s\n' /departements/x | sf >out 2>err && grep -q 'Permission denied' err && grep -q '^Dans /departements, .*déposer.* /moi, ' err &&
	! echo 'put up/sous/f1* /departements/' | sf >out 2>err && [ "$(grep -c '^Dans /departements, ' err)" = 1 ] &&
	! echo 'put up/b1 /departements/30-gard/5-annuaire/x' | sf >out 2>err && grep -q '^Dans /departements/30-gard/5-annuaire, ' err
ok "sftp: refused where nothing may be put, in its words and once in ours, which say where one may"
! echo 'put up/b1 /departements/x' | sf visiteur@p >out 2>err && grep -q 'visiteurs' err && echo "put up/b1 $theme/elle" | sf >out 2>err &&
	! echo "rm $theme/elle" | sf -i key-bruno -oUser=bruno p >out 2>err && grep -q 'quelqu’un d’autre' err && echo "rm $theme/elle" | sf >out 2>err &&
	! echo 'put up/b1 /conseils/x/y' | sf >out 2>err && grep -q 'No such file' err && ! grep -q 'Dans\|vous' err
ok "sftp: to visitors, of what is another's; of what is not to be seen nothing is said"
! printf 'put up/b1 "moi/a\tb"\n' | sf >out 2>err && grep -q 'forme' err
ok "sftp: a refused name, with a sentence"

echo 'mkdir moi/o' | sf >out 2>err; grep -q '^Ce nom est déjà pris' err && printf -- '-mkdir moi/o\n-mkdir moi/o\n' | sf >out 2>err && [ "$(grep -c '^Ce nom' err)" = 2 ]
ok "sftp: mkdir of what is there already, in words, each time"
echo 'put -r up/sous moi/o' | sf >out 2>err && echo 'put -r up/sous moi/o' | sf >out 2>err && ! grep -q '^Ce nom' err &&
	scp -F ssh_config -s -r up/sous p:/moi/o >out 2>err && [ ! -s err ]
ok "sftp, scp: put -r over folders that are there, without a word"

! echo 'put large moi/jeu.exe' | sf >out 2>err && grep -q 'programme' err
ok "sftp: a kind of file that is not taken"
head -c 9000000 /dev/urandom >larger
! echo 'put larger moi/larger' | sf >out 2>err && grep -q 'dépasse la taille' err && [ "$(sql 'SELECT count(*) FROM upload')" = 0 ] &&
	! scp -F ssh_config -O larger p:/moi/ 2>err && grep -q 'dépasse la taille' err && ! echo 'ls moi/larger' | sf >out 2>err
ok "sftp, scp: a file that is too large, and nothing left of it"

# cut NAME: a slow put of `large`, whose line is cut in its midst: a part of it is there then, for nobody else
cut() {
	local put
	echo "put large moi/$1" >slow
	sftp -F "$work/ssh_config" -l 16000 -b slow p >out 2>err &
	put=$!
	until_true 20 sent 500000 5999999
	kill -9 "$(pgrep -P $put)" # its ssh
	wait $put
	until_true 10 let_go && sent 500000 5999999 && [ "$(sql "SELECT count(*) FROM entry WHERE name = '$1'")" = 0 ]
}
sent() {
	local size
	size=$(sql 'SELECT coalesce(max(size), 0) FROM upload')
	[ "$size" -ge "$1" ] && [ "$size" -le "$2" ]
}
let_go() { [ "$(sql 'SELECT max(held) FROM upload')" = 0 ]; }
cut r1 && ! echo 'get moi/r1 back' | sf >out 2>err && grep -q 'pas encore arrivé en entier' err
ok "sftp: what was cut off is not to be had, in words"
! scp -F ssh_config -O p:/moi/r1 back >out 2>err && grep -q '^scp: r1: Ce fichier.*pas encore arrivé en entier' err &&
	! openssh alba file get /moi/r1 >out 2>err && [ ! -s out ] && grep -q 'pas encore arrivé en entier' err
ok "scp -O, file get: neither, in the same words"
printf '%s\n' dossiers 'à moi' quitter oui | openssh alba -T >out 2>err && grep -q 'Pas encore arrivé en entier.: r1 ([0-9,]*.[KM]o)' out && grep -q 'reput' out
ok "a visit says so to its sender, and how to go on"
echo 'reput large moi/r1' | sf >out 2>err && echo 'get moi/r1 back' | sf >out && cmp large back
ok "sftp: cut off in its midst, nothing to be seen; reput goes on"
fetched() { rm -rf got && mkdir got && "$@" p:/moi/o/sous got >out 2>err && diff -r up/sous got/sous; }
cut o/sous/r0 && fetched scp -F ssh_config -s -r && fetched scp -F ssh_config -O -r && rm -r got/sous && echo 'get -r moi/o/sous got' | sf >out 2>err && diff -r up/sous got/sous &&
	echo 'ls -l moi/o/sous' | sf | grep -q '^-rw.* r0$' && echo 'reput large moi/o/sous/r0' | sf >out 2>err && echo 'get moi/o/sous/r0 back' | sf >out && cmp large back
ok "scp -r, sftp get -r: a folder without what was cut off in it, which can be gone on with"
rm -r got
head -c 2000000 large >back && echo 'reget moi/r1 back' | sf >out 2>err && cmp large back
ok "sftp: reget"
# after N up|down COMMAND…: what it does over a line that falls when N bytes have gone that way
after() {
	local some="dd bs=64K iflag=count_bytes count=$1 status=none" line
	[ "$2" = up ] && line="cat <&3 & $some >&3; kill \$!" || line="cat >&3 & $some <&3; kill \$!"
	shift 2
	timeout 60 "$@" -o "ProxyCommand=bash -c 'exec 3<>/dev/tcp/127.0.0.1/$ssh_port; set -m; $line'" -F "$work/ssh_config" -b slow p >out 2>err
}
nobody_sends() { ! pgrep -P "$serve" -x bbs-session >/dev/null; }
cuts=0
for n in {1..8}; do
	at=$((20000 + (RANDOM * 32768 + RANDOM) % 5900000))
	echo "put large moi/cut$n" >slow && ! after $at up sftp || break
	until_true 10 nobody_sends && [ "$(sql "SELECT count(*) FROM entry WHERE name = 'cut$n'")" = 0 ] || break
	# Cut so early that nothing of it had come, there is nothing to go on with.
	{ echo "reput large moi/cut$n" | sf >out 2>err || echo "put large moi/cut$n" | sf >out 2>err; } || break
	rm -f back && echo "get moi/cut$n back" >slow && ! after $at down sftp && { [ -e back ] || : >back; } && ! cmp -s large back || break
	echo "reget moi/cut$n back" | sf >out 2>err && cmp large back && cuts=$n || break
	echo "rm moi/cut$n" | sf
done
[ $cuts = 8 ]
ok "sftp: eight lines cut at any byte each way, gone on with"
timeout 60 sftp -b - -D "$bbs -c $work/bbs.conf sftp --as alba" <<<'get moi/r1 direct' >out 2>err && cmp large direct
ok "sftp -D"

# ---- scp

for mode in -s -O; do
	scp -F ssh_config $mode -r up p:/moi/scp$mode >out 2>err && scp -F ssh_config $mode -r -p p:/moi/scp$mode down >out 2>err && same down
	ok "scp $mode -r, both ways"
	scp -F ssh_config $mode large "p:/moi/scp$mode/a\ b" >out 2>err || scp -F ssh_config $mode large "p:/moi/scp$mode/a b" >out 2>err
	scp -F ssh_config $mode "p:/moi/scp$mode/sous/f1" one && cmp one up/sous/f1
	ok "scp $mode: one file"
	! scp -F ssh_config $mode large p:/departements/ >out 2>err && grep -q 'Dans /departements, .*déposer' err && ! scp -F ssh_config $mode p:/moi/nirgends . >out 2>err && [ -s err ] &&
		! scp -F ssh_config $mode p:/moi/scp$mode . >out 2>err && [ -s err ]
	ok "scp $mode: refused in words"
	! scp -F ssh_config $mode one p:/moi/scp$mode/autre/ >out 2>err && [ -s err ] && ! scp -F ssh_config $mode "p:/moi/scp$mode/autre" . >out 2>err &&
		scp -F ssh_config $mode one p:/moi/scp$mode/sous/ && scp -F ssh_config $mode p:/moi/scp$mode/sous/one two && cmp one two &&
		printf 'rm "moi/scp%s/sous/one"\n' "$mode" | sftp -F ssh_config -b - p >out 2>err
	ok "scp $mode: a folder that is not there is no file"
	there=p:/moi/scp$mode
	mkdir got && scp -F ssh_config $mode "$there/b6553?" "$there/é*.txt" "$there/*arbre*" got >out 2>err &&
		[ "$(cd got && echo *)" = 'b65535 b65536 b65537 été à Nîmes.txt 🌳 arbre.txt' ] && cmp got/b65536 up/b65536
	ok "scp $mode: patterns"
	! scp -F ssh_config $mode "$there/so*" got >out 2>err && [ -s err ] && [ ! -e got/sous ] &&
		scp -F ssh_config $mode -r "$there/so*" got >out 2>err && diff -r up/sous got/sous
	ok "scp $mode: a pattern that is a folder's, with -r only"
	! scp -F ssh_config $mode "$there/rien*" got >out 2>err && [ -s err ] && ! scp -F ssh_config $mode "$there/B1*" got >out 2>err && [ -s err ]
	ok "scp $mode: a pattern that nothing matches"
	rm -r got
done
mkdir got && openssh alba file put '"/moi/b?"' <up/b1 >/dev/null && openssh alba file put /moi/bb <up/b0 >/dev/null &&
	scp -F ssh_config -O 'p:/moi/b?' got >out 2>err && cmp up/b1 'got/b?' && [ "$(ls got)" = 'b?' ]
ok "scp -O: a file that is called like a pattern is meant by it"
seq -f /moi/scp-O/suite%g.txt 250 | sed 's/.*/put up\/b1 &/' | sf >out 2>err && rm -r got && mkdir got &&
	scp -F ssh_config -O 'p:/moi/scp-O/*suite*t' got >out 2>err && [ "$(find got -type f | wc -l)" = 250 ]
ok "scp -O: a pattern over more than a page"
rm -r got

# ---- PuTTY

printf '%s\n' 'mkdir moi/p' 'put -r up moi/p/u' 'get -r moi/p/u down' 'mv moi/p/u/b1 moi/p/b1' 'del moi/p/b1' 'ls moi/p/u' |
	putty_sftp >out 2>err && grep -q 'b65537' out && ! grep -q ' b1$' out && same down
ok "psftp: put -r, get -r, mv, del, ls"
id=$(openssh alba file put /moi/seul.txt <up/b65537) && echo "mget /fichiers/$id/*" | putty_sftp >out 2>err && cmp seul.txt up/b65537
ok "psftp: mget of one by its number"
cut r2 && echo 'reput large moi/r2' | putty_sftp >out 2>err && echo 'get moi/r2 back' | putty_sftp >out && cmp large back
ok "psftp: reput"
echo 'mkdir moi/p' | putty_sftp >out 2>&1; grep -q '^Ce nom est déjà pris' out && echo 'put -r up/sous moi/p/u' | putty_sftp >out 2>&1; ! grep -q '^Ce nom' out
ok "psftp: mkdir of what is there already, in words; put -r over it, without"
echo 'put up/b1 departements/x' | putty_sftp 2>&1 | grep -q '^Dans /departements, '
ok "psftp: refused in our words"
rm 'up/back\slash' # which pscp takes for a folder's end, as on Windows
for mode in -sftp -scp; do
	rm -rf down && mkdir down && timeout 60 pscp "${putty[@]}" $mode -r up alba@127.0.0.1:/moi/p/ >out 2>err &&
		timeout 60 pscp "${putty[@]}" $mode -r alba@127.0.0.1:/moi/p/up down >out 2>err && same down/up
	ok "pscp $mode -r, both ways"
done

# ---- lftp

rmdir down
lf "mkdir moi/l; mirror -R up moi/l/up; mirror moi/l/up down; mv moi/l/up/b1 moi/l/b1; rm moi/l/b1; ls moi/l/up" >out 2>err &&
	grep -q b65537 out && ! grep -q ' b1$' out && same down
ok "lftp: mirror both ways, mv, rm, ls"
mkdir -p tree/{1..10} && for n in {1..1000}; do echo "$n" >"tree/$((n % 10 + 1))/fichier $n" || break; done
lf "mirror -R tree moi/tree; mirror moi/tree tree.back" >out 2>err && diff -r tree tree.back
ok "lftp: mirror of 1 000 files, both ways"
cut r3 && lf 'put -c large -o moi/r3; get moi/r3 -o back2' >out 2>err && cmp large back2
ok "lftp: put -c"
head -c 2000000 large >back3 && lf 'get -c moi/r3 -o back3' >out 2>err && cmp large back3
ok "lftp: get -c"
! lf 'put up/b1 -o departements/x' >out 2>err && grep -q 'Dans /departements, .*déposer' err
ok "lftp: refused in our words"
lf 'rm -r moi/l' >out 2>err && ! echo 'ls moi/l' | sf >out 2>err
ok "lftp: rm -r"

# ---- curl

cu -T large "$url/moi/c" && cu "$url/moi/c" -o back && cmp large back && cu "$url/moi/" | grep -q ' c$'
ok "curl: up, down, list"
cut r4 && cu -C - -T large "$url/moi/r4" && cu "$url/moi/r4" -o back && cmp large back
ok "curl: -C - up"
head -c 2000000 large >back && cu -C - "$url/moi/c" -o back && cmp large back
ok "curl: -C - down"
cu -Q "-rename /moi/c /moi/c2" -Q "-mkdir /moi/cd" "$url/moi/" >/dev/null && cu -Q "-rm /moi/c2" -Q "-rmdir /moi/cd" "$url/moi/" >/dev/null && ! cu "$url/moi/c2" -o back 2>err
ok "curl: rename, mkdir, rm, rmdir"

# ---- sshfs

story() (
	cp -r up mnt/moi/s && diff -r up mnt/moi/s && mv mnt/moi/s/b1 mnt/moi/s/b1.new && rm mnt/moi/s/b65535 && cd mnt/moi/s &&
		echo un >journal && echo deux >>journal && [ "$(cat journal)" = $'un\ndeux' ] &&
		dd if=/dev/urandom of=b262144 bs=1000 seek=3 count=2 conv=notrunc status=none && [ "$(stat -c %s b262144)" = 262144 ] &&
		truncate -s 100 b1500000 && [ "$(stat -c %s b1500000)" = 100 ] && mkdir d && mv journal d/ && cat d/journal >/dev/null &&
		rm -r d sous && [ ! -e d ] && df . >/dev/null && ! mkdir ../../departements/x 2>/dev/null
)
if [ -e /dev/fuse ]; then
	mkdir mnt && sshfs -F "$work/ssh_config" p:/ mnt && story
	ok "sshfs: a tree copied, files changed in their midst, lengthened, cut, moved, removed"
	fusermount3 -u mnt
else
	skip sshfs "no /dev/fuse here"
fi

# ---- who may come in

openssh visiteur sftp </dev/null && echo 'ls /' | sf visiteur@p >out && grep -q departements out && ! grep -q moi out
ok "a visitor sees what is public"
printf 'mkdir "%s"\nput up/b1 "%s"\n' "$theme/dossier" "$theme/dossier/f" | sf >out 2>err && echo "get $theme/dossier/f bruno" | sf -i key-bruno -oUser=bruno p >out 2>err && cmp bruno up/b1
ok "what members put there is for members"
py hidden "$bbs" -c "$work/bbs.conf" sftp --as visiteur
ok "for others it is nowhere: by the packet"
! echo "get $theme/dossier/f x" | sf visiteur@p >out 2>err && grep -q 'not found' err && ! scp -F ssh_config -O "visiteur@p:$theme/dossier/f" . 2>err
ok "by name neither"
echo 'get /departements/30-gard/5-annuaire/annuaire.csv' | sf >out 2>err && grep -q 'Les Cigales' annuaire.csv && ! grep -q Ardoisiers annuaire.csv &&
	echo 'ls -l /departements/30-gard/5-annuaire' | sf | grep -q " $(stat -c %s annuaire.csv) .*annuaire.csv"
ok "the directory is made when it is asked for, of the size that is shown"
printf 'get /departements/30-gard/5-annuaire/annuaire.%s\n' xlsx vcf | sf >out 2>err && xlsx2csv annuaire.xlsx | grep -q 'Les Cigales' && grep -q 'FN:Les Cigales' annuaire.vcf
ok "as a workbook and as cards too"
mkfifo quiet && sf -i key-bruno -oUser=bruno p <quiet >out 2>err & # and says nothing more
talk=$!
until_true "$patience" test -p quiet && exec 8>quiet && echo 'ls moi' >&8 && until_true "$patience" grep -q 'ls moi' out && sleep 0.5 &&
	b ban add bruno --reason 'Du calme.' && until_true "$patience" grep -q 'Du calme' err
ok "who is shut out meanwhile reads why, and is let go"
exec 8>&-
wait $talk
! echo 'ls' | sf -i key-bruno -oUser=bruno p >out 2>err && grep -q 'Du calme' err
ok "who is shut out reads why"
echo 'Une autre charte.' | b charter set && ! echo ls | sf >out 2>err && grep -q charte err && ! scp -F ssh_config -O large p:/moi/z 2>err && grep -q charte err
ok "who has not accepted the charter reads so"

# ---- packets

for check in talk handles lies; do
	py $check "$bbs" -c "$work/bbs.conf" sftp
	ok "packets by hand: $check"
done
b check >out && ok "the store is whole"
[ "$(pgrep -P "$serve" -x bbs-session | wc -l)" = 0 ]
ok "nobody is left"
