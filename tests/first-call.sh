#!/bin/bash
# A first call, as a story, through the whole program and real clients: telnet, ssh, plink, dbclient, a
# bare socket and the console. People sign up, wait, are asked, let in or refused, and talk.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
network && start
ok "a board with two councils is open"

# sign_up NAME GIVEN FAMILY [CODE]: fills in the full face's form, up to the charter; PASSWORD none: only the key
sign_up() {
	shows "$1" 'Palabre › Inscription' || return 1
	enter "$1" "${4-}" && enter "$1" "$2" && enter "$1" "$3"
	if [ -z "${4-}" ]; then
		enter "$1" cigal && shows "$1" 'Choisir un conseil' && shows "$1" '▸ Les Cigales' &&
			press "$1" Enter || return 1
	else
		press "$1" Enter
	fi
	enter "$1" "$1@example.org" && press "$1" Enter Enter
	enter "$1" "${PASSWORD-motdepasse}" && enter "$1" "${PASSWORD-motdepasse}"
	enter "$1" "Je viens aux réunions."
	press "$1" C-s
	shows "$1" 'Palabre › Charte' && shows "$1" 'o oui · x non' && press "$1" o
}
at_home() { shows "$1" 'Palabre › Accueil'; }

# ---- a newcomer over telnet, in the full face

call emile "telnet 127.0.0.1 $telnet_port"
shows emile 'Votre nom :' && enter emile nouveau
sign_up emile Émile Bernard
ok "telnet, full face: a newcomer without an invitation fills in the form and accepts the charter"
shows emile 'Salle d’attente *Émile Bernard' && shows emile 'sous 48 heures'
ok "and is in the waiting room"
b member list --state waiting --json | grep -q '"login": "emile"' &&
	[ "$(b outbox list --json | grep -c '"candidate"')" = 2 ]
ok "the candidate is listed, and a mail is due to both peers"
press emile f
shows emile 'Place publique' && screen_lacks emile Questions
ok "a candidate sees the public board alone"
press emile Escape
shows emile 'Salle d’attente'

# ---- the first peer: a question, then a yes

call alba "$(ssh_line alba)"
at_home alba && shows alba '1 personne attend votre oui'
ok "ssh with a key, full face: a peer finds at home who waits"
press alba v
shows alba '▸ Émile Bernard' && press alba p && shows alba 'Votre question à Émile Bernard'
ok "a question is asked by the candidate's name"
enter alba 'Depuis quand habitez-vous là ?'
shows emile 'Répondre *Depuis quand habitez-vous'
ok "it shows by itself in the open waiting room"
press emile r && shows emile 'Entrée suite' && enter emile 'Depuis 1998.'
shows emile 'Votre réponse est envoyée'
ok "it is answered"
press alba Enter
shows alba 'Réponse : Depuis 1998' && shows alba '« Je viens aux réunions. »'
ok "the peer reads the answer on the candidate's sheet"
press alba o && shows alba 'Émile Bernard.*o/N' && press alba o && shows alba 'Votre réponse est enregistrée'
ok "and says yes"
press alba o && shows alba 'Émile Bernard.*o/N' && press alba o && shows alba 'déjà'
ok "a second yes of the same person is told to be one"
screen_has emile 'Salle d’attente'
ok "one yes is not enough"

# ---- the second peer

call bruno "plink -no-antispoof -hostkey $hostkey -P $ssh_port bruno@127.0.0.1"
shows bruno '[Mm]ot de passe\|[Pp]assword' && enter bruno motdepasse
at_home bruno
ok "plink with a password, full face"
press bruno v && shows bruno '▸ Émile Bernard' && shows bruno '1 oui sur 2' && press bruno o &&
	shows bruno 'Émile Bernard.*o/N' && press bruno o && shows bruno 'membre dès maintenant'
ok "the second yes makes a member"
at_home emile && shows emile 'Émile Bernard · Les Cigales'
ok "the open waiting room becomes the new member's home by itself"
b outbox list --json | grep -q 'emile@example.org'
ok "and a mail is due"
[ "$(b member show emile --json | grep -c '"state": "active"')" = 1 ] && loses alba '▸ Émile Bernard'
ok "nobody waits any more, for the first peer too"

