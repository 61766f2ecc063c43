#!/bin/bash
# Keeping the board through real clients: what the sysop does holds in sessions that are open; where the
# administration is seen, and where not; its commands over ssh.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
network && start
ok "a board is open"
echo 'motdepasse' | b member add odile --name 'Odile Garnier' --email odile@example.org --role sysop --password-stdin >/dev/null
ssh-keygen -q -t ed25519 -N '' -C odile -f "$work/key-odile" && b member key odile --add "$work/key-odile.pub"
ok "a sysop"

# ---- at once

call alba "$(ssh_line alba)"
shows alba 'Palabre › Accueil' && screen_lacks alba Administration
ok "a member at home sees no administration"
b member role alba animator --territory 30 && shows alba '\[M\] Administration' 5
ok "made animator on the machine, she sees it at once"
press alba m && shows alba 'Charte' && screen_lacks alba 'Membres'
ok "and in it what is an animator's"
press alba Escape && shows alba 'Accueil' && b member role alba member && loses alba Administration 5
ok "taken away, it is gone at once"
call bruno "TERM=dumb $(ssh_line bruno)" 100 50
shows bruno 'Menu : '
b member suspend bruno --reason 'Propos blessants' && press bruno Enter && shows bruno 'Propos blessants' && ! openssh bruno thread list 2>/dev/null
ok "suspended in the middle of a visit: the reason, and no more reading"
b member reinstate bruno && openssh bruno thread list >/dev/null
ok "reinstated"

# ---- where

call odile "$(ssh_line odile)"
shows odile '\[M\] Administration' && press odile m && shows odile 'Base' && press odile b && shows odile 'rifier' && screen_lacks odile Sauvegarder
ok "over ssh the sysop has it, but for copies"
call regie "$bbs -c $work/bbs.conf console"
shows regie Administration && press regie m && shows regie Base && press regie b && shows regie Sauvegarder
ok "on the machine also copies"
press regie s && shows regie 'Nom de la copie' && press regie Enter && shows regie 'La copie est' &&
	printf '[store]\npath = %s\n' "$(echo "$work"/var/sauvegarde-*.sqlite)" >"$work/copy.conf" && "$bbs" -c "$work/copy.conf" check
ok "a copy is made beside the store, and is in order"
call loin "telnet 127.0.0.1 $telnet_port"
shows loin 'Votre nom\|Nom' && enter loin odile && shows loin 'passe' && enter loin motdepasse && shows loin 'Accueil' && screen_lacks loin Administration
ok "over telnet nobody has it"

# ---- commands over ssh

openssh odile setting set approvals_needed 1 && [ "$(openssh odile setting get approvals_needed)" = 1 ]
ok "setting set over ssh"
openssh odile store status --json | grep -q '"size"' && openssh odile journal --by odile --csv | grep -q ',set,'
ok "store status, journal --by over ssh"
! openssh odile council extract 1 x 2>"$work/err" && grep -q . "$work/err" && ! openssh alba setting list 2>/dev/null && ! openssh chantal store status 2>/dev/null
ok "what is for the machine, or for the sysop, is not for others"
b check >/dev/null
ok "the store is in order"
