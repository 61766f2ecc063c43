#!/bin/bash
# The ssh carrier, driven by real clients (OpenSSH, PuTTY's plink, dropbear's dbclient) against a
# session that only shows what it hears (tests/ssh-host.c).
#	tests/ssh-carrier.sh [PROGRAM]
# shellcheck disable=SC2094 # cmp reads what ssh reads; nobody writes it
set -u
program=${1:-${B:-build}/tests/ssh-host}
work=$(mktemp -d)
count=0 failed=0 server=
export HOME=$work LC_ALL=C
unset SSH_AUTH_SOCK SSH_ASKPASS DISPLAY

finish() {
	[ -n "$server" ] && kill "$server" 2>/dev/null
	[ $failed -gt 0 ] && { echo "--- the server said"; tail -n 40 "$work/log"; }
	rm -rf "$work"
	[ $failed -eq 0 ]
	exit $?
}
trap finish EXIT

# ok NAME: the last command's status is the result
ok() {
	local result=$?
	[ -n "${TIMES-}" ] && echo "$SECONDS s"
	count=$((count + 1))
	if [ $result -eq 0 ]; then
		echo "ok $count $1"
	else
		echo "not ok $count $1"
		failed=$((failed + 1))
	fi
}

# serve [TRIES [DELAY]]: starts the server anew, sets port
serve() {
	[ -n "$server" ] && kill "$server" && wait "$server" 2>/dev/null
	rm -f "$work/out"
	mkfifo "$work/out"
	"$program" "$work" "$@" >"$work/out" 2>>"$work/log" &
	server=$!
	exec 9<"$work/out"
	read -r port <&9 || { echo "not ok $program does not serve"; failed=1; exit; }
	read -r _ <&9
	hostkey=
	mark
}

# mark, said TEXT [TIMES]: was it logged since the mark, so often? waits up to 5 s for it
mark() {
	seen=$(wc -c <"$work/log")
}
said() {
	for _ in $(seq 100); do
		[ "$(tail -c +$((seen + 1)) "$work/log" | grep -c -- "$1")" -ge "${2:-1}" ] && return 0
		sleep 0.05
	done
	return 1
}

has() {
	grep -q -- "$1" <<<"$output"
}

cat >"$work/config" <<-END
	UserKnownHostsFile /dev/null
	StrictHostKeyChecking no
	LogLevel ERROR
	END
openssh() {
	timeout 20 ssh -F "$work/config" -p "$port" "$@"
}
with_password() {
	sshpass -P ass -p "$1" timeout 20 ssh -F "$work/config" -p "$port" -o NumberOfPasswordPrompts=1 "${@:2}"
}
plink() {
	timeout 20 plink -batch -no-antispoof -hostkey "$hostkey" -P "$port" "$@" 2>>"$work/plink" </dev/null
}
dbclient() {
	timeout 20 dbclient -y -y -p "$port" "$@"
}

for tool in ssh plink puttygen dbclient dropbearconvert sshpass tmux; do
	command -v $tool >/dev/null || { echo "not ok 1 $tool is missing"; failed=1; exit 1; }
done
: >"$work/log"
serve
[ "$(stat -c %a "$work/ssh_host_ed25519_key" "$work/ssh_host_rsa_key" | sort -u)" = 600 ]
ok "host keys are made, readable by their owner alone"
ssh-keygen -y -f "$work/ssh_host_rsa_key" >/dev/null && ssh-keygen -l -f "$work/ssh_host_rsa_key" | grep -q ^3072
ok "the host keys are OpenSSH's to read; rsa has 3072 bits"
print=$(ssh-keygen -l -f "$work/ssh_host_ed25519_key" | cut -d' ' -f2)
serve
[ "$print" = "$(ssh-keygen -l -f "$work/ssh_host_ed25519_key" | cut -d' ' -f2)" ]
ok "a second start keeps them"
hostkey=$print

# ---- logging in
ssh-keygen -q -t ed25519 -N '' -f "$work/good"
ssh-keygen -q -t rsa -b 2048 -N '' -f "$work/rsa"
ssh-keygen -q -t rsa -b 1024 -N '' -f "$work/short"
ssh-keygen -q -t ecdsa -N '' -f "$work/ecdsa"
ssh-keygen -q -t ed25519 -N '' -f "$work/other"
cut -d' ' -f2 "$work"/{good,rsa,ecdsa,short}.pub >"$work/authorized"
puttygen "$work/good" -O private -o "$work/good.ppk"
puttygen -q -t ed448 -o "$work/ed448.ppk" --new-passphrase /dev/null 2>/dev/null
dropbearconvert openssh dropbear "$work/good" "$work/good.db" >/dev/null 2>&1