# ---- a discussion

press emile f && shows emile 'Palabre › Forum' && shows emile Questions
ok "the members' boards are open to the new member"
shows emile '▸ Questions' && press emile Enter && shows emile 'Forum › Questions' && press emile n
shows emile 'Sujet :' && enter emile 'Un local pour nos réunions ?' && shows emile 'Qui verra ceci'
ok "before one writes one reads who will see it"
say emile 'Depuis janvier nous n’avons plus de salle. Où vous réunissez-vous ?'
press emile C-s && shows emile 'Votre discussion est ouverte' && shows emile 'Questions › Un local.* 1 message'
ok "a discussion is opened"

call chantal "dbclient -y -y -p $ssh_port chantal@127.0.0.1"
shows chantal 'Login for chantal' && shows chantal '[Mm]ot de passe\|[Pp]assword' && enter chantal motdepasse
at_home chantal && shows chantal '1 nouveau message'
ok "dbclient, keyboard-interactive: another member is told of a new message"
press chantal Space
shows chantal 'Où vous réunissez-vous' && press chantal r && shows chantal 'Votre réponse' &&
	shows chantal 'Ctrl-S envoyer'
ok "Space leads to it"
say chantal 'Une convention avec le collège : trois soirs par mois.'
press chantal C-s && shows chantal 'Votre réponse est en place' && shows chantal 'trois soirs par mois'
ok "the reply is there, for who wrote it"
shows emile 'trois soirs par mois'
ok "and shows by itself to the one who reads the discussion"

# ---- the console

call regie "$bbs -c $work/bbs.conf console"
at_home regie && press regie f && shows regie '▸ Questions' && press regie Enter
shows regie 'Un local pour nos réunions' && press regie Enter && shows regie 'trois soirs par mois' &&
	shows regie '2 messages'
ok "the sysop reads it on the console"

# ---- a visitor

call visiteur "$(ssh_line visiteur)"
at_home visiteur && press visiteur f && shows visiteur 'Place publique' && screen_lacks visiteur Questions
ok "ssh visiteur@: only what is public"
thread=$(b thread list --board questions --json | sed -n 's/.*"id": \([0-9]*\).*/\1/p')
! openssh visiteur thread read "$thread" >"$work/read" 2>&1 && ! grep -q salle "$work/read"
ok "the members' discussion is not read by its number either"
echo 'Fête de quartier samedi.' | b thread new --board place --title 'Fête de quartier' >/dev/null
press visiteur Enter && shows visiteur 'Fête de quartier'
ok "a public discussion is"

# ---- the linear face on a bare socket

call barre "nc 127.0.0.1 $telnet_port" 100 60
shows barre 'Votre nom' && screen_has barre 'ssh est plus sûr'
ok "nc: the password's echo is told before anything is asked"
enter barre alba && shows barre 'Mot de passe' && enter barre motdepasse && shows barre 'Accueil. Alba Martin'
ok "a member logs in over a bare socket, in the linear face"
press barre Enter && shows barre 'Questions. Un local pour nos réunions' && shows barre 'Émile Bernard, Les Cigales' &&
	shows barre 'plus de salle' && press barre Enter && shows barre 'réponse au message 1' &&
	shows barre 'trois soirs par mois'
ok "and reads, message by message"
for key in 0 0 o; do press barre "$key" Enter; done
shows barre 'Au revoir'
ok "and leaves"

# ---- another newcomer, with nothing but a key

ssh-keygen -q -t ed25519 -N '' -f "$work/key-nouveau"
call gaelle "$(ssh_line nouveau)"
shows gaelle 'clé ssh est reconnue' && PASSWORD='' sign_up gaelle Gaelle Petit
shows gaelle 'Salle d’attente'
ok "ssh nouveau@ with a key signs up, without a password"
cp "$work/key-nouveau" "$work/key-gaelle"
openssh gaelle whoami --json | grep -q '"login": "gaelle"'
ok "that key then opens the account"
! openssh bruno -o BatchMode=yes -i "$work/key-nouveau" -o IdentityFile=none whoami >/dev/null 2>&1 ||
	[ "$(openssh bruno whoami --json | grep -c gaelle)" = 0 ]
