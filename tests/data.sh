#!/bin/sh
# Checks the tables of db/data: their counts, their joins, a few known places, their letters; and
# that the demonstration's texts have the shape their loader reads.
# Prints "ok NAME" or "not ok NAME"; exit status 1 if any is not ok.

export LC_ALL=C
data=$(dirname "$0")/../db/data
territory=$data/territory.tsv
commune=$data/commune.tsv
failed=0

# check NAME COMMAND...: ok if the command says yes.
check() {
	name=$1
	shift
	if "$@"; then
		echo "ok data $name"
	else
		echo "not ok data $name"
		failed=1
	fi
}

# rows FILE PROGRAM: awk over a table's rows; the program sets `bad` or prints what is wrong.
rows() {
	awk -F '\t' "FNR == 1 { next } $2 END { exit bad }" "$1"
}

# kinds KIND LOW HIGH: between LOW and HIGH territories are of that kind.
kinds() {
	rows "$territory" "\$2 == \"$1\" { n++ } END { bad = n < $2 || n > $3 }"
}

# joined FILE PROGRAM: the same with the territories' kinds and parents already read.
joined() {
	awk -F '\t' "NR == FNR { kind[\$1] = \$2; parent[\$1] = \$3; next }
		FNR == 1 { next } $2 END { exit bad }" "$territory" "$1"
}

# near CODE NAME LAT LON: the commune bears that name and lies within 3 km of the place.
near() {
	awk -F '\t' -v code="$1" -v name="$2" -v lat="$3" -v lon="$4" '
		$1 == code {
			north = ($5 - lat) * 111.2
			east = ($6 - lon) * 111.2 * cos(lat * 3.14159265 / 180)
			found = $2 == name && north * north + east * east <= 9
		}
		END { exit !found }' "$commune"
}

# latin9 FILE: valid UTF-8 whose every letter is one composed letter of French.
latin9() {
	iconv -f UTF-8 -t ISO-8859-15 "$1" >/dev/null
}

check "territory header" \
	test "$(head -n 1 "$territory")" = "$(printf '#code\tkind\tparent\tname')"
check "commune header" test "$(head -n 1 "$commune")" = \
	"$(printf '#code\tname\tdepartment\tepci\tlat\tlon\tpopulation\tpostcodes\tguess')"
check "one nation" kinds nation 1 1
check "regions" kinds region 18 18
check "departments" kinds department 101 110
check "epci" kinds epci 1200 1300
check "communes" rows "$commune" '{ n++ } END { bad = n < 34800 || n > 35400 }'
check "population" rows "$commune" '$1 !~ /^(751|132|6938)/ { n += $7 }
	END { bad = n < 66e6 || n > 72e6 }'
check "size" test "$(wc -c <"$commune")" -lt 2500000

check "territory columns" rows "$territory" 'NF != 4 || $1 == "" || $4 == "" { bad = 1 }'
check "commune columns" rows "$commune" 'NF != 9 || $2 == "" || $7 !~ /^[0-9]+$/ ||
	$8 !~ /^([0-9][0-9][0-9][0-9][0-9](,|$))*$/ || $9 !~ /^[01]$/ { bad = 1 }'
check "coordinates" rows "$commune" '$5 !~ /^-?[0-9]+\.[0-9][0-9][0-9][0-9]$/ ||
	$6 !~ /^-?[0-9]+\.[0-9][0-9][0-9][0-9]$/ || $5 * $5 > 8100 || $6 * $6 > 32400 { bad = 1 }'
check "metropolitan coordinates" rows "$commune" '$3 !~ /^9[78]/ &&
	($5 < 41.3 || $5 > 51.2 || $6 < -5.2 || $6 > 9.7) { bad = 1 }'
check "towns placed" rows "$commune" '$7 >= 20000 { n++; g += $9 } END { bad = n < 450 || g > 0 }'

check "territory codes" rows "$territory" '
	$2 == "region" && $1 !~ /^R[0-9][0-9]$/ ||
	$2 == "department" && $1 !~ /^(2[AB]|[0-9][0-9]|9[78][0-9])$/ ||
	$2 == "epci" && $1 !~ /^[0-9]+$/ || $2 == "epci" && length($1) != 9 { bad = 1 }'