output=$(openssh -o BatchMode=yes visiteur@127.0.0.1 start)
ok "none: ssh"; has 'command=start'; ok "and its START comes"
output=$(plink visiteur@127.0.0.1 start) && has 'command=start'; ok "none: plink"
output=$(dbclient visiteur@127.0.0.1 start 2>/dev/null </dev/null) && has 'command=start'; ok "none: dbclient"

for key in good rsa ecdsa; do
	mark
	output=$(openssh -o BatchMode=yes -i "$work/$key" marie@127.0.0.1 start) && has command=start &&
	    said '^session.* signed .* marie'
	ok "key $key: ssh"
done
output=$(plink -i "$work/good.ppk" marie@127.0.0.1 start) && has command=start; ok "key: plink"
output=$(dbclient -i "$work/good.db" marie@127.0.0.1 start 2>/dev/null </dev/null) && has command=start
ok "key: dbclient"
! openssh -o BatchMode=yes -i "$work/other" marie@127.0.0.1 start 2>/dev/null
ok "a key that nobody knows is refused"
! openssh -o BatchMode=yes -i "$work/good" paul@127.0.0.1 start 2>/dev/null
ok "a good key under another's name is refused"

output=$(with_password secret -o PreferredAuthentications=password marie@127.0.0.1 start) && has command=start
ok "password: ssh"
! with_password wrong -o PreferredAuthentications=password marie@127.0.0.1 start >/dev/null 2>&1
ok "a wrong password is refused"
output=$(plink -pw secret marie@127.0.0.1 start) && has command=start; ok "password: plink"
output=$(DROPBEAR_PASSWORD=secret dbclient marie@127.0.0.1 start 2>/dev/null </dev/null) && has command=start
ok "password: dbclient"
! with_password "$(printf '%300s' x)" -o PreferredAuthentications=password marie@127.0.0.1 start >/dev/null 2>&1
ok "a password of 300 bytes is refused"
! with_password secret "$(printf '%065d' 0)@127.0.0.1" start >/dev/null 2>&1
ok "a name of 65 bytes is refused"

mark
output=$(with_password secret -o PreferredAuthentications=keyboard-interactive marie@127.0.0.1 start) &&
    has command=start && said 'answers 0 0 marie' && said 'answers 1 1 marie'
ok "keyboard-interactive: ssh"
output=$(expect <<-END
	log_user 0
	set timeout 10
	spawn ssh -F $work/config -p $port -o LogLevel=INFO -o PreferredAuthentications=keyboard-interactive deux@127.0.0.1 start
	expect "Deux questions." { puts "told" }
	expect "Couleur ? "; send "rouge\r"
	expect "rouge" { puts "echoed" }
	expect "Secret ? "; send "secret\r"
	expect {
		"secret" { puts "shown" }
		"command=start" { puts "in" }
	}
	END
) && has told && has echoed && has '^in' && ! has shown
ok "two questions, one shown and one not: ssh"

mark
output=$(openssh -i "$work/other" nouveau@127.0.0.1 start) && has command=start && said 'signed .* nouveau'
ok "nouveau proves a key first: ssh"
mark
output=$(openssh -o PubkeyAuthentication=no nouveau@127.0.0.1 start </dev/null) && has command=start &&
    said 'answers 0 1 nouveau'
ok "nouveau without a key comes in without a question: ssh"
output=$(plink nouveau@127.0.0.1 start) && has command=start; ok "the same: plink"
output=$(dbclient nouveau@127.0.0.1 start 2>/dev/null </dev/null) && has command=start; ok "the same: dbclient"

# Libssh gives no reply to these; the client would hang (PuTTY 0.78, ed448).
output=$(plink -i "$work/ed448.ppk" -pw secret marie@127.0.0.1 start) && has command=start
ok "a key of unknown type gets an answer, and the next method its turn: plink, ed448"
output=$(with_password secret -i "$work/short" -o RequiredRSASize=1024 \
    marie@127.0.0.1 start) && has command=start
ok "so does a signature by a key that is too short"
output=$(with_password secret -i "$work/rsa" -o PubkeyAcceptedAlgorithms=ssh-rsa \
    marie@127.0.0.1 start) && has command=start