ok "and no other"

# ---- refused

call fatou "TERM=dumb telnet 127.0.0.1 $telnet_port" 100 60
shows fatou 'Votre nom' && enter fatou nouveau && shows fatou 'Code d’invitation' && enter fatou '' &&
	enter fatou Fatou && enter fatou Sow && enter fatou cigal && shows fatou '1 Les Cigales, Nîmes' &&
	enter fatou 1 && enter fatou fatou@example.org && enter fatou '' && enter fatou '' &&
	shows fatou '^Mot de passe' && enter fatou motdepasse && shows fatou 'Mot de passe, répété' &&
	enter fatou motdepasse && shows fatou 'Quelques mots' && enter fatou 'Je passe.' && enter fatou '' &&
	enter fatou '' && shows fatou '8 Mot de passe : donné, pas montré' && screen_lacks fatou motdepasse &&
	enter fatou '' && shows fatou 'on accepte cette charte' && enter fatou o &&
	shows fatou 'Salle d’attente. Fatou Sow'
ok "telnet, linear face: the same form, a question at a time, no password shown"
press bruno C-l && shows bruno 'Fatou Sow'
choose bruno Fatou &&
	press bruno x && shows bruno 'Pourquoi non à Fatou Sow' && enter bruno 'Personne ne la connaît.' &&
	shows bruno 'Votre réponse est enregistrée'
ok "a peer says no, with a reason"
screen_has fatou 'Salle d’attente' && b member list --state waiting --json | grep -q '"login": "fatou"'
ok "a peer's no does not decide"
call denise "$(ssh_line denise)"
at_home denise && press denise v &&
	choose denise Fatou && shows denise 'un non' && press denise x && shows denise 'Pourquoi non à Fatou Sow' &&
	enter denise 'Voyons-nous d’abord.' && shows denise 'la demande est refusée'
ok "the animator's does"
shows fatou 'demande n’a pas été acceptée'
ok "the refused candidate's open line is told"
enter fatou 0 && shows fatou 'Au revoir'
call fatou "telnet 127.0.0.1 $telnet_port"
shows fatou 'Votre nom :' && enter fatou fatou && shows fatou 'Mot de passe' && enter fatou motdepasse &&
	shows fatou 'demande n’a pas été acceptée' && press fatou Escape && shows fatou 'Au revoir'
ok "and later finds the door closed, in a sentence"
ssh-keygen -q -t ed25519 -N '' -f "$work/key-fatou" && b member key fatou --add "$work/key-fatou.pub"
! openssh fatou council list >"$work/out" 2>"$work/err" && [ ! -s "$work/out" ] && [ -s "$work/err" ]
ok "for commands too"

# ---- by invitation

press chantal Q && shows chantal 'Quitter' && press chantal o
call chantal "$(ssh_line chantal)"
at_home chantal && press chantal i && shows chantal 'Faire un code' && press chantal o &&
	shows chantal "Code d’invitation : "
code=$(screen chantal | sed -n 's/.*Code d’invitation : \([A-Z0-9-]*\).*/\1/p')
ok "a resource person makes an invitation"
rm "$work/key-nouveau"
call henri "$(ssh_line nouveau -o PreferredAuthentications=keyboard-interactive,none)"
sign_up henri Henri Colin "$code"
at_home henri && shows henri 'Henri Colin · Les Ardoisiers'
ok "whoever has its code is a member of that council at once"
call jean "$(ssh_line nouveau -o PreferredAuthentications=keyboard-interactive,none)"
shows jean 'Palabre › Inscription' && enter jean "$code" && shows jean 'Ce code\|This code'
ok "a code is good once"

b check >/dev/null
ok "the store is sound"
