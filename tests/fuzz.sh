#!/bin/bash
# The fuzz targets on what is kept for them: samples of what they are to read, and whatever was found once.
set -u
B=$(realpath "${B:-build}")
cd "${0%/*}/fuzz" || exit 1
failed=0
for target in *.c; do
	name=${target%.c}
	[ "$name" = main ] && continue
	files=(corpus/"$name"/*)
	if [ -e "${files[0]}" ] && timeout 60 "$B/tests/fuzz/$name" "${files[@]}" >/dev/null; then
		echo "ok $name: ${#files[@]} files"
	else
		echo "not ok $name"
		failed=1
	fi
done
exit $failed
