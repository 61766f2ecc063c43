#!/bin/bash
# serve through real sockets and the real program: what is refused, who is killed, what is left behind.
# B: the build's folder. Prints "ok …" and "not ok …"; exit 1 when one failed.
set -u
bbs=$(realpath "${B:-build}")/bbs
work=$(mktemp -d)
failed=0 server=
export HOME=$work
unset SSH_AUTH_SOCK SSH_ASKPASS DISPLAY
cd "$work" || exit 1

finish() {
	[ -n "$server" ] && kill "$server" 2>/dev/null
	[ $failed = 1 ] && { echo "--- the log"; tail -n 60 "$work/log"; }
	rm -rf "$work"
	exit $failed
}
trap finish EXIT

# ok NAME: the last command's status is the result
ok() {
	local result=$?
	if [ $result = 0 ]; then echo "ok $1"; else echo "not ok $1" && failed=1; fi
}

# until COMMAND…: tries it for ten seconds
until_true() {
	for _ in $(seq 200); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.05
	done
	echo "# in vain: $*"
	return 1
}

# configure [SETTING=VALUE…]: bbs.conf with free ports, a store of its own, and these limits
configure() {
	local setting
	printf '[ssh]\nlisten = 127.0.0.1:0\n[telnet]\nlisten = 127.0.0.1:0\n[store]\npath = %s\n[limits]\n' \
		"$work/var/bbs.sqlite" >bbs.conf
	for setting; do echo "${setting/=/ = }" >>bbs.conf; done
}

