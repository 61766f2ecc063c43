#!/bin/bash
# Those who are on line, by real clients: short words said and answered at calm moments, to those who have
# left or want none, lines of the day, last callers, not being seen.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
settings limits 'delay = 50' 'per_source = 40'
network && start
ok "a board is open"
json() { /usr/bin/python3 -c 'import json, sys
it = json.load(sys.stdin)
sys.exit(not eval(sys.argv[1]))' "$1"; }
accept() { # everybody has read the charter
	sql "UPDATE member SET charter = (SELECT max(version) FROM charter)"
}
accept
for who in alba bruno; do
	call $who "$(ssh_line $who)"
	shows $who 'Palabre › Accueil'
done
call chantal "$(ssh_line chantal -T)" 80 60
shows chantal '^> *$'
ok "three are here, one of them in lines"

# write_to NAME WHOM TEXT: from the home screen, by who is here
write_to() {
	press "$1" l && choose "$1" "$2" && press "$1" M && shows "$1" "Votre mot à $2" && enter "$1" "$3"
}

# ---- at a calm moment

press bruno f && shows bruno '▸ Questions' && press bruno Enter n && shows bruno 'Sujet' && enter bruno 'Une salle' &&
	shows bruno 'Ctrl-S envoyer' && say bruno 'Nous cherchons'
write_to alba 'Bruno Diallo' 'Tu viens ce soir ?' && shows alba 'Bruno Diallo le lit à un moment calme'
ok "a word to somebody who is here"
say bruno ' une salle' && shows bruno 'cherchons une salle' && sleep 1.5 && screen_lacks bruno 'ce soir'
ok "who writes a text is left alone"
press bruno Escape && shows bruno 'Alba Martin, à .* : « Tu viens ce soir ? »'
ok "and hears it once the text is left, with the hour"
press bruno = && shows bruno 'Votre mot à Alba Martin' && enter bruno 'Oui !' && shows alba 'Bruno Diallo, à .* : « Oui ! »' &&
	loses bruno 'ce soir'
ok "one key answers, and the answer is shown over there"
press alba Escape && shows alba 'Palabre › Accueil' && write_to alba 'Chantal Roux' 'Bonjour Chantal' &&
	shows chantal 'Alba Martin, à .* : « Bonjour Chantal »' && screen_has chantal 'Tapez = pour répondre'
ok "in lines it comes at the prompt"
enter chantal = && shows chantal 'Votre mot à Alba Martin' && enter chantal 'Bonjour Alba' && shows alba '« Bonjour Alba »'
ok "and is answered by the same sign"
enter chantal forum && shows chantal 'Questions' && enter chantal 1 && enter chantal n && shows chantal 'Sujet' &&
	enter chantal 'Un essai' && shows chantal 'fin' && enter chantal 'Nous cherchons' &&
	echo Encore. | openssh bruno word send chantal >"$work/out" && grep -q 'Chantal Roux' "$work/out" && sleep 1.5 &&
	screen_lacks chantal 'Encore' && enter chantal . && enter chantal b && shows chantal '« Encore. »'
ok "not into a text, but once it is left"
enter chantal 0

# ---- who has left, who wants none

hang_up bruno
until_true 10 [ "$(sql "SELECT count(*) FROM notice WHERE seen = 0 AND kind = 'word' AND member = (SELECT id FROM member WHERE login = 'bruno')")" = 0 ]
ok "what was answered is seen"
press alba Escape && shows alba 'Palabre › Accueil' && press alba l && choose alba 'Chantal Roux'
hang_up chantal
sleep 1
press alba M && shows alba 'Votre mot à Chantal' && enter alba 'À bientôt' && shows alba 'Chantal Roux n’est pas là' &&
	screen_has alba 'l’attend'
ok "one who has just left: the sender is told, and the word waits"
call chantal "$(ssh_line chantal)"
shows chantal 'Le reprendre' && press chantal n && shows chantal 'Pour vous  *1 avis à lire' && press chantal o && shows chantal 'Un mot signé Alba Martin' &&
	press chantal Enter && shows chantal 'À bientôt' && press chantal r && shows chantal 'Votre mot à Alba' &&
	enter chantal 'Me voilà' && shows alba '« Me voilà »'
ok "it is found at the next log-in, and answered from there"
hang_up alba
call alba "$(ssh_line alba)"
shows alba 'Pour vous  *1 avis à lire'
ok "what was shown to nobody who went on stays to be read"
openssh chantal member presence --no-words && ! echo Bonjour. | openssh alba word send chantal 2>"$work/err" &&
	grep -q 'Chantal Roux' "$work/err" && [ "$(sql "SELECT count(*) FROM notice WHERE body = 'Bonjour.'")" = 0 ]
ok "who wants no words gets none, and a sentence says so"
press alba d && shows alba 'Trombinoscope' && choose alba 'Chantal Roux' && press alba M && shows alba 'ne souhaite pas de mots courts'
ok "also before one has typed it, from the members' list"

# ---- who may

openssh visiteur word list >"$work/out" 2>&1
[ $? = 1 ] && ! openssh visiteur line list 2>/dev/null && ! openssh visiteur callers 2>/dev/null &&
	! echo x | openssh visiteur word send alba 2>/dev/null
ok "nothing of it is for visitors"
b member suspend bruno --reason 'Une pause' && ! echo x | openssh bruno word send alba 2>/dev/null &&
	! echo x | openssh bruno line add 2>/dev/null && b member reinstate bruno
ok "nor for the suspended"
openssh denise word list --json | json 'it == []' && openssh alba word list --json |
	json '[w["body"] for w in it if w["login"] == "chantal"] == ["Me voilà", "Bonjour Alba"]' &&
	openssh alba word list --sent --csv | grep -q 'chantal,.*À bientôt'
ok "each has his own, by word list"

# ---- lines of the day

press alba Escape && shows alba 'Palabre › Accueil' && press alba l && shows alba 'Depuis' && press alba L &&
	shows alba 'Personne n’a écrit de ligne' && echo 'Bonjour de Nîmes !' | openssh bruno line add && shows alba 'Bonjour de Nîmes' 5
ok "a line of the day comes to those who look"
echo 'Bonjour à toutes et à tous !' | openssh bruno line add && shows alba 'toutes et à tous' 5 &&
	openssh chantal line list --json | json 'len(it) == 1 and it[0]["name"] == "Bruno Diallo"'
ok "the second one of a day takes the place of the first"
! openssh alba line hide 1 2>/dev/null && openssh denise line hide 1 && openssh chantal line list --json | json 'it == []' &&
	loses alba 'toutes' && openssh denise line list --json | json 'it[0]["hidden"]' &&
	b journal --limit 1 --json | json 'it[0]["act"] == "line.hide"' &&
	! echo 'Encore' | openssh bruno line add 2>/dev/null && openssh denise line show 1 && shows alba 'toutes' 5
ok "an animator hides it, and shows it again"
printf '%0141d' 0 | openssh chantal line add 2>"$work/err"
[ $? = 1 ] && grep -q 'long' "$work/err"
ok "one that is too long is refused"

# ---- who is seen

openssh chantal callers --json | json 'sorted(c["login"] for c in it) == ["alba", "bruno", "chantal"]'
ok "last callers"
openssh alba member presence --unseen && openssh chantal who --json | json '"Alba Martin" not in [s["name"] for s in it]' &&
	openssh chantal callers --json | json '"alba" not in [c["login"] for c in it]' &&
	b session list --json | json '"Alba Martin" in [s["name"] for s in it]' &&
	echo 'Coucou' | openssh bruno word send alba | grep -q 'l’attend\|waits'
ok "who wants not to be seen is not, and hears the word all the same"
shows alba '« Coucou »'
ok "there it is"
b member erase bruno && openssh alba word list --json | json '"bruno" not in [w["login"] for w in it]' &&
	openssh alba line list --json | json 'it == []' && b check >/dev/null
ok "an erased member's words and lines are gone"
call passant "$(ssh_line visiteur)"
shows passant 'Vous visitez'
call denise "$(ssh_line denise)"
shows denise 'Palabre › Accueil' && press denise l && shows denise 'Visiteur' && press denise End Up Enter &&
	shows denise 'Un visiteur n’a pas de fiche'
ok "a visitor who is here has no sheet, and Enter says so"
