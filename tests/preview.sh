#!/bin/bash
# What is in files: read by helpers for the search and for the screen, drawn in what a terminal can; files that mean
# harm. Who may not read a file finds nothing of what it says.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
settings files 'size = 20'
settings board 'host = palabre.example.org'
network && start
sql "UPDATE member SET charter = (SELECT max(version) FROM charter)"
ok "a board is open"
mkdir "$work/files" && /usr/bin/python3 "${0%/*}/preview.py" make "$work/files"
declare -A id
for file in "$work/files"/*; do
	name=${file##*/}
	id[$name]=$(openssh alba file put "/moi/$name" <"$file") || break
done
[ ${#id[@]} = 13 ]
ok "thirteen files are sent"

# finds LOGIN WORD: how many files; none are left that nobody has looked into
finds() {
	openssh "$1" search "$2" --csv | grep -c ',file,'
}
looked() { [ "$(sql 'SELECT count(*) FROM content WHERE looked = 0 AND sha256 IS NOT NULL')" = 0 ]; }
b jobs --once >/dev/null && until_true 60 looked
ok "the jobs look into all of them, whatever they mean"
for word in binette grelinette secateur rateau fanions fatou plantoir; do
	[ "$(finds alba $word)" = 1 ] && [ "$(finds bruno $word)" = 0 ] && [ "$(finds visiteur $word)" = 0 ] || break
done
[ $word = plantoir ] && [ "$(finds alba plantoir)" = 1 ]
ok "PDF, OpenDocument, Word, tables and text are found by what they say, by whoever reads them alone"
openssh alba file level "${id[convention.odt]}" members && [ "$(finds bruno grelinettes)" = 1 ] && [ "$(finds visiteur grelinette)" = 0 ] &&
	openssh alba file level "${id[convention.odt]}" public && [ "$(finds visiteur grelinette)" = 1 ] &&
	openssh alba file level "${id[convention.odt]}" me && [ "$(finds bruno grelinette)" = 0 ]
ok "opened to others it is found by them, and no longer once it is not"
echo "Rien du tout." | openssh alba file put /moi/notes.txt >/dev/null && b jobs --once >/dev/null && [ "$(finds alba plantoir)" = 0 ]
ok "what an earlier version said is not found any more"
openssh bruno file put /moi/copie.odt <"$work/files/convention.odt" >/dev/null && [ "$(finds bruno grelinette)" = 1 ]
ok "the same content sent by another is found at once"
openssh bruno file rm /moi/copie.odt && [ "$(finds bruno grelinette)" = 0 ] && [ "$(finds alba grelinette)" = 1 ]
ok "thrown away it is found no longer, the first one still is"
[ "$(sql "SELECT count(*) FROM content_text t JOIN content c ON c.id = t.content WHERE t.seconds = 75")" = 1 ]
ok "a sound's length is known"
! pgrep -P "$(pgrep -P "$serve" -x bbs-broker | head -n 1)" >/dev/null && [ -z "$(find "${store%/*}" -name '*transfer*')" ]
ok "no helper and no folder is left"

/usr/bin/python3 "${0%/*}/preview.py" endless "$work/endless.pdf" && openssh alba file put /moi/sans-fin.pdf <"$work/endless.pdf" >"$work/endless.id"
began=$SECONDS
b jobs --once >/dev/null &
looking=$!
until_true 10 pgrep -x pdftotext >/dev/null && before=$SECONDS && [ "$(finds bruno grelinette)" = 0 ] && [ $((SECONDS - before)) -le 3 ] &&
	wait $looking && looked && [ $((SECONDS - began)) -lt 60 ] && ! pgrep -x pdftotext >/dev/null
ok "a PDF that never ends is given up, and nobody waits for it"
openssh alba file rm "$(cat "$work/endless.id")"

# ---- on the screen

call alba "$(ssh_line alba)" && shows alba 'Qui est' && press alba g && choose alba 'À moi' && press alba Enter && shows alba affiche.png
see() { # NAME WORDS: the page of that file says so; in the order of their names
	choose alba "$1" && press alba Enter && shows alba "$2" && press alba Escape && shows alba "message.wav  *Alba"
}
choose alba affiche.png && press alba Enter && shows alba 'v la montre' && press alba v && shows alba '▀' && press alba Enter &&
	shows alba 'v la montre' && press alba Escape
ok "a picture is drawn with blocks"
see bombe.xlsx aaaaaa
ok "a bomb is read as far as it is let"
see compte-rendu.pdf 'Une binette' && see convention.odt 'grelinette, trois soirs'
ok "the text of a PDF, of an office file stands on its page"
see donnees.bin 'ne se montre pas'
ok "what cannot be shown gets a sentence"
choose alba geante.png && press alba Enter && shows alba 'v la montre' && press alba v && shows alba 'ne peut pas se dessiner' &&
	press alba Escape && shows alba 'v la montre' && press alba Escape
ok "a picture that says 60 000 by 60 000 is refused with a sentence"
see lettre.docx 'sécateur' && see message.wav '1 min 15 s' && see photo.heic HEIC
ok "a letter, the length of a sound, a telephone's picture"
choose alba tableau.csv && press alba Enter && shows alba 'un tableau' && press alba v && shows alba '▸ Le râteau' &&
	press alba Enter && shows alba 'ville : Nîmes'
ok "a table is a list, each row a page"
press alba Escape && shows alba '▸ Le râteau' && press alba Escape && shows alba 'un tableau' && press alba Escape && shows alba 'tableau.csv  *Alba' && press alba Home &&
	choose alba budget.xlsx && press alba Enter && shows alba 'v le montre en colonnes' && press alba v && shows alba 'Budget 2026' &&
	shows alba 'poste  *recettes  *pour' && shows alba '▸ Fête; été  *120  *les voisins' && shows alba 'Fanions  *la rue' &&
	press alba Escape && shows alba 'v le montre' && press alba Escape && shows alba budget.xlsx
ok "a workbook is the same list, what stands above its heading stands above"
choose alba presences.ods && press alba Enter && shows alba 'v le montre en colonnes' && press alba v &&
	shows alba 'nom  *mars  *avril' && shows alba '▸ Fatou Sow  *oui  *oui' && shows alba 'Bruno  *peut-être' && press alba Enter &&
	shows alba 'avril : oui'
ok "so is an OpenDocument sheet, its repeated cells among them"
hang_up alba
call alba "$(ssh_line alba)" 40 24 && shows alba 'Qui est' && press alba g && choose alba 'À moi' && press alba Enter && shows alba affiche.png &&
	press alba End && shows alba '▸ tableau.csv' && press alba Enter && shows alba 'un tableau' && shows alba 'Espace suite · v voir · ? aide\|v voir · Échap retour' &&
	press alba C && shows alba "^ sftp -P $ssh_port alba@palabre.example.org\$" && shows alba '^ get /fichiers/[0-9]*/\*$' &&
	get=$(screen alba | sed -n 's/^ \(get .*\)/\1/p') && mkdir "$work/got" && cd "$work/got" &&
	echo "$get" | sftp -b - -F "$work/ssh_config" -P "$ssh_port" -i "$work/key-alba" alba@127.0.0.1 >/dev/null && cmp tableau.csv "$work/files/tableau.csv"
ok "at 40 columns v is in the footer, and the lines to copy are whole"
cd - >/dev/null && hang_up alba
/usr/bin/python3 "${0%/*}/preview.py" sixel "$(ssh_line alba)" "$work/image.six" && sixel2png -i "$work/image.six" -o "$work/image.png" &&
	python3 -c "
import struct, sys
width, height = struct.unpack('>II', open('$work/image.png', 'rb').read(24)[16:])
sys.exit(not 200 < width <= 480 or not 150 < height <= 264)"
ok "a terminal that shows sixels gets one, of a size that fits"
b check >/dev/null
ok "the store is whole"
