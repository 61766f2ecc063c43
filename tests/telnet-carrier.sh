#!/bin/sh
# The telnet and console carriers with real clients: GNU telnet and the console in tmux, nc and socat as
# bare sockets. B: the build's folder; carrier-host plays the session. Prints "ok …" and "not ok …".
B=${B:-build}
host=$B/tests/carrier-host
work=$(mktemp -d)
failed=0
tm() { tmux -f /dev/null -S "$work/tmux" "$@"; }
finish() {
	tm kill-server 2>/dev/null
	kill "$server" 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT

result() { # status, name
	if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; failed=1; fi
}

# Waits, ten seconds at the most, until pane $1 shows a line that matches $2.
shows() {
	i=0
	while [ $i -lt 100 ]; do
		tm capture-pane -p -t "$1" | grep -q -- "$2" && return 0
		i=$((i + 1))
		sleep 0.1
	done
	echo "# expected: $2; seen:"
	tm capture-pane -p -t "$1" | sed '/^$/d; s/^/# /'
	return 1
}

"$host" telnet >"$work/port" 2>"$work/log" &
server=$!
i=0
while [ ! -s "$work/port" ] && [ $i -lt 100 ]; do i=$((i + 1)); sleep 0.05; done
port=$(cat "$work/port")

# Bare sockets.
printf 'un\r\ndeux\nquit\n' | timeout 10 nc -N 127.0.0.1 "$port" | tr -d '\377' >"$work/bare"
grep -aq 'début  0x0 UTF-8 sans-secret\.' "$work/bare" && grep -aq 'entendu <un> 2' "$work/bare" &&
	grep -aq 'entendu <deux> 4' "$work/bare" && grep -aq 'au revoir' "$work/bare"
result $? "a bare socket (nc) is served, each line once"
[ -z "$(LC_ALL=C sed -n '1s/début.*//p' "$work/bare" | tr -d '\0-\37\177-\377')" ]
result $? "nothing stray stands before the first word"
awk '/\r$/ { crlf++ } END { exit NR != crlf }' "$work/bare"
result $? "every line to a bare socket ends in CR LF"

printf 'count 20000\n' | timeout 10 socat -t 10 - "TCP:127.0.0.1:$port" | tr -d '\r' >"$work/many"
[ "$(grep -ac '^ligne [0-9]*$' "$work/many")" = 20000 ] && tail -n 1 "$work/many" | grep -q 'au revoir'
result $? "20 000 lines and the last words reach a half-closed socat"

# GNU telnet in tmux.
tm new-session -d -s t -x 100 -y 30 "TERM=xterm-256color telnet 127.0.0.1 $port; sleep 60"
shows t 'début xterm-256color 100x30 UTF-8 terminal écho\.'
result $? "GNU telnet: type, size, echo are negotiated before START"
tm send-keys -t t -l 'œuf à 3 €'
tm send-keys -t t Enter
shows t '^entendu <œuf à 3 €> 13$'
result $? "GNU telnet: UTF-8 both ways, one Enter"
[ "$(tm capture-pane -p -t t | grep -c '^œuf à 3 €$')" = 1 ]
result $? "GNU telnet: what is typed is shown once"
tm resize-window -t t -x 90 -y 20
shows t '^taille 90x20\.$'
result $? "GNU telnet: a new size is told"
tm send-keys -t t C-c
tm send-keys -t t x Enter
shows t '> 2$'
result $? "GNU telnet: Ctrl-C is a byte"
tm send-keys -t t C-]
shows t '^telnet>'
tm send-keys -t t 'send ayt' Enter
shows t '^\[Palabre\]$'
result $? "GNU telnet: are you there?"
tm send-keys -t t 'quit' Enter
shows t 'Connection closed by foreign host'
result $? "GNU telnet: the line is closed after the last words"
tm kill-session -t t

# The console.
tm new-session -d -s c -x 80 -y 24 "LC_ALL=C.UTF-8 $host tty; stty -a | grep -o '[-]*icanon'; sleep 60"
shows c '^début [a-z0-9-]* 80x24 UTF-8 terminal écho\.$'
result $? "console: type and size"
tm send-keys -t c C-z
tm send-keys -t c C-s
tm send-keys -t c é Enter
shows c '> 4$'
result $? "console: Ctrl-Z and Ctrl-S are bytes"
tm resize-window -t c -x 60 -y 20
shows c '^taille 60x20\.$'
result $? "console: a new size is told"
tm send-keys -t c 'quit' Enter
shows c '^icanon$'
result $? "console: the terminal is itself again"

printf 'un\nquit\n' | "$host" tty >"$work/pipe"
printf 'début  0x0 UTF-8.\nentendu <un> 2\nau revoir\n' | cmp -s - "$work/pipe"
result $? "console: a pipe gets plain lines"

[ -s "$work/log" ] && sed 's/^/# /' "$work/log"
exit $failed