# serve [SETTING=VALUE…]: starts it, sets server, ssh, telnet (the ports)
serve() {
	[ $# -gt 0 ] && configure "$@"
	rm -f out
	LC_ALL=en "$bbs" serve >out 2>>log &
	server=$!
	until_true grep -q 'To sign up' out || exit 1
	ssh=$(sed -n 's/^ssh listens on .*:\([0-9]*\)$/\1/p' out)
	telnet=$(sed -n 's/^telnet listens on .*:\([0-9]*\)$/\1/p' out)
}

stop() {
	kill "$server"
	wait "$server"
	local status=$?
	server=
	return $status
}

# children NAME: pids of serve's children of that name
children() {
	pgrep -P "$server" -x "bbs-$1"
}

# there_are N NAME
there_are() {
	[ "$(children "$2" | wc -l)" = "$1" ]
}

# The helpers alone are left of serve's children: no half of a pair, no zombie.
helpers_alone() {
	[ "$(ps -o comm= --ppid "$server" | sort | xargs)" = 'bbs-broker bbs-jobs bbs-relay' ]
}

# silent N PORT: N callers who say nothing; let_go ends them
fds=()
silent() {
	local fd
	for _ in $(seq "$1"); do
		exec {fd}<>"/dev/tcp/127.0.0.1/$2" || return 1
		fds+=("$fd")
	done
}
let_go() {
	local fd
	for fd in "${fds[@]}"; do exec {fd}>&-; done
	fds=()
}

# probed PORT: the kernel's next question whether a caller there still lives is some minutes away, not hours
probed() {
	awk -v port="$(printf ':%04X$' "$1")" '$2 ~ port && $4 == "01" && $6 ~ /^02:0000/ { seen = 1 }
		END { exit !seen }' /proc/net/tcp
}

# heard PORT: all that a caller hears who says nothing, until he is hung up on
heard() {
	timeout 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/$1 && cat <&3"
}

# visitor NAME: a visitor by ssh who stays, on descriptor 8; what he sees is in the file NAME
visitor() {
	rm -f "$1.in"
	mkfifo "$1.in"
	exec 8<>"$1.in"
	ssh -F /dev/null -T -p "$ssh" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o LogLevel=ERROR visiteur@127.0.0.1 <"$1.in" >"$1" 2>&1 8>&- &
	client=$!
	until_true grep -q '^Menu' "$1"
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

# ---- what keeps it from starting: one sentence, exit 1

# fails SENTENCE COMMAND…: one line, on standard error alone, and exit 1
fails() {
	local sentence=$1
	shift
	LC_ALL=en timeout 20 "$@" >failed.out 2>failed.err </dev/null
	[ $? = 1 ] && [ ! -s failed.out ] && [ "$(wc -l <failed.err)" = 1 ] && grep -q -- "$sentence" failed.err
	local result=$?
	[ $result = 0 ] || sed 's/^/# /' failed.out failed.err
	return $result
}

configure 'idel=0'
fails '^bbs.conf:8: \[limits\] idel: no such setting; did you mean idle?$' "$bbs" serve
ok "an unknown setting: file, line, what was meant"
fails '^nowhere.conf cannot be read: ' "$bbs" -c nowhere.conf council list
ok "a bbs.conf that is not there"
printf 'This is no store, but it is long enough to be looked at as one.\n%.0s' {1..100} >text
printf '[store]\npath = text\n' >text.conf
fails '^text: ' "$bbs" -c text.conf serve
ok "a store that is none"
printf '[store]\npath = no/such/folder/bbs.sqlite\n' >folder.conf
fails '^no/such/folder/bbs.sqlite: ' "$bbs" -c folder.conf serve
ok "a store in a folder that is not there"
mkdir elsewhere && (cd elsewhere && env LC_ALL=en "$bbs" council list && env LC_ALL=en "$bbs" council list) >elsewhere/out 2>elsewhere/said &&
	[ "$(cat elsewhere/said)" = "A new, empty store was made: $(realpath elsewhere/var/bbs.sqlite)" ]
ok "a store that was not there: that it is made is said, once"

serve 'per_source_waiting=8'
ssh-keygen -lf var/ssh_host_ed25519_key | grep -qF "$(sed -n 's/ ssh-ed25519$//p' out)"
ok "the fingerprint that is said is that of the key"
sed "s,^listen = .*,listen = 127.0.0.1:$telnet," bbs.conf >same.conf
fails 'another serve' "$bbs" -c same.conf serve
ok "a second serve on the same store"
sed -i "s,^path = .*,path = other.sqlite," same.conf
"$bbs" -c same.conf council list >/dev/null 2>&1
fails "^ssh cannot listen on 127.0.0.1:$telnet: another program" "$bbs" -c same.conf serve
ok "a port that is taken"
"$bbs" council list >/dev/null
ok "commands go on beside serve"
LC_ALL=en "$bbs" help 2>full.err >/dev/full
[ $? = 1 ] && grep -q '^The output cannot be written' full.err
ok "output that cannot be written: a sentence, exit 1"

# ---- limits

silent 8 "$telnet" && until_true there_are 8 telnet
heard "$telnet" | grep -aq "Trop d'appels viennent de votre adresse\|Too many calls come from your address" &&
	there_are 8 telnet
ok "the ninth silent caller by telnet is told and hung up on"
[ -z "$(heard "$ssh")" ] && ! children ssh >/dev/null
ok "so is the ninth by ssh, without a word"
let_go
until_true helpers_alone
ok "the eight leave, and nothing of them stays"
# Once a reset made libssh ask for an error's name, glibc for its French catalogue, and the fence killed.
silent 4 "$ssh" && until_true there_are 4 ssh && let_go && until_true helpers_alone && ! grep -q fell log
ok "clients who go before the key exchange make no carrier fall"
visitor in && there_are 1 ssh && there_are 1 session
ok "then there is room again"
silent 8 "$telnet" && until_true there_are 8 telnet
ok "who is logged in is not counted among the silent"
let_go
kill "$client"
until_true helpers_alone
ok "a killed client leaves nothing behind"
stop && [ ! -e var/bbs.sqlite-relay ]
ok "SIGTERM: exit 0, the relay's socket is gone"

serve 'waiting=3' 'per_source_waiting=0' 'grace=2'
begin=$SECONDS
silent 2 "$telnet" && silent 1 "$ssh" && until_true there_are 3 session
[ -z "$(heard "$ssh")" ] && heard "$telnet" | grep -aq "trop d'appels\|too many calls"
ok "more callers at the door than may be in all are refused"
timeout 10 cat <&"${fds[0]}" | grep -aq "Personne ne s.est fait conna\|Nobody has logged in"
ok "grace time over telnet ends with a sentence"
until_true helpers_alone && [ $((SECONDS - begin)) -ge 1 ] && [ "$(grep -c 'did not log in within 2 seconds' log)" = 1 ]
ok "grace time kills both halves of an ssh caller"
let_go
visitor graced
# Who signs up is in as well: a form takes longer than two minutes.
exec {newcomer}<>"/dev/tcp/127.0.0.1/$telnet"
printf 'nouveau\r\n' >&"$newcomer"
sleep 3
there_are 1 ssh && there_are 1 telnet && there_are 2 session
ok "who is logged in, or signs up, has all the time he wants"
until_true probed "$ssh" && until_true probed "$telnet"
ok "a line that died without a word will be found out"
exec {newcomer}>&-
kill "$client"
stop
serve 'per_source=1'
visitor one
[ -z "$(heard "$ssh")" ] && heard "$telnet" | grep -aq "votre adresse\|your address"
ok "one connection from one address at once"

# ---- kills

kill -KILL "$(children session)" && until_true helpers_alone && until_true gone "$client"
ok "kill -9 of a session: its carrier ends, the client is hung up on"
visitor two && kill -KILL "$(children ssh)" && until_true helpers_alone && until_true gone "$client"
ok "kill -9 of a carrier: its session ends"
visitor three && kill -STOP "$(children session)" && kill -KILL "$(children ssh)"
until_true there_are 0 ssh && there_are 1 session
ok "half of a pair that stands still stays for the moment"
kill -CONT "$(children session)"
until_true helpers_alone
ok "and goes when it can"

# listeners: the descriptors that the relay has
listeners() {
	local relay
	relay=$(children relay) && find "/proc/$relay/fd" -type l | wc -l
}
has_listeners() {
	[ "$(listeners)" = "$1" ]
}
before=$(listeners)
visitor four && until_true has_listeners $((before + 1))
ok "a session joins the relay"
relay=$(children relay)
kill -KILL "$relay" && until_true gone "$relay" && until_true there_are 1 relay && until_true has_listeners $((before + 1))
ok "kill -9 of the relay: another starts, the session joins again"
jobs=$(children jobs)
kill -KILL "$jobs" && until_true gone "$jobs" && until_true there_are 1 jobs && grep -q 'the jobs fell' log
ok "kill -9 of the jobs: others start"
broker=$(children broker)
kill -KILL "$broker" && until_true gone "$broker" && until_true there_are 1 broker && grep -q 'the broker fell' log
ok "kill -9 of the broker: another starts"
for _ in 1 2 3 4 5; do
	jobs=$(children jobs) && kill -KILL "$jobs" && until_true gone "$jobs"
	until_true there_are 1 jobs
done
begin=$(date +%s%N)
kill -KILL "$(children jobs)"
until_true there_are 0 jobs && until_true there_are 1 jobs && [ $((($(date +%s%N) - begin) / 1000000)) -gt 1000 ]
ok "each time a little later"
grep -q "^Seccomp:.2" "/proc/$(children jobs)/status"
ok "they are fenced"

# ---- the end

pids=$(pgrep -P "$server")
stop
ok "SIGTERM with a caller: exit 0"
until_true gone "$client" && grep -qi 'au revoir\|good-bye' four
ok "who is told good-bye"
left=0
for pid in $pids; do gone "$pid" || left=1; done
[ $left = 0 ]
ok "nothing is left behind"

serve 'grace=60'
sed -i "0,/^listen = .*/s//listen = 127.0.0.1:$ssh/" bbs.conf
visitor five
first=$client
relay=$(children relay) carrier=$(children ssh) session=$(children session)
kill -KILL "$server"
wait "$server" 2>/dev/null
until_true gone "$relay" && ! gone "$carrier" && ! gone "$session"
ok "kill -9 of serve: the relay goes with it, callers stay"
serve && visitor six
ok "serve starts again on the same store and port beside them"
kill "$client"
until_true helpers_alone
exec 8>&-
kill "$first"
until_true gone "$carrier" && until_true gone "$session"
ok "the old pair ends with its client"
stop

# ---- the demonstration

printf '[ssh]\nlisten = *:0\n[telnet]\nlisten = *:0\n[store]\npath = demo/bbs.sqlite\n' >bbs.conf
"$bbs" demo >/dev/null
rm -f out
LC_ALL=en "$bbs" serve >out 2>>log &
server=$!
until_true grep -q '^telnet listens' out && [ "$(grep -c 'listens on 127\.0\.0\.1:' out)" = 2 ] &&
	grep -q 'only this machine can connect' out && grep -q 'ssh -p [0-9]* alba@localhost' out
ok "a demonstration listens on loopback, says so, and how to connect"
for name in ssh telnet; do
	port=$(sed -n "s/^$name listens on .*:\([0-9]*\)$/\1/p" out)
	[ "$(ss -Hltn "sport = :$port" | awk '{ print $4 }')" = "127.0.0.1:$port" ]
	ok "$name is open to this machine alone"
done
stop

# ---- the console

LC_ALL=en timeout 20 "$bbs" console --as personne 2>failed.err </dev/null
[ $? = 1 ] && grep -q personne failed.err
ok "the console for somebody who is not there: exit 1"
timeout 20 "$bbs" console </dev/null >console.out 2>&1 && grep -q '^Menu' console.out
ok "the console as the sysop, at whose end of input it ends"
