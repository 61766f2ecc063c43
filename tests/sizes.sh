#!/bin/bash
# The walks of tests/screens/ in the full face at other sizes, in ISO-8859-15 and in monochrome, by the
# promises of every screen.
# shellcheck source=tests/walks.bash
. "${0%/*}/walks.bash"
for script in "$walks"/screens/"${ONLY:-}"*.script; do
	name=$(basename "$script" .script)
	[[ $name == linear-* || $name == english-* ]] && continue
	for size in 40x12 40x24 132x50 200x60; do
		walk "$name" $size xterm-256color fr_FR.UTF-8 promises
	done
	walk "$name" 80x24 vt100 fr_FR.UTF-8 promises
	# telnet has no way to say a charset
	grep -q '^start telnet' "$script" || walk "$name" 80x24 xterm-256color fr_FR.ISO-8859-15 promises
done
