#!/bin/bash
# Photos that become public say no longer where they were taken: real ones, made and judged by exiftool, netpbm and
# webp's tools, by every way that makes a file public. For members they stay as they were sent.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
network && start
sql "UPDATE member SET charter = (SELECT max(version) FROM charter)"
ok "a board is open"
cd "$work" || exit 1
theme=/departements/30-gard/1-echanges-de-bonnes-pratiques
shown="/ressources/publications-des-conseils/Les Cigales, Nîmes"
removed='Ce qui pouvait dire où la photo a été prise en a été retiré'

# ---- photos

tag() {
	exiftool -q -overwrite_original -Orientation#=6 -GPSLatitude=43.8367 -GPSLatitudeRef=N -GPSLongitude=4.3601 -GPSLongitudeRef=E \
		-Model=Palm -SerialNumber=30189 -DateTimeOriginal='2026:05:01 10:00:00' -XMP-exif:GPSLatitude=43.8367 -XMP-exif:GPSLongitude=4.3601 \
		-XMP-photoshop:City=Nîmes "$@"
}
pgmnoise 1200 900 >noise.pgm && ppmpat -camo 400 300 -randomseed 3 >plain.ppm && pnmtojpeg -quality 95 noise.pgm >plain.jpg &&
	pnmtojpeg -progressive plain.ppm >plain-small.jpg && pnmtopng plain.ppm >plain.png 2>/dev/null && cwebp -quiet plain.png -o plain.webp
for photo in .jpg -small.jpg .png .webp; do cp plain$photo tagged$photo; done
tag -IPTC:City=Nîmes -Comment='À Nîmes' '-ThumbnailImage<=plain-small.jpg' tagged.jpg && tag -PNG:Comment='À Nîmes' tagged.png &&
	tag tagged-small.jpg tagged.webp
# What telephones send: a second picture behind the first, with its own Exif, and a film behind both.
{ cat tagged-small.jpg tagged-small.jpg; printf '\0\0\0\020ftypmp42 a film of Nimes'; } >tagged-double.jpg
cp plain-small.jpg plain-double.jpg
photos='tagged.jpg tagged-small.jpg tagged-double.jpg tagged.png tagged.webp'
[ "$(exiftool -q -a -s -G0 -EXIF:GPSLatitude -XMP:GPSLatitude -XMP:City -EXIF:Model $photos | grep -c Nîmes)" = 5 ] &&
	[ "$(exiftool -q -a -s -G0 -EXIF:GPSLatitude $photos | grep -c 43)" = 5 ]
ok "photos that say where they were taken, by exiftool"

pixels() { # of a photo of that kind
	case $1 in
	*.jpg) jpegtopnm "$2" ;;
	*.png) pngtopnm "$2" ;;
	*) dwebp -quiet "$2" -ppm -o - ;;
	esac 2>/dev/null
}
# without FILE PHOTO: the file is that photo without the place: nothing of it, turned as it was, the same pixels, its size
without() {
	exiftool -a -s -n -ee -gps:all -xmp:all -iptc:all -Model -SerialNumber -DateTimeOriginal -ThumbnailImage -Comment -Orientation "$1" |
		sed 's/  *//g; /^Comment:\x00*$/d; /^Comment:\.*$/d' >said
	[ "$(sort -u said)" = Orientation:6 ] && ! grep -qa 'Nimes\|Nîmes\|Palm\|ns.adobe' "$1" && [ "$(stat -c %s "$1")" = "$(stat -c %s "$2")" ] &&
		pixels "$2" "$1" >one && [ -s one ] && pixels "$2" "${2/tagged/plain}" | cmp - one && return
	sed 's/^/# /' said
	return 1
}
sf() { timeout 60 sftp -q -b - -F ssh_config -P "$ssh_port" ${2:+-i "$2"} "$1@127.0.0.1"; }
# seen PATH: what a visitor gets there, into `got`
seen() { rm -f got && echo "get \"$1\" got" | sf visiteur >/dev/null 2>&1; }

