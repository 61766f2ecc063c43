#!/bin/bash
# The profile through the whole program and real clients: a lost password, sessions closed and written
# to from elsewhere, a new address, one's data as an archive, a member erased.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
settings limits 'tries = 6' 'delay = 50' 'per_source = 40'
network && echo motdepasse | b member add odile --name 'Odile Garnier' --email odile@example.org --role sysop \
	--password-stdin >/dev/null && start
ok "a board is open"
json() { /usr/bin/python3 -c 'import json, sys
it = json.load(sys.stdin)
sys.exit(not eval(sys.argv[1]))' "$1"; }
# code KIND: the last that was sent. session LOGIN: the number of that one's session.
code() { sql "SELECT body FROM outbox WHERE kind = '$1' ORDER BY id DESC LIMIT 1" | grep -o '[0-9]\{4\} [0-9]\{4\}'; }
session() { sql "SELECT s.id FROM session s JOIN member m ON m.id = s.member WHERE m.login = '$1' ORDER BY s.id LIMIT 1"; }

# ---- a lost password

call perdu "$(ssh_line perdu -o PreferredAuthentications=none,keyboard-interactive)"
shows perdu 'Votre nom' && enter perdu alba && shows perdu 'huit chiffres' && enter perdu '0000 0000' &&
	shows perdu 'pas le code' && enter perdu "$(code code)" && shows perdu 'Le code est bon' &&
	enter perdu court && shows perdu 'seconde fois' && enter perdu court && shows perdu 'Au moins 8' &&
	enter perdu 'une autre phrase' && shows perdu 'une seconde fois' && enter perdu 'une autre phrase' &&
	shows perdu 'Palabre › Accueil'
ok "ssh perdu@, full face: a code by mail, a wrong one, a password too short, then in"
hang_up perdu
sshpass -p 'une autre phrase' ssh -F "$work/ssh_config" -p "$ssh_port" -o PreferredAuthentications=password \
	alba@127.0.0.1 whoami --json | json 'it["login"] == "alba"'
ok "the new password opens the door"
b member code bruno >"$work/code" && [ "$(sql "SELECT count(*) FROM outbox WHERE kind = 'code-given'")" = 1 ] &&
	b journal --limit 1 --json | json 'it[0]["act"] == "code"' && openssh denise member code odile 2>&1 | grep -q 'pas'
ok "member code prints one; an animator opens no sysop's account"
call tel "TERM=dumb telnet 127.0.0.1 $telnet_port" 100 60
shows tel 'Votre nom' && enter tel perdu && shows tel 'Mot de passe perdu' && enter tel bruno &&
	shows tel 'Le code' && enter tel "$(cat "$work/code")" && shows tel 'Le code est bon' &&
	enter tel 'phrase de bruno' && shows tel 'seconde fois' && enter tel 'phrase de bruno' &&
	shows tel 'Bonjour\|Accueil' && screen_lacks tel 'phrase de bruno'
ok "telnet, linear face: the code read out on the phone"
hang_up tel
call inconnu "$(ssh_line perdu -o PreferredAuthentications=none,keyboard-interactive)"
before=$(sql 'SELECT count(*) FROM outbox')
shows inconnu 'Votre nom' && enter inconnu personne && shows inconnu 'Si un compte porte ce nom' &&
	shows inconnu 'huit chiffres' && [ "$(sql 'SELECT count(*) FROM outbox')" = "$before" ]
ok "a name that nobody has: the same words, and no mail"
hang_up inconnu
call tape "$(ssh_line odile -o LogLevel=INFO -o PreferredAuthentications=keyboard-interactive)"
shows tape 'Password' && enter tape faux && shows tape 'ssh perdu@'
ok "keyboard-interactive says after a wrong password where to go"
hang_up tape

# ---- sessions

writing() { # NAME: in the editor of a new subject
	call "$1" "$(ssh_line alba)"
	shows "$1" 'Palabre › Accueil' && press "$1" f && shows "$1" '▸ Questions' && press "$1" Enter && press "$1" n &&
		shows "$1" 'Titre\|Sujet' && enter "$1" 'Une salle' && shows "$1" 'Ctrl-S envoyer' &&
		say "$1" 'Nous cherchons une salle'
}
try "one writes" writing premier
call second "$(ssh_line alba)"
shows second 'Palabre › Accueil' && press second p && shows second 'Sessions ouvertes' && press second s &&
	shows second 'celle-ci' && shows second '▸.*127.0.0.1' && press second Enter && shows second 'La fermer' &&
	press second o
ok "the same member closes it from elsewhere, by the profile"
shows premier 'fermée depuis votre profil' 3 && shows premier 'status 0' 3
ok "a sentence says so, and the session ends"
shows second 'est fermée' && until_true 5 [ "$(openssh alba session list --json | grep -c '"id"')" = 1 ]
ok "it is no longer in the list"
hang_up second
call troisieme "$(ssh_line alba)"
shows troisieme 'Le reprendre'
ok "the draft is offered"
press troisieme n
shows troisieme 'Palabre › Accueil'
id=$(session alba)
openssh bruno session close "$id" 2>&1 | grep -q "$id"
ok "another member may not close it"
b session write "$id" 'On ferme à 18 h.' && shows troisieme 'Un mot de la régie : On ferme à 18 h.' 3
ok "the sysop writes a line to it, full face"
call quatre "$(ssh_line chantal -T)"
shows quatre '^> *$' && b session write "$(session chantal)" 'On ferme bientôt.' &&
	shows quatre 'Un mot de la régie : On ferme bientôt.' 3
ok "and in the linear face"
b session close "$id" && shows troisieme 'La régie a fermé cette session' 3 && shows troisieme 'status 0' 3 &&
	b journal --limit 1 --json | json 'it[0]["act"] == "close"'
ok "the sysop closes it"
hang_up troisieme
hang_up quatre
openssh alba session list --csv | head -n 1 | grep -q '^id,name' && ! openssh alba session write 1 x 2>/dev/null
ok "session list --csv; writing is the sysop's"

# ---- how to reach one

openssh alba member contact alba --mobile 0612345678 --see-mobile council --knows "'Le droit'" &&
	openssh bruno member show alba --json | json 'it["mobile"] == "+33612345678" and it["email"] == "" and it["knows"] == "Le droit"' &&
	openssh chantal member show alba --json | json 'it["mobile"] == "" and it["knows"] == "Le droit"' &&
	openssh chantal people alb --json | json '[p["name"] for p in it] == ["Alba Martin"]'
ok "a field is shown as far as its owner says, by commands"
openssh alba member contact alba --email neuve@example.org && openssh alba member contact alba --json |
	json 'it["email"] == "alba@example.org" and it["email_new"] == "neuve@example.org"' &&
	! openssh alba member confirm 00000000 2>/dev/null && openssh alba member confirm "'$(code confirm)'" &&
	b member show alba --json | json 'it["email"] == "neuve@example.org"' &&
	[ "$(sql "SELECT address FROM outbox WHERE kind = 'address'")" = alba@example.org ]
ok "a new address counts once its code is typed, and the old one is told"
openssh alba member key alba --json | json 'it[0]["used"]' && b member key denise --json | json 'it[0]["used"]' &&
	b member key odile --json | json 'it == []'
ok "a key says when it was last used"

# ---- one's data

echo 'Bonjour à tous.' | openssh alba thread new --board questions --title "'Un essai'" >/dev/null &&
	openssh alba member export >"$work/alba.tar" && tar -tf "$work/alba.tar" >"$work/names" &&
	grep -q '^palabre/profile.json$' "$work/names" && tar -xOf "$work/alba.tar" palabre/profile.json |
	json 'it[0]["login"] == "alba" and it[0]["email"] == "neuve@example.org"' &&
	tar -xf "$work/alba.tar" -C "$work" && grep -q 'Bonjour à tous.' "$work"/palabre/messages/*.txt &&
	for part in "$work"/palabre/*.json; do json 'type(it) == list' <"$part" || exit 1; done
ok "member export: an archive that tar opens, each part good JSON"
! openssh bruno member erase alba 2>/dev/null && ! b member erase odile 2>"$work/err" && grep -q 'dernière' "$work/err"
ok "nobody erases another, and the last sysop stays"
call fin "$(ssh_line alba)"
shows fin 'Palabre › Accueil' && press fin p && shows fin 'Mes données' && press fin d && shows fin 'effacer' && press fin e && shows fin 'pour toujours' &&
	press fin o && shows fin 'tapez alba' && enter fin albo && shows fin 'rien n’est effacé' && press fin e &&
	shows fin 'pour toujours' && press fin o && shows fin 'tapez alba' && enter fin alba && shows fin 'le compte est effacé'
ok "one erases oneself by typing one's name"
! openssh alba whoami 2>/dev/null && openssh bruno search essai | grep -q . &&
	openssh bruno thread read "$(sql "SELECT max(item) FROM thread")" | grep -q 'Bonjour à tous' &&
	[ "$(sql "SELECT count(*) FROM member WHERE email LIKE '%alba%' OR name LIKE 'Alba%'")" = 0 ] && b check >/dev/null
ok "the account is gone, the messages stay"
b member erase bruno && b journal --limit 1 --json | json 'it[0]["act"] == "erase" and it[0]["detail"] == ""'
ok "the sysop erases by a command"
