#!/bin/bash
# Does a wrong password tell who exists? Measured without limits and delays, on a machine that does
# nothing else meanwhile.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
name="1 000 wrong passwords each: neither time nor packets tell who exists"
if has_sanitizers; then
	skip "$name" "times say nothing under sanitizers"
	exit
fi
settings limits 'tries = 0' 'delay = 0' 'grace = 0' 'slow = 0' 'ban = 0' 'per_source = 0' \
	'per_source_waiting = 0'
network && start && /usr/bin/python3 "${0%/*}/timing.py" "$ssh_port" alba personne 1000
ok "$name"