ok "so does a signature with SHA-1"

output=$(openssh muet@127.0.0.1 2>&1); has 'cannot take your call'
ok "a session that dies at the first question: a sentence"
output=$(openssh ferme@127.0.0.1 2>&1); has 'cannot take your call'
ok "so does one that says BYE"

# ---- algorithms: each must work behind the fence
for offer in Ciphers={chacha20-poly1305@openssh.com,aes{128,256}-gcm@openssh.com,aes{128,192,256}-ctr} \
    MACs=hmac-sha2-{256,512}-etm@openssh.com \
    KexAlgorithms={curve25519-sha256,diffie-hellman-group1{6,8}-sha512} \
    HostKeyAlgorithms={ssh-ed25519,rsa-sha2-{256,512}}; do
	case $offer in MACs=*) extra=(-o Ciphers=aes256-ctr) ;; *) extra=() ;; esac
	output=$(openssh -o BatchMode=yes -o "$offer" "${extra[@]}" visiteur@127.0.0.1 start) && has command=start
	ok "$offer"
done
for offer in Ciphers=aes128-cbc KexAlgorithms=ecdh-sha2-nistp256,diffie-hellman-group14-sha1 \
    HostKeyAlgorithms=ssh-rsa; do
	! openssh -o BatchMode=yes -o "$offer" visiteur@127.0.0.1 start >/dev/null 2>&1
	ok "not $offer"
done

# ---- commands
head -c 300000 /dev/urandom >"$work/bytes"
openssh visiteur@127.0.0.1 cat <"$work/bytes" | cmp -s - "$work/bytes"; ok "cat: 300 000 bytes there and back: ssh"
openssh -C visiteur@127.0.0.1 cat <"$work/bytes" | cmp -s - "$work/bytes"; ok "the same with compression"
dbclient visiteur@127.0.0.1 cat <"$work/bytes" 2>/dev/null | cmp -s - "$work/bytes"; ok "the same: dbclient"
timeout 20 plink -batch -hostkey "$hostkey" -P "$port" visiteur@127.0.0.1 cat <"$work/bytes" |
    cmp -s - "$work/bytes"
ok "the same: plink"
openssh visiteur@127.0.0.1 'exit 7'; [ $? -eq 7 ]; ok "exit status: ssh"
plink visiteur@127.0.0.1 'exit 7'; [ $? -eq 7 ]; ok "exit status: plink"
dbclient visiteur@127.0.0.1 'exit 7' 2>/dev/null </dev/null; [ $? -eq 7 ]; ok "exit status: dbclient"
[ "$(openssh visiteur@127.0.0.1 both 2>/dev/null)" = out ]; ok "standard output"
[ "$(openssh visiteur@127.0.0.1 both 2>&1 >/dev/null)" = err ]; ok "standard error"
[ "$(openssh visiteur@127.0.0.1 "long $(printf '%8000d' 0)")" = 8005 ]; ok "a command of 8 000 bytes"
! openssh visiteur@127.0.0.1 "long $(printf '%9000d' 0)" >/dev/null 2>&1; ok "one of 9 000 bytes is refused"
output=$(openssh visiteur@127.0.0.1 die 2>&1); [ $? -eq 1 ] && has 'cut off by a fault'
ok "a session that dies: a sentence and status 1"
output=$(openssh -tt visiteur@127.0.0.1 both 2>/dev/null </dev/null | od -c)
has 'o   u   t  \\r  \\n'; ok "a command with a terminal gets CR LF"

# ---- rekeying, slow readers, clients that die
size=$(openssh -o RekeyLimit=16K visiteur@127.0.0.1 cat <"$work/bytes" | cmp - "$work/bytes" && echo same)
[ "$size" = same ]; ok "rekeying each 16 KiB, both ways"
output=$(openssh -v -o RekeyLimit=16K visiteur@127.0.0.1 'big 1000000' 2>"$work/verbose" |
    sha256sum)
