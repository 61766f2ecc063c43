# What the scripts share that drive the whole program through real clients: a store and a serve of their
# own, callers in tmux, waiting for what a screen shows. Sourced, not run. B: the build's folder.
# shellcheck shell=bash
# shellcheck disable=SC2034 # what start finds out is for the scripts
set -u
bbs=$(realpath "${B:-build}")/bbs
work=$(mktemp -d)
store=$work/var/bbs.sqlite
serve='' failed=0
export HOME=$work LC_ALL=C.UTF-8 TERM=xterm-256color
unset SSH_AUTH_SOCK SSH_ASKPASS DISPLAY LANG LANGUAGE
cat >"$work/ssh_config" <<-END
	UserKnownHostsFile /dev/null
	StrictHostKeyChecking no
	LogLevel ERROR
	IdentitiesOnly yes
	END

tm() { tmux -f /dev/null -S "$work/tmux" "$@"; }

finish() {
	tm kill-server 2>/dev/null
	[ -n "$serve" ] && kill "$serve" 2>/dev/null && wait "$serve" 2>/dev/null
	[ "$failed" -ne 0 ] && uniq -c "$work/serve.err" | sed 's/^/# serve: /' 
	rm -rf "$work"
	exit "$failed"
}
trap finish EXIT

# ok NAME: the status of the last command is the result. try NAME COMMAND…: that of the command.
ok() {
	local status=$?
	if [ $status -eq 0 ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		failed=1 patience=3 # what follows will fail too
	fi
}
try() {
	local name=$1
	shift
	"$@"
	ok "$name"
}
skip() {
	echo "ok $1 # SKIP $2"
}

# until_true SECONDS COMMAND…: tries it again and again, until it is true or the time is over. Nobody writes
# where it listens between: a sleep would be a program more to start, on a machine that has enough to do.
exec {nobody}<> <(:)
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -gt "$end" ] && return 1
		read -rt 0.05 -u "$nobody" || true
	done
}

has_sanitizers() { grep -q '__asan_init\|__ubsan_handle' "$bbs"; }
patience=$(has_sanitizers && echo 40 || echo 15)

# ---- the board

# Settings beside those below: settings SECTION 'name = value'…
settings() {
	printf '[%s]\n' "$1"
	shift
	printf '%s\n' "$@"
} >>"$work/bbs.conf"
settings ssh 'listen = 127.0.0.1:0'
settings telnet 'listen = 127.0.0.1:0'
settings store 'path = var/bbs.sqlite'

b() { "$bbs" -c "$work/bbs.conf" "$@"; }
sql() { sqlite3 -cmd '.timeout 5000' "$store" "$@"; }

# start: serve, with the settings; sets serve, ssh_port, telnet_port and hostkey.
start() {
	: >"$work/serve.out"
	"$bbs" -c "$work/bbs.conf" serve >"$work/serve.out" 2>>"$work/serve.err" &
	serve=$!
	until_true "$patience" grep -q '^telnet .*:[0-9]' "$work/serve.out" || return 1
	ssh_port=$(sed -n 's/^ssh .*:\([0-9]*\)$/\1/p' "$work/serve.out")
	telnet_port=$(sed -n 's/^telnet .*:\([0-9]*\)$/\1/p' "$work/serve.out")
	hostkey=$(sed -n 's/ ssh-ed25519$//p' "$work/serve.out")
}
stop() {
	kill "$serve" && wait "$serve"
	serve=
}

# shared NAME COMMAND FILE…: the files in $work that COMMAND makes. The first script of a run makes them, the
# others copy them: a store and a key of RSA take a second each.
shared() {
	local from=${SHARED:-$work/shared}/$1
	mkdir -p "${from%/*}"
	(
		cd "$work" && flock 8 || exit
		if [ -d "$from" ]; then
			cp -r "$from/." .
		else
			"$2" && mkdir "$from.new" && cp -r "${@:3}" "$from.new" && mv "$from.new" "$from"
		fi
	) 8>"${SHARED:-$work/shared}/$1.lock"
}
# Those that serve makes otherwise.
make_host_keys() {
	for type in ed25519 rsa; do
		ssh-keygen -q -t $type -b 3072 -N '' -f "$work/var/ssh_host_${type}_key" || return 1
	done
}

