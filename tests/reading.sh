#!/bin/bash
# A discussion of 2 000 messages by real clients: opened at the first unread one in both faces, printed, taken
# as mail that a real mail reader reads, down a slow line, by those who may.
# shellcheck source=tests/lib.bash
. "${0%/*}/lib.bash"
cd "$work" || exit 1
settings limits 'posts_hour = 0' 'words_hour = 0'
try 'a network' network

# Texts that mail and paper could trip over.
post() { b thread reply "$thread" --as "$1" >/dev/null; }
thread=$(echo 'Bonjour à toutes et à tous.' |
	b thread new --board questions --title 'Un « local » pour nos réunions, à côté de l’école élémentaire Jean-Moulin ?' --as alba)
printf 'From ici on voit tout.\n>From là aussi.\n>>From : non.\nFromage.' | post bruno
{ printf 'mot%.0s ' {1..700}; echo 'From la fin = égale à €, « œuvre ».'; } | post chantal
printf '> un\n> deux\n> trois\n> quatre\n> cinq\nD’accord.\n.\n\n<b>gras</b> & "guillemets" %%s' | post bruno
for ((i = 0; i < 40; i++)); do printf 'From %.0s' {1..40}; done | post chantal
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1995),
	m(last) AS (SELECT max(id) FROM item)
	INSERT INTO item (id, kind, author, board, thread, parent, branch, depth, number, level, state, created, changed)
	SELECT last + i, 'message', (SELECT id FROM member WHERE login = 'bruno'), r.board, r.id, r.id,
	'/' || substr('0000000' || (last + i), -7), 1, i + 5, r.level, 'published', r.created + i, r.created + i
	FROM n, m JOIN item r ON r.id = $thread;
	INSERT INTO text (item, version, author, body, created) SELECT id, 1, author, 'Message numéro ' || number || '.', created
	FROM item WHERE thread = $thread AND number > 5;
	UPDATE thread SET posts = 2000, last = (SELECT max(id) FROM item WHERE thread = $thread) WHERE item = $thread;
	DELETE FROM meta WHERE name = 'search'" # whose index is made anew with what stands there now
own=$(echo 'Entre nous.' | b thread new --board "conseil-$cigales" --title 'Le bureau' --as alba)
b check >/dev/null
ok '2 000 messages'

# ---- opened where one stopped

first=$(sql "SELECT id FROM item WHERE thread = $thread AND number = 1500")
sql "INSERT INTO mark (member, thread, last) SELECT id, $thread, $first - 1 FROM member WHERE login IN ('alba', 'chantal')
	ON CONFLICT DO UPDATE SET last = excluded.last"
start
call chantal "$(ssh_line chantal)"
shows chantal 'Accueil' && press chantal Space && shows chantal '▸●.*Bruno Diallo' 3 && shows chantal 'Message numéro 1500\.' 3 &&
	shows chantal 'n° 1500' && shows chantal '501 nouv' && shows chantal 'à lire'
ok 'full: at the first unread message of 2 000, at once'
press chantal a && shows chantal 'ordre du temps' && shows chantal 'Message numéro 1500\.' && shows chantal 'réponse au n° 1'
ok 'full: the order of time, at the same message'
press chantal z && shows chantal 'en sourdine' && press chantal Escape && shows chantal Accueil && press chantal Space &&
	shows chantal 'tout lu'
ok 'full: muted, and all is read'
hang_up chantal
printf '\n1800\n0\n0\no\n' | openssh alba -T >linear.out 2>&1
grep -q 'Message 15[0-9][0-9], nouveau, réponse au message 1' linear.out && grep -q 'Message numéro 1800\.' linear.out
ok 'linear: the same, and a message by its number'
openssh chantal thread print "$thread" >print.ssh && openssh alba thread mbox "$own" | grep -q '^Subject: Le bureau' &&
	! openssh chantal thread mbox "$own" 2>err && [ -s err ]
ok 'by ssh: printed, and only what one may read'
stop

# ---- on paper

b thread print "$thread" --as alba >print.txt && cmp -s print.txt print.ssh &&
	/usr/bin/python3 - <<-'END'
	import re, unicodedata
	text = open("print.txt").read()
	wide = [l for l in text.split("\n") if sum(0 if unicodedata.combining(c) else 1 for c in l) > 72]
	assert not wide, wide[:3]
	assert text.startswith("Un « local »")
	assert len(re.findall(r"^ *\d+\. (?:Alba|Bruno|Chantal)", text, re.M)) == 2000
	assert "réponse au message 1" in text and "Message numéro 2000." in text
	END