# ---- sent

# shellcheck disable=SC2086 # words
printf 'put %s mon-conseil/public/\n' $photos | sf alba key-alba >out 2>err && mkdir back &&
	{ printf 'cd "%s"\nlcd back\n' "$shown" && printf 'get %s\n' $photos; } | sf visiteur >out 2>err
all() {
	local photo
	for photo in $photos; do
		without "back/$photo" "$photo" || return
	done
}
all
ok "sent by sftp to where everybody reads it: $photos"
printf '%s\n' 'put -p tagged.jpg mon-conseil/public/timed.jpg' 'put -f tagged.jpg mon-conseil/public/synced.jpg' 'ls -l mon-conseil/public' |
	sf alba key-alba >out 2>err && seen "$shown/timed.jpg" && without got tagged.jpg && seen "$shown/synced.jpg" && without got tagged.jpg &&
	grep -q " $(stat -c %s tagged.jpg) .*timed.jpg" out
ok "put -p, put -f: the size is what was sent"
head -c 300000 tagged.jpg >half.jpg && printf '%s\n' 'put half.jpg mon-conseil/public/cut.jpg' 'reput tagged.jpg mon-conseil/public/cut.jpg' \
	'-reput tagged.jpg mon-conseil/public/timed.jpg' | sf alba key-alba >out 2>err && seen "$shown/cut.jpg" && without got tagged.jpg &&
	seen "$shown/timed.jpg" && without got tagged.jpg
ok "reput: gone on with, and after the end nothing is added"
for mode in -s -O; do
	scp $mode -q -F ssh_config -P "$ssh_port" -i key-alba tagged.png "alba@127.0.0.1:/mon-conseil/public/scp$mode.png" &&
		seen "$shown/scp$mode.png" && without got tagged.png
	ok "scp $mode"
done
openssh alba file put /mon-conseil/public/commande.jpg <tagged.jpg >id 2>err && grep -q "$removed" err && openssh visiteur file get "$(cat id)" >got &&
	without got tagged.jpg && openssh alba file get "$(cat id)" --version 1 | cmp - got
ok "by command: it is said beside the number; the original was never kept"
printf '%s\n' "put tagged.jpg $theme/membres.jpg" "get $theme/membres.jpg got" | sf alba key-alba >out 2>err && cmp got tagged.jpg &&
	id=$(openssh alba file show $theme/membres.jpg >/dev/null && openssh alba file list $theme --csv | grep membres.jpg | cut -d, -f1) &&
	openssh alba file put $theme/aussi.jpg <tagged.jpg >out 2>err && [ ! -s err ]
ok "for members: byte for byte as it was sent, and nothing said"

# ---- opened, moved

openssh alba file level "$id" public 2>err && grep -q "$removed" err && openssh visiteur file get "$id" >got && without got tagged.jpg &&
	seen $theme/membres.jpg && without got tagged.jpg
ok "opened to everybody"
openssh alba file get "$id" --version 1 | cmp - tagged.jpg && ! openssh visiteur file get "$id" --version 1 >got 2>err && [ ! -s got ] &&
	! openssh chantal file get "$id" --version 1 >got 2>err && [ ! -s got ] && [ "$(openssh visiteur file versions "$id" --csv | wc -l)" = 1 ]
ok "the original stays for who sent it, as an earlier version, and for nobody else"
openssh alba file put /moi/deplacee.png <tagged.png >/dev/null && openssh alba file move /moi/deplacee.png /mon-conseil/public 2>err && grep -q "$removed" err &&
	seen "$shown/deplacee.png" && without got tagged.png
ok "moved to where everybody reads it"
printf '%s\n' 'mkdir moi/fete' 'put tagged.jpg moi/fete/a.jpg' 'put tagged.webp moi/fete/b.webp' 'rename moi/fete mon-conseil/public/fete' \
	'put tagged.png moi/plus.png' 'rename moi/plus.png mon-conseil/public/deplacee.png' | sf alba key-alba >out 2>err &&
	seen "$shown/fete/a.jpg" && without got tagged.jpg && seen "$shown/fete/b.webp" && without got tagged.webp && seen "$shown/deplacee.png" && without got tagged.png