wanted=$(openssh visiteur@127.0.0.1 'big 1000000' | sha256sum)
[ "$output" = "$wanted" ] && [ "$(grep -c 'SSH2_MSG_NEWKEYS received' "$work/verbose")" -gt 1 ]
ok "rekeying in 1 MB of output"
output=$(openssh -C -o RekeyLimit=16K visiteur@127.0.0.1 'big 1000000' | sha256sum)
[ "$output" = "$wanted" ]; ok "the same with compression"
output=$(openssh -vvv -C visiteur@127.0.0.1 start 2>&1); has 'will use strict KEX ordering'; ok "strict key exchange"
has 'compression: zlib@openssh.com'; ok "compression is agreed upon"
output=$(openssh visiteur@127.0.0.1 'big 6000000' | { sleep 2; sha256sum; })
[ "$output" = "$(openssh visiteur@127.0.0.1 'big 6000000' | sha256sum)" ]; ok "a slow reader gets all of 6 MB"
mark
timeout -s KILL 1 ssh -F "$work/config" -p "$port" visiteur@127.0.0.1 'big 60000000' 2>/dev/null |
    { sleep 2; cat; } >/dev/null
said 'carrier ended' && said 'session ended'; ok "a client killed while it did not read: both halves end"
mark
ssh -F "$work/config" -p "$port" visiteur@127.0.0.1 cat >/dev/null < <(sleep 20) & client=$!
disown
said 'none visiteur' && kill -9 $client && said 'the carrier is gone' && said 'carrier ended: status 0'
ok "a client killed while idle: both halves end"

# ---- terminals
output=$(echo q | openssh -T visiteur@127.0.0.1)
has 'term= .*columns=0 rows=0 no-secret é'; ok "-T: no terminal"
has 'INPUT 710a'; ok "and its input comes"
output=$(openssh -T visiteur@127.0.0.1 </dev/null); has END; ok "-T without input: END"

export TERM=xterm-256color
tmux="tmux -L bbs-ssh-$$ -f /dev/null"
pane() { # COMMAND: in a terminal of 90x30
	$tmux resize-window -x 90 -y 30
	$tmux respawn-pane -k "$1; sleep 30"
}
shown() { # TEXT: waits until it is on the screen
	for _ in $(seq 100); do
		output=$($tmux capture-pane -p -J)
		has "$1" && return 0
		sleep 0.05
	done
	return 1
}
$tmux new-session -d -x 90 -y 30 cat
pane "ssh -F $work/config -o SetEnv=LC_ALL=fr_FR.UTF-8 -p $port visiteur@127.0.0.1"
shown 'language=fr_FR.UTF-8 charset=UTF-8 command= columns=90 rows=30 terminal echo-here é'
ok "a terminal: term, size, language, charset"
has 'term=\(tmux\|screen\|xterm\)'; ok "its name"
$tmux send-keys -l 'é'; shown 'INPUT c3a9'; ok "a key"
$tmux resize-window -x 101 -y 33; shown 'SIZE 101x33'; ok "a resize: ssh"
for width in $(seq 60 99) 77; do $tmux resize-window -x "$width" -y 20; done
shown 'SIZE 77x20'; ok "of forty resizes the last arrives"
$tmux send-keys -l 'd'; shown 'cut off by a fault'; ok "the session dies: a sentence on the screen"
pane "dbclient -y -y -p $port visiteur@127.0.0.1"
shown 'columns=90 rows=30 terminal'; ok "a terminal: dbclient"
$tmux resize-window -x 102 -y 34; shown 'SIZE 102x34'; ok "a resize: dbclient"
pane "plink -no-antispoof -hostkey $hostkey -P $port visiteur@127.0.0.1"
shown 'terminal echo-here'; ok "a terminal: plink"
$tmux kill-server 2>/dev/null
# ssh -tt asks for a terminal and hands the bytes on as they are.
output=$(printf 'q\351' | openssh -tt -o SetEnv=LC_ALL=fr_FR.ISO-8859-15 visiteur@127.0.0.1 | tr '\351' '#')
has 'charset=ISO-8859-15 .* #'; ok "an 8-bit terminal gets its own bytes"
has 'INPUT.*c3a9'; ok "and is understood"
output=$(TERM='../../etc/passwd' openssh -tt visiteur@127.0.0.1 </dev/null)
has 'START term= '; ok "a TERM with slashes is none"