ok 'text of 72 columns, every message'
b thread print "$thread" --html >print.html && /usr/bin/python3 - <<-'END'
	from html.parser import HTMLParser
	class Page(HTMLParser):
	    def __init__(self):
	        super().__init__(convert_charrefs=True)
	        self.open, self.articles, self.words = [], 0, ""
	    def handle_starttag(self, tag, attrs):
	        if tag not in ("meta", "br"):
	            self.open.append(tag)
	        self.articles += tag == "article"
	    def handle_endtag(self, tag):
	        assert self.open.pop() == tag, tag
	    def handle_data(self, data):
	        self.words += data
	page = Page()
	page.feed(open("print.html").read())
	assert page.articles == 2000 and not page.open
	assert '<b>gras</b> & "guillemets" %s' in page.words
	END
ok 'HTML: whole, and nobody else writes its tags'

# ---- as mail

b thread read "$thread" --json >read.json && b thread mbox "$thread" >thread.mbox && /usr/bin/python3 - <<-'END'
	import json, mailbox, re
	from email import policy, message_from_bytes
	posts = json.load(open("read.json"))
	box = mailbox.mbox("thread.mbox", factory=None, create=False)
	assert len(box) == len(posts) == 2000, len(box)
	ids = {}
	for post, key in zip(posts, box.keys()):
	    mail = message_from_bytes(box.get_bytes(key), policy=policy.default)
	    assert not mail.defects, mail.defects
	    ids[post["number"]] = mail["Message-ID"]
	    assert mail.get_content().rstrip("\n") == post["body"], post["number"]
	    title = post["title"] if post["number"] == 1 else "Re: " + post["title"]
	    assert mail["Subject"] == title, mail["Subject"]
	    sender = mail["From"].addresses[0]
	    assert sender.display_name == post["author"] and sender.domain == "palabre.invalid"
	    assert mail["Date"].datetime.strftime("%Y-%m-%dT%H:%M:%SZ") == post["created"]
	    assert mail["In-Reply-To"] == (ids[post["answers"]] if post["answers"] else None)
	    chain = (mail["References"] or "").split()
	    assert chain == ([] if post["number"] == 1 else [ids[1]] if post["answers"] == 1 else [ids[1], ids[post["answers"]]])
	assert len(set(ids.values())) == 2000
	raw = open("thread.mbox", "rb").read()
	assert max(map(len, raw.split(b"\n"))) <= 998
	assert len(re.findall(rb"^>*From ", raw, re.M)) == 2000
	END
ok 'mbox: every message, its thread, subject and text as they were'
b board mbox questions >board.mbox && [ "$(grep -c '^Message-ID: ' board.mbox)" = 2000 ] && b board mbox "conseil-$cigales" --as alba |
	grep -q '^Subject: Le bureau' && ! b board mbox "conseil-$cigales" --as chantal >out 2>err && [ ! -s out ] &&
	b board mbox place --as visiteur >out && [ ! -s out ] && ! b thread mbox "$thread" --as visiteur >out 2>err && [ ! -s out ]
ok 'mbox of a board, for those who may'
sql "UPDATE item SET state = 'hidden' WHERE thread = $thread AND number = 2000" &&
	[ "$(b thread mbox "$thread" --as bruno | grep -c '^Message-ID: ')" = 1999 ] && ! b thread print "$thread" --as bruno |
	grep -q 'numéro 2000'
ok 'what is hidden is in neither, not even for its author'

# A reader who stops reading holds nothing back: the log of writes can be emptied.
mkfifo slow
b board mbox questions >slow 2>err &
mail=$!
exec 3<slow
sleep 1
echo 'Pendant ce temps.' | post bruno && sql 'PRAGMA wal_checkpoint(TRUNCATE)' | grep -q '^0|' && kill -0 $mail
ok 'a slow line: no statement stays open'
cat <&3 >slow.mbox && wait $mail && [ "$(grep -c '^Message-ID: ' slow.mbox)" -ge 1999 ]
ok '… and it gets all in the end'