ok "a folder with photos in it, and one in the place of another"
openssh alba file put /moi/ecran.jpg <tagged.jpg >id && call ecran "$(ssh_line alba -T)" 100 && shows ecran Menu && enter ecran dossiers &&
	shows ecran Corbeille && enter ecran 'à moi' && shows ecran ecran.jpg && enter ecran 'e 1' && shows ecran 'Nom : ecran' && enter ecran 3 &&
	shows ecran 'même les visiteurs' && enter ecran 5 && shows ecran '3 Qui le lit : tout le monde' && enter ecran '' && shows ecran 'L’ouvrir à tous' && enter ecran o &&
	shows ecran 'C’est modifié.*visiteurs compris. Ce qui pouvait dire où'  && openssh visiteur file get "$(cat id)" >got && without got tagged.jpg
ok "opened to everybody on the screen, which says so"
hang_up ecran

openssh alba file put /moi/jointe.jpg <tagged.jpg >out && echo 'La voici.' | openssh alba thread new --board place --title Photo --attach /moi/jointe.jpg >id 2>err &&
	grep -q "$removed" err && scp -q -F ssh_config -P "$ssh_port" "visiteur@127.0.0.1:/messages/$(cat id)/jointe.jpg" got && without got tagged.jpg &&
	openssh alba file get /moi/jointe.jpg | cmp - tagged.jpg
ok "attached to a message: the copy says it no longer, the file itself does"

# ---- what cannot be cleaned

printf '\0\0\0\020ftypheic\0\0\0\0\0\0\0\0meta....iinf...infe...Exif' >photo.heic
printf '\0\0\0\020ftypmp42\0\0\0\0\0\0\0\014mdat....\0\0\0\0moovudta\251xyz+43.8367+004.3601/' >lieu.mp4
printf '\0\0\0\020ftypmp42\0\0\0\0\0\0\0\014mdat....\0\0\0\0moov' >sans.mp4
printf 'II*\0\010\0\0\0\0\0\0\0\0\0\0\0' >plan.tiff
refused='photo.heic lieu.mp4 plan.tiff'
# shellcheck disable=SC2086 # words
printf -- '-put %s mon-conseil/public/\n' $refused | sf alba key-alba >out 2>err
[ "$(grep -c 'dit peut-être où' err)" = 3 ] && echo "ls -1 \"$shown\"" | sf visiteur >out 2>err && grep -q tagged.webp out &&
	! grep 'heic\|mp4\|tiff' out && [ "$(sql 'SELECT count(*) FROM upload')" = 0 ]
ok "HEIC, TIFF, a film that says where: refused with a sentence, and nothing is left of them"
# shellcheck disable=SC2086
printf 'put %s moi/\n' $refused | sf alba key-alba >out 2>err && ! openssh alba file level /moi/photo.heic public 2>err && grep -q JPEG err &&
	! openssh alba file move /moi/lieu.mp4 /mon-conseil/public 2>err && grep -q JPEG err && openssh alba file get /moi/lieu.mp4 | cmp - lieu.mp4
ok "for oneself they are welcome, and stay there"
echo 'put sans.mp4 mon-conseil/public/sans.mp4' | sf alba key-alba >out 2>err && seen "$shown/sans.mp4" && cmp got sans.mp4
ok "a film that does not say where is taken as it is"
[ "$(sql 'SELECT count(*) FROM upload')" = 0 ] && b check >/dev/null && b jobs --once >/dev/null && b check >/dev/null &&
	[ "$(sql "SELECT count(*) FROM chunk WHERE content NOT IN (SELECT content FROM file_version)")" = 0 ]
ok "check is clean, and nothing is left staged"
stop