check "territory parents" joined "$territory" '
	$2 == "nation" && $3 != "" || $2 == "region" && $3 != "FR" ||
	$2 == "department" && kind[$3] != ($1 ~ /^9(75|77|78|86|87|88)$/ ? "nation" : "region") ||
	$2 == "epci" && kind[$3] != "department" { bad = 1 }'
check "commune joins" joined "$commune" '
	kind[$3] != "department" || $4 != "" && kind[$4] != "epci" { bad = 1 }'
check "commune codes" rows "$commune" 'index($1, $3) != 1 || length($1) != 5 { bad = 1 }'
check "every department and epci used" joined "$commune" '{ used[$3]; used[$4] }
	END { for (t in kind) if (kind[t] ~ /^(department|epci)$/ && !(t in used)) bad = 1 }'

for table in territory commune; do
	tail -n +2 "$data/$table.tsv" | cut -f 1 >"${TMPDIR:-/tmp}/data.$$"
	check "$table sorted, codes once" sort -cu "${TMPDIR:-/tmp}/data.$$"
	rm -f "${TMPDIR:-/tmp}/data.$$"
	check "$table letters" latin9 "$data/$table.tsv"
done

check "arrondissements" rows "$commune" '$1 ~ /^(751[0-9][0-9]|132[0-9][0-9]|6938[0-9])$/ {
	n++; if ($4 == "") bad = 1 } END { if (n != 45) bad = 1 }'
check "Nîmes" near 30189 Nîmes 43.837 4.360
check "Trélazé" near 49353 Trélazé 47.446 -0.466
check "Bagnols-sur-Cèze" near 30028 Bagnols-sur-Cèze 44.163 4.620
check "Paris" near 75056 Paris 48.856 2.352
check "Lyon" near 69123 Lyon 45.764 4.836
check "Marseille" near 13055 Marseille 43.297 5.381
check "Lille" near 59350 Lille 50.633 3.058
check "Saint-Denis, La Réunion" near 97411 Saint-Denis -20.879 55.448
check "Mamoudzou" near 97611 Mamoudzou -12.781 45.228

demo=$data/demo
check "demo family names" rows "$demo/family.tsv" '{ n++ } NF != 1 || seen[$1]++ { bad = 1 }
	END { if (n < 150) bad = 1 }'
check "demo given names" rows "$demo/given.tsv" '{ n[$2]++ }
	NF != 2 || $2 !~ /^[fm]$/ || seen[$1]++ { bad = 1 } END { if (n["f"] < 50 || n["m"] < 50) bad = 1 }'
check "demo quarters" rows "$demo/quarters.tsv" '{ n++ } NF != 1 || seen[$1]++ { bad = 1 }
	END { if (n < 200) bad = 1 }'

# Each thread in one of the four boards, of 2 to 9 messages; each message has text and answers an
# earlier one; nothing looks like an address or a telephone number.
check "demo threads" awk '
	function closed() { if (threads && (n < 2 || n > 9 || !text)) bad = 1 }
	/^;/ || /^$/ { next }
	/^# (projets|actualites|questions|besoins) [^ ]/ { closed(); threads++; n = 0; text = 0; next }
	/^@[1-9] <[0-9] [A-H]$/ {
		if (n && !text) bad = 1
		text = 0
		number = substr($1, 2) + 0
		answers = substr($2, 2) + 0
		if (number != ++n || answers >= n || (answers == 0) != (n == 1)) bad = 1
		next
	}
	/^[#@]/ || !n { bad = 1 }
	/@|https?:|[0-9][0-9][ .]?[0-9][0-9][ .]?[0-9][0-9]/ { bad = 1 }
	{ text++ }
	END { closed(); exit bad || threads < 60 }' "$demo/threads.txt"
for language in fr en; do
	check "demo charter $language" awk '/^[0-9]+\. / { if ($1 + 0 != ++n) bad = 1 }
		END { exit bad || n != 10 }' "$demo/charter.$language.txt"
done

exit $failed
