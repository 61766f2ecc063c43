#!/bin/bash
# Every screen through the real program, by the walks of tests/screens/: the full face at 80×24 and the
# linear face beside their golden files (GENERATE=1 writes them again).
# shellcheck source=tests/walks.bash
. "${0%/*}/walks.bash"
for script in "$walks"/screens/"${ONLY:-}"*.script; do
	name=$(basename "$script" .script)
	case $name in
	linear-*) walk "$name" 80x24 dumb fr_FR.UTF-8 golden ;;
	english-*) walk "$name" 80x24 xterm-256color en_GB.UTF-8 golden ;;
	*) walk "$name" 80x24 xterm-256color fr_FR.UTF-8 golden ;;
	esac
done