# The network of every story: two councils, a charter, the boards that a store has (Questions
# first) and one for everybody, and people.
# person LOGIN NAME COUNCIL ROLE: the password is motdepasse, the key $work/key-LOGIN.
person() {
	echo motdepasse | b member add "$1" --name "$2" --email "$1@example.org" ${3:+--council "$3"} \
		--role "$4" --password-stdin >/dev/null && b member key "$1" --add "$work/key-$1.pub"
}
make_network() {
	echo "Charte : soyons polis, parlons de nos quartiers." | b charter set || return 1
	local login
	for login in alba bruno chantal denise; do
		ssh-keygen -q -t ed25519 -N '' -C "$login" -f "$work/key-$login"
	done
	cigales=$(b council add --name 'Les Cigales' --communes 30189) &&
		ardoisiers=$(b council add --name 'Les Ardoisiers' --communes 49353) &&
		b board set questions --position 0 && b board add place --title 'Place publique' --level public --position 2 >/dev/null &&
		person alba 'Alba Martin' "$cigales" member && person bruno 'Bruno Diallo' "$cigales" member &&
		person chantal 'Chantal Roux' "$ardoisiers" resource &&
		person denise 'Denise Petit' '' animator && make_host_keys && echo "$cigales $ardoisiers" >"$work/network"
}
network() {
	shared network make_network var network key-{alba,bruno,chantal,denise}{,.pub} &&
		read -r cigales ardoisiers <"$work/network"
}

# ---- clients

# openssh LOGIN [COMMAND…]: with that person's key, if there is one; OPTIONS: words for ssh.
openssh() {
	local who=$1 key=
	shift
	[ -f "$work/key-$who" ] && key="-i $work/key-$who"
	# shellcheck disable=SC2086 # words
	timeout 60 ssh -F "$work/ssh_config" -p "$ssh_port" $key ${OPTIONS-} "$who@127.0.0.1" "$@"
}
# The words that start an ssh in a pane: ssh_line LOGIN [OPTION…]
ssh_line() {
	local who=$1 key=
	shift
	[ -f "$work/key-$who" ] && key="-i $work/key-$who"
	echo "ssh -F $work/ssh_config -p $ssh_port $key $* $who@127.0.0.1"
}

# ---- callers in tmux

# call NAME COMMAND [COLUMNS ROWS]: a terminal, in which COMMAND runs.
call() {
	tm kill-session -t "=$1" 2>/dev/null
	tm new-session -d -s "$1" -x "${3:-80}" -y "${4:-24}" "$2; echo \"[status \$?]\"; exec sleep 900"
}
# As it stands on the screen, but that spaces that do not break are spaces.
screen() { tm capture-pane -p -t "=$1:" | sed 's/\xc2\xa0\|\xe2\x80\xaf/ /g'; }
screen_has() { screen "$1" | grep -q -- "$2"; }
screen_lacks() { ! screen_has "$@"; }

# shows NAME PATTERN [SECONDS]: waits until it stands on the screen; else says what does.
shows() {
	until_true "${3:-$patience}" screen_has "$1" "$2" && return 0
	echo "# $1: expected: $2; seen:"
	screen "$1" | sed '/^ *$/d; s/^/# /'
	return 1
}
loses() {
	until_true "${3:-$patience}" screen_lacks "$1" "$2" && return 0
	echo "# $1: still seen: $2"
	return 1
}
# press NAME KEY… by tmux's names; say NAME TEXT, as it stands; enter NAME TEXT, and Enter.
press() { tm send-keys -t "=$1:" "${@:2}"; }
say() { tm send-keys -t "=$1:" -l -- "$2"; }
enter() { say "$1" "$2" && press "$1" Enter; }
# choose NAME TEXT: moves down until that line is the current one.
choose() { shows "$1" "$2" && until_true 10 step_to "$@"; }
step_to() { screen_has "$1" "▸ *$2" || { press "$1" Down; false; }; }
hang_up() { tm kill-session -t "=$1"; }