# ---- what is refused
openssh -fNM -S "$work/control" visiteur@127.0.0.1
ok "a first connection to share"
ssh -S "$work/control" -F none x start >"$work/first" 2>&1; grep -q command=start "$work/first"
ok "its first channel"
mark
openssh -M -S "$work/control2" visiteur@127.0.0.1 cat >/dev/null < <(sleep 9) &
for _ in $(seq 100); do [ -S "$work/control2" ] && break; sleep 0.05; done
! ssh -S "$work/control2" -F none -o BatchMode=yes x start </dev/null >"$work/second" 2>&1
! grep -q command=start "$work/second" && said 'a second channel refused'
ok "a second channel is refused"
ssh -S "$work/control2" -O exit x 2>/dev/null
mark
output=$(openssh -W 127.0.0.1:22 visiteur@127.0.0.1 2>&1 </dev/null); has 'forwarding failed' && said 'forwarding refused'
ok "direct-tcpip (-W, -L) is refused"
output=$(openssh -R 0:127.0.0.1:22 -o LogLevel=INFO visiteur@127.0.0.1 start 2>&1)
has 'remote port forwarding failed' && has command=start; ok "-R is refused, the rest goes on"
output=$(openssh -v -R 0:127.0.0.1:22 visiteur@127.0.0.1 start 2>&1); has 'no forwarding'
ok "in words, for who asks"
output=$(DISPLAY=:9 openssh -X -o LogLevel=INFO visiteur@127.0.0.1 start 2>&1); has command=start
ok "X11 is not given, the rest goes on"
output=$(openssh -A visiteur@127.0.0.1 start 2>&1); has command=start; ok "nor the agent"
output=$(openssh -s visiteur@127.0.0.1 netconf 2>&1); has 'no subsystem but sftp'; ok "a subsystem: a sentence"
output=$(openssh -s visiteur@127.0.0.1 sftp 2>&1); has '^?'; ok "sftp is a command"

# ---- garbage
mark
{ echo SSH-2.0-x; head -c 5000 /dev/urandom; } | timeout 20 nc -N 127.0.0.1 "$port" >/dev/null 2>&1
said 'carrier ended: status 3'; ok "garbage in the key exchange: nobody"
mark
printf 'GET / HTTP/1.0\r\n\r\n' | timeout 20 nc -N 127.0.0.1 "$port" >/dev/null 2>&1
said 'carrier ended: status 3'; ok "another protocol: nobody"

mark
cat >"$work/tiny.py" <<-'END'
	# A client whose packets hold ten bytes, or other few.
	import paramiko, sys
	for size in (1, 9, 10, 11, 64):
	    t = paramiko.Transport(("127.0.0.1", int(sys.argv[1])))
	    t._sanitize_packet_size = lambda size: size
	    t.start_client(timeout=5)
	    t.auth_none("visiteur")
	    try:
	        c = t.open_session(window_size=1 << 20, max_packet_size=size)
	        c.settimeout(2)
	        c.exec_command("big 5000")
	        while c.recv(65536):
	            pass
	    except Exception:
	        pass
	    t.close()
END
if /usr/bin/python3 -c 'import paramiko' 2>/dev/null; then
	timeout 60 /usr/bin/python3 "$work/tiny.py" "$port" >/dev/null 2>&1 && said "carrier ended" 5
	ok "packets of 1 to 64 bytes: every carrier ends"
else
	count=$((count + 1))
	echo "ok $count packets of 1 to 64 bytes # SKIP python3-paramiko is not installed"
fi

# ---- tries
serve 3 200
began=$(date +%s%N)
output=$(expect <<-END
	log_user 0
	set timeout 10
	spawn ssh -F $work/config -p $port -o PreferredAuthentications=password -o NumberOfPasswordPrompts=9 marie@127.0.0.1
	for {set i 0} {\$i < 9} {incr i} {
		expect {
			"assword: " { send "wrong\r" }
			eof { puts "\$i \$expect_out(buffer)"; break }
		}
	}
	END
)
took=$((($(date +%s%N) - began) / 1000000))
has '^3 ' && has 'Too many tries' && said 'carrier ended: status 4'; ok "three wrong passwords, then a sentence"
[ $took -ge 600 ]; ok "each costs its delay"
agent=()
for i in $(seq 8); do
	ssh-keygen -q -t ed25519 -N '' -f "$work/agent$i"
	agent+=(-i "$work/agent$i")
done
output=$(openssh -o BatchMode=yes "${agent[@]}" -i "$work/good" marie@127.0.0.1 start) && has command=start
ok "eight keys that do not fit are no tries"

# ---- the fence was never touched
# But for the one with packets of ten bytes, which SIGPROF ended.
! grep 'forbidden system call\|ended: signal' "$work/log" | grep -qv 'signal 27$'; ok "nothing was forbidden, nothing died by a signal"
echo "1..$count"
