#!/bin/bash
# The directory as an Excel workbook: another program reads what is exported, what another program made is
# imported, on the machine and over ssh, within the fence; and no file stays behind.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
network && start
ok "a board is open"
echo motdepasse | b member add odile --name 'Odile Garnier' --email odile@example.org --role sysop --password-stdin >/dev/null
ssh-keygen -q -t ed25519 -N '' -C odile -f "$work/key-odile" && b member key odile --add "$work/key-odile.pub" &&
	b council add --name '=Les « Garrigues » d’à côté; "dit", +1' --communes 01004 --description $'- une liste\n\n@SUM(A1) <œ>' \
		--resource-name 'Rosa Roux' --resource-phone '06 00 00 00 00' --quarter QP001001 --links https://exemple.fr/a,b >/dev/null
ok "a council with all that is odd"

en() { LC_ALL=en "$bbs" -c "$work/bbs.conf" "$@"; }
# same CSV WORKBOOK SHEET: xlsx2csv finds in the workbook what stands in the CSV, its guards against formulas aside.
same() {
	xlsx2csv -n "$3" "$2" "$work/read.csv" && /usr/bin/python3 - "$1" "$work/read.csv" <<-'END'
		import csv, sys
		a, b = [list(csv.reader(open(name, newline="")))[1:] for name in sys.argv[1:]]
		guarded = [[c[1:] if c[:2] in ("'=", "'+", "'-", "'@") else c for c in row] for row in a]
		if not a or guarded != b:
		    sys.exit(f"# {guarded}\n# {b}")
	END
}

en council export --csv >"$work/a.csv" && en council export --xlsx >"$work/a.xlsx" && same "$work/a.csv" "$work/a.xlsx" Directory
ok "council export --xlsx: for xlsx2csv the same as --csv"
openssh alba council export --csv >"$work/b.csv" && openssh alba council export --xlsx >"$work/b.xlsx" &&
	sed -i 's/,no\r*$/,non/' "$work/b.csv" && same "$work/b.csv" "$work/b.xlsx" Annuaire && grep -q Rosa "$work/read.csv" &&
	head -n 1 "$work/read.csv" | grep -q '^Numéro,Conseil,Codes INSEE,Ville,'
ok "over ssh, in French"
openssh visiteur council export --xlsx >"$work/c.xlsx" && xlsx2csv "$work/c.xlsx" "$work/c.csv" && grep -q Garrigues "$work/c.csv" &&
	! grep -q Rosa "$work/c.csv"
ok "a visitor's has no resource person"
openssh alba council export --xlsx --department 49 >"$work/d.xlsx" && xlsx2csv "$work/d.xlsx" | grep -c Ardoisiers | grep -qx 1 &&
	! xlsx2csv "$work/d.xlsx" | grep -q Cigales
ok "of one département"
! script -qec "'$bbs' -c '$work/bbs.conf' council export --xlsx" /dev/null >"$work/tty" </dev/null && grep -q annuaire.xlsx "$work/tty"
ok "not onto a terminal"
/usr/bin/python3 - "$work/a.xlsx" <<-'END'
	import openpyxl, sys
	sheet = openpyxl.load_workbook(sys.argv[1]).active
	cells = [cell for row in sheet for cell in row if cell.value is not None]
	assert sheet.freeze_panes == "A2" and sheet["B1"].font.b and not sheet["B2"].font.b
	assert all(cell.data_type == ("n" if cell.column == 1 and cell.row > 1 else "s") for cell in cells), "a formula"
	assert any(cell.value.startswith("=Les") for cell in sheet["B"])
END
ok "for openpyxl too: no formula, a bold heading that stays"

# ---- import

en council import "$work/a.xlsx" --dry-run | grep -q '^Nothing.* 3 the same, 0 refused' &&
	b council import "$work/b.xlsx" --dry-run | grep -q ' 3 identiques, 0 refus' &&
	openssh odile council import - --dry-run <"$work/b.xlsx" | grep -q ' 3 identiques, 0 refus'
ok "imported again, in either language, on the machine and over ssh: the same"
/usr/bin/python3 - "$work/new.xlsx" <<-'END'
	import datetime, openpyxl, sys
	book = openpyxl.Workbook()
	sheet = book.active
	sheet.append(["Nom du conseil", "Code INSEE", "Téléphone", "Courriel", "Vu le"])
	sheet.append(["La Dombes", 1004, 612345678, "dombes@example.org", datetime.date(2026, 3, 24)])
	sheet["B2"].number_format = "00000"
	sheet["C2"].number_format = '0#" "##" "##" "##" "##'
	sheet.append([])
	sheet.append(["Les Cigales", 30189])
	sheet.append(["Nulle part", 99999])
	sheet.cell(9, 70, "far")
	book.create_sheet("Autre").append(["x"])
	book.save(sys.argv[1])
END
en council import "$work/new.xlsx" --dry-run --csv >"$work/fates" && grep -q '^2,add,,La Dombes,' "$work/fates" &&
	grep -q '^4,change,.*,Les Cigales,\|^4,same,.*,Les Cigales,' "$work/fates" && grep -q '^5,refused,,Nulle part,' "$work/fates" &&
	[ "$(b council list --json | grep -c Dombes)" = 0 ]
ok "what openpyxl made, row by row, nothing written"
openssh odile council import new.xlsx --csv <"$work/new.xlsx" >"$work/fates" 2>"$work/err"
[ $? = 1 ] && grep -q '^2,add,[0-9]*,La Dombes,' "$work/fates" && b council list --department 01 --json >"$work/json" &&
	grep -q '"resource_phone": "06 12 34 56 78"' "$work/json" && grep -q '"communes": "01004", ' "$work/json"
ok "recorded over ssh: numbers as their cells show them"
openssh alba council import - <"$work/new.xlsx" >"$work/out" 2>"$work/err"
[ $? = 1 ] && [ -s "$work/err" ] && [ ! -s "$work/out" ]
ok "a member may not"
head -c 3000 "$work/new.xlsx" | openssh odile council import - >"$work/out" 2>"$work/err"
[ $? = 1 ] && grep -q 'abîmé' "$work/err" && openssh odile council list --csv >"$work/out" && grep -q Dombes "$work/out"
ok "a workbook cut short: a sentence"
/usr/bin/python3 - "$work/bomb.xlsx" <<-'END'
	import sys, zipfile
	with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
	    z.writestr("xl/workbook.xml", b"<x>" + b" " * 200000000 + b"</x>")
END
openssh odile council import - <"$work/bomb.xlsx" >"$work/out" 2>"$work/err"
[ $? = 1 ] && grep -q 'trop grand' "$work/err" && ! grep -q 'forbidden' "$work/serve.err"
ok "a bomb of 200 MB: a sentence, and no process fell at its fence"
[ "$(cd "$work/var" && find . -type f | grep -vcE '^\./(bbs\.sqlite(-wal|-shm|-lock)?|.*key.*)$')" = 0 ]
ok "no file stays beside the store"
exit $failed
