#!/bin/bash
# What the ssh door offers, as ssh-audit judges it: no failure, and no warning but those explained here.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
start
ok "a board is open"
# --timeout: under sanitizers the keys take longer. Its status is 2 where it warns.
ssh-audit -n -l warn -t 30 -p "$ssh_port" 127.0.0.1 >"$work/audit" 2>&1
grep -q 'kex-strict-s-v00' "$work/audit"
ok "ssh-audit has looked, and strict key exchange is offered"
! grep '\[fail\]' "$work/audit"
ok "no failure"
# kex-strict-s-v00@openssh.com is no algorithm but the mark of strict key exchange (against CVE-2023-48795,
# "Terrapin"), which Debian 12's ssh-audit is too old to know.
# hmac-sha2-256 and -512: curl has no others; whoever has better ones takes those, which stand before them.
! grep '\[warn\]' "$work/audit" | grep -v 'kex-strict-s-v00@openssh.com .*unknown algorithm\|hmac-sha2-\(256\|512\) .*encrypt-and-MAC'
ok "no warning but of the mark of strict key exchange, which it does not know, and of what curl needs"
