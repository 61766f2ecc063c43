"""A storm of kill -9 over a board on which fifty callers write.   storm.py BBS WORK KILLS SECONDS SEED
WORK is a folder of lib.bash with its network, the members c0 … c49 and the file threads. Prints a summary
and "ok …" or "not ok …"; exit 1 when one failed."""
import collections
import ctypes
import fcntl
import json
import os
import random
import re
import select
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import threading
import time

BBS, WORK, KILLS, SECONDS, SEED = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
STORE, CONF, LOG = WORK + "/var/bbs.sqlite", WORK + "/bbs.conf", WORK + "/serve.err"
THREADS = open(WORK + "/threads").read().split()
# Who calls how, and how a thousand kills are shared out; the rest are sessions and carriers.
FULL, LINEAR, TELNET, COMMANDS = 14, 8, 8, 20
HELPER_KILLS, SERVE_KILLS = 15, 15
PAUSE, PATIENCE = 1.0, 5.0  # seconds after which the editor keeps a draft: without a key, with keys
QUEUE = 10.0                # that a writer waits for others at most
SLACK = 3.0                 # for a busy machine
PR_SET_CHILD_SUBREAPER = 36

lock = threading.Lock()
stop = threading.Event()
counts = collections.Counter()
faults = []  # what may not happen
killed = {}  # process: when
longest = collections.defaultdict(float)


def fault(words):
    with lock:
        faults.append(words)
        print("# fault:", words, flush=True)


def count(what, n=1):
    with lock:
        counts[what] += n


def measured(what, seconds):
    with lock:
        longest[what] = max(longest[what], seconds)


# ---- processes

def stat_of(pid):
    """Its name and whether it still runs."""
    try:
        name, rest = open(f"/proc/{pid}/stat").read().split("(", 1)[1].rsplit(")", 1)
        return name, rest.split()[0] not in "ZX"
    except (OSError, IndexError):
        return "", False


def children_of(pid):
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            found += map(int, open(f"/proc/{pid}/task/{task}/children").read().split())
    except OSError:
        pass
    return found


def processes():
    """The board's, by name: serve's children, and pairs that outlived their serve, which come to us."""
    found = collections.defaultdict(list)
    for pid in children_of(serve.pid) + children_of(os.getpid()):
        name, runs = stat_of(pid)
        if name.startswith("bbs-") and runs:
            found[name[4:]].append(pid)
        elif name.startswith("bbs-") and pid != serve.pid:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass  # a child of serve's
    return found


class Serve:
    """The process, started again on the same port with nothing else done."""

    def __init__(self):
        self.ports = {}
        self.start()

    def start(self):
        out = WORK + "/serve.out"
        self.process = subprocess.Popen([BBS, "-c", CONF, "serve"], stdin=subprocess.DEVNULL,
                                        stdout=open(out, "wb"), stderr=open(LOG, "ab"))
        self.pid = self.process.pid
        end = time.monotonic() + 30
        while len(ports := dict(re.findall(r"^(ssh|telnet) .*:(\d+)$", open(out).read(), re.M))) < 2:
            if self.process.poll() is not None or time.monotonic() > end:
                return False
            time.sleep(0.01)
        if not self.ports:
            conf = open(CONF).read()
            for name, port in ports.items():
                conf = conf.replace(f"[{name}]\nlisten = 127.0.0.1:0", f"[{name}]\nlisten = 127.0.0.1:{port}")
            open(CONF, "w").write(conf)
        self.ports = ports
        return True


def ssh(login, *command):
    return ["ssh", "-F", WORK + "/ssh_config", "-p", serve.ports["ssh"], "-i", f"{WORK}/key-{login}",
            login + "@127.0.0.1", *command]


def run_command(login, command, text=b""):
    """A command over ssh: what it printed."""
    try:
        return subprocess.run(ssh(login, command), input=text, capture_output=True, timeout=60).stdout
    except subprocess.TimeoutExpired:
        fault(f"{login}: “{command}” takes over a minute")
        return b""


# ---- the store, as it is read beside the board

def ask(sql, *values):
    store = sqlite3.connect(f"file:{STORE}?mode=ro", uri=True, timeout=30)
    try:
        return store.execute(sql, values).fetchall()
    finally:
        store.close()


def is_posted(text):
    return bool(ask("SELECT 1 FROM text WHERE body = ?", text))


# ---- callers

class Cut(Exception):
    """The line is gone."""


class Stuck(Exception):
    """What is to come does not."""


class Caller(threading.Thread):
    def __init__(self, n):
        super().__init__(daemon=True, name=f"c{n}")
        self.login, self.rng = f"c{n}", random.Random(SEED * 100 + n)
        self.number = 0                        # of the text
        self.text = ""                         # being written
        self.sent, self.acknowledged = [], []  # texts; (text, its number or None)

    def words(self, n):
        return " ".join(self.rng.choice(WORDS) for _ in range(n))

    def acknowledge(self, text, item=None):
        self.acknowledged.append((text, item))
        count("acknowledged")


SENT = "Votre réponse est en place|D’autres personnes écrivent en ce moment"
WORDS = "place marché fontaine école local réunion quartier banc jardin mairie vœu été où çà".split()


class Command(Caller):
    """Posts by a command over ssh, again and again."""

    def run(self):
        while not stop.is_set():
            self.number += 1
            head = f"{self.login}x{self.number} "
            lines = self.rng.choice([1, 1, 1, 3, 400])
            text = "\n".join([head + self.words(5)] + [self.words(9) for _ in range(lines - 1)])
            self.sent.append(text)
            out = run_command(self.login, "thread reply " + self.rng.choice(THREADS[1:]), text.encode())
            if re.fullmatch(rb"\d+\n", out):
                self.acknowledge(text, int(out))
            time.sleep(self.rng.random())


class Screen:
    """A terminal of 24 lines of 80 of the kind ansi-mini; `heard` is what came, as mere text."""
    PARTS = re.compile(r"\x1b\[([0-9;?]*)([@-~])|\x1b[^\[]|[\x00-\x1f]|[^\x00-\x1f]+")
    UNFINISHED = re.compile(r"\x1b(\[[0-9;?]*)?$")

    def __init__(self):
        self.rows, self.x, self.y = [" " * 80] * 24, 0, 0
        self.rest, self.heard = b"", ""

    def feed(self, data):
        data = self.rest + data
        text = data.decode(errors="ignore")
        whole = len(text.encode())
        broken = self.UNFINISHED.search(text)
        self.rest = data[whole:] if not broken else broken.group().encode() + data[whole:]
        text = text[:broken.start()] if broken else text
        for part in self.PARTS.finditer(text.replace("\xa0", " ").replace("\u202f", " ")):
            self.take(part.group(), part.group(1), part.group(2))

    def take(self, text, numbers, final):
        if final == "H":
            row, column = numbers.split(";") if ";" in numbers else (1, 1)
            self.y, self.x = int(row) - 1, int(column) - 1
        elif final in ("J", "K"):
            self.put(" " * (80 - self.x))
            if final == "J":
                self.rows[self.y + 1:] = [" " * 80] * (23 - self.y)
        elif text == "\n":
            self.heard += "\n"
            self.y += 1
            if self.y == 24:
                self.rows, self.y = self.rows[1:] + [" " * 80], 23
        elif text == "\r":
            self.x = 0
        elif text == "\b":
            self.x = max(self.x - 1, 0)
        elif text[0] >= " ":
            self.heard += text
            while text:
                if self.x == 80:
                    self.take("\n", None, None)
                    self.x = 0
                piece, text = text[:80 - self.x], text[80 - self.x:]
                self.put(piece)
                self.x += len(piece)

    def put(self, piece):
        row = self.rows[self.y]
        self.rows[self.y] = row[:self.x] + piece + row[self.x + len(piece):]


class Writer(Caller):
    """Writes on a screen, piece by piece, is cut off, comes back, goes on with the draft, and sends it."""
    wire, term = "ssh", "ansi-mini"

    def __init__(self, n):
        super().__init__(n)
        self.pair, self.cut_at, self.stuck = None, 0, False
        self.forget()

    def run(self):
        while not stop.is_set() or self.text:
            try:
                self.connect()
                self.come_in()
                while not stop.is_set() or self.text:
                    self.write_one()
            except Cut:
                self.after_the_cut()
            except Stuck as words:
                fault(f"{self.login} ({self.wire}, {self.term}): {words}")
                self.cut_at, self.stuck = time.monotonic(), True
                self.after_the_cut()
        self.hang_up()

    # what a person does

    def connect(self):
        self.screen, self.pair, self.stuck, self.since = Screen(), None, False, time.monotonic()
        master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.client = subprocess.Popen(self.line(), stdin=slave, stdout=slave, stderr=slave,
                                       env=dict(os.environ, TERM=self.term), start_new_session=True)
        os.close(slave)
        self.fd = master

    def line(self):
        return ssh(self.login)

    def hang_up(self):
        if self.fd is None:
            return
        self.client.kill()
        self.client.wait()
        os.close(self.fd)
        self.fd = None

    def sees(self, pattern):
        return re.search(pattern, "\n".join(self.screen.rows))

    def wait(self, pattern, seconds=60):
        end = time.monotonic() + seconds
        while not self.sees(pattern):
            if time.monotonic() > end:
                raise Stuck(f"“{pattern}” is not to be seen, but: {self.view()}")
            if select.select([self.fd], [], [], 0.5)[0]:
                try:
                    data = os.read(self.fd, 1 << 16)
                except OSError:
                    data = b""
                if not data:
                    self.cut_at = time.monotonic()
                    raise Cut
                self.screen.feed(data)

    def view(self):
        return " | ".join(row.strip() for row in self.screen.rows if row.strip())

    def type(self, keys):
        self.screen.heard = ""
        try:
            os.write(self.fd, keys.encode())
        except OSError:
            self.cut_at = time.monotonic()
            raise Cut from None

    def listen(self, seconds):
        """Writes nothing for a while."""
        try:
            self.wait(r"$never", seconds)
        except Stuck:
            pass

    def come_in(self):
        """To home, and if a text was begun, on with it."""
        self.log_in()
        wanted = self.text.strip() != ""
        self.wait("Un texte que vous aviez commencé" if wanted else self.home)
        self.pair = self.find_pair()
        if wanted:
            self.type(self.yes)
            self.wait(self.resumed())
            count("drafts offered")
            self.offered = True
        self.from_home = wanted
        if not wanted:
            self.to_thread()
        if self.cut_at:
            measured("a caller who was cut off was back", time.monotonic() - self.cut_at)

    def find_pair(self):
        """The carrier that holds the other end of our client's line, and the session forked behind it."""
        ends = [line.split() for line in open("/proc/net/tcp").readlines()[1:]]
        ours = {row[1] for row in ends if row[9] in sockets_of(self.client.pid)}
        theirs = {row[9] for row in ends if row[2] in ours}
        carrier = max((pid for pid in processes()[self.wire] if theirs & sockets_of(pid)), default=0)
        slots = [row[0] for row in ask("SELECT slot FROM session WHERE member = ?", self.member())]
        session = min((pid for pid in slots if carrier < pid < carrier + 9), default=0)
        return (carrier, session) if carrier and session else None

    def member(self):
        return ask("SELECT id FROM member WHERE login = ?", self.login)[0][0]

    def write_one(self):
        if not self.text:
            self.number += 1
            self.type(self.reply)
            self.wait(self.editor)
        pieces = self.rng.randrange(1, 8)
        while len(self.text) < 900 and pieces:
            self.write_piece()
            pieces -= 1
        self.sent.append(self.text.strip())
        self.send()
        self.acknowledge(self.text.strip())
        self.forget()
        if self.from_home:
            self.wait(self.home)
            self.to_thread()

    def write_piece(self):
        self.pieces += 1
        last = f"{self.login}x{self.number}x{self.pieces}"
        piece = (self.between if self.text else "") + self.words(self.rng.randrange(1, 6)) + " " + last
        self.text += piece
        self.type(piece.replace("\n", "") + self.after)
        self.wait(last)
        now, pause = time.monotonic(), self.rng.choice([0.1, 0.3, 0.5, 0.5, 1, 2, PAUSE + SLACK + 1])
        self.echoed.append((now, pause, len(self.text)))
        self.listen(pause)

    def told_to_try_again(self):
        """Others write, for ten seconds: an answer, with the text still there."""
        count("told to try again")
        self.send()

    def forget(self):
        self.text, self.echoed, self.pieces, self.sending, self.offered = "", [], 0, False, True

    # what must have been kept

    def must_keep(self):
        """How much of the text: all that was shown, where only the carrier fell; else what had its time."""
        carrier, session = map(self.killed_at, self.pair or (0, 0))
        if carrier and not session:
            # What is shown later is the echo of a client that is at its end.
            return max((size for when, _, size in self.echoed if when < carrier), default=0)
        at = session or self.cut_at
        last = max((when for when, _, _ in self.echoed if when < at), default=0)
        return max((size for when, pause, size in self.echoed if self.had_time(when, pause, last, at)), default=0)

    def killed_at(self, pid):
        """Numbers of processes come again: of those killed before this call one is another's."""
        return killed.get(pid, 0) if killed.get(pid, 0) > self.since else 0

    def had_time(self, when, pause, last, at):
        """A session does one thing after the other: what was due before something was shown is done."""
        return (when < last and pause > PAUSE + SLACK) or when < last - PATIENCE - SLACK or \
            when < at - QUEUE - PATIENCE - SLACK

    def after_the_cut(self):
        until(lambda: self.client.poll() is not None, 1)
        status = self.client.poll()
        self.hang_up()
        if self.pair and not any(map(self.killed_at, self.pair)) and not self.stuck:
            fault(f"{self.login} was cut off, and nobody killed {self.pair}; its client ended with {status}")
        if not self.text:
            return
        # The session of a killed carrier keeps the last words, and ends.
        if not self.pair:
            time.sleep(QUEUE)
        elif not until(lambda: not stat_of(self.pair[1])[1], 30):
            fault(f"{self.login}: the session {self.pair[1]} does not end with its carrier")
        if self.sending and is_posted(self.text.strip()):
            count("posted, and cut off before it was said")
            self.forget()
            return
        drafts = [row[0] for row in ask("SELECT body FROM draft WHERE member = ?", self.member())]
        draft, must = "".join(drafts), self.text[:self.must_keep()].strip()
        if len(drafts) > 1 or not self.text.startswith(draft) or not draft.startswith(must):
            fault(f"{self.login}: kept “{draft}” of “{self.text}”, of which “{must}” had to be; "
                  f"{self.pair} {[self.killed_at(pid) - self.cut_at for pid in self.pair or ()]} "
                  f"{[when - self.cut_at for when, _, _ in self.echoed]}")
        if draft and self.offered:
            count("drafts expected")
            self.offered = False
        elif not draft:
            count("cut off before anything was kept")
        self.text, self.sending = draft, False
        self.echoed = [(-1e9, 0, len(draft))]


class Full(Writer):
    """The full-screen face, by ssh."""
    home, editor, yes, reply = "Palabre › Accueil", "Ctrl-S envoyer", "o", "r"
    between, after = " ", ""

    def log_in(self):
        pass

    def to_thread(self):
        self.from_home = False
        self.type("f")
        self.wait("▸ Questions")
        self.type("\r")
        self.wait("▸.*Un fil")
        self.type("\r")
        self.wait("› Un fil.*message")

    def resumed(self):
        return re.escape(self.text.split()[-1])

    def send(self):
        self.sending = True
        self.type("\x13")
        self.wait(SENT)
        if not self.sees("Votre réponse"):
            self.told_to_try_again()


class Telnet(Full):
    wire = "telnet"

    def line(self):
        return ["telnet", "127.0.0.1", serve.ports["telnet"]]

    def log_in(self):
        self.wait("Votre nom")
        self.type(self.login + "\r")
        self.wait("Mot de passe")
        self.type("motdepasse\r")


class Linear(Writer):
    """The face of lines. Each line is kept as it is typed."""
    term = "dumb"
    home, editor, yes, reply = r"Accueil\. ", "ligne par ligne", "o\r", "r\r"
    between, after = "\n", "\r"

    def log_in(self):
        pass

    def sees(self, pattern):
        return re.search(pattern, self.screen.heard)

    def view(self):
        return self.screen.heard[-500:]

    def to_thread(self):
        self.from_home = False
        self.type("/fil\r")
        self.wait("1 .*Un fil")
        self.type("1\r")
        self.wait("Entrée")

    def resumed(self):
        return f"brouillon de {self.text.count(chr(10)) + 1} ligne"

    def had_time(self, when, pause, last, at):
        return when < last or when < at - QUEUE - SLACK

    def send(self):
        self.type(".\r")
        self.wait("Entrée : envoyer")
        self.sending = True
        self.type("\r")
        self.wait(SENT)
        if not self.sees("Votre réponse"):
            self.wait(self.editor)
            self.told_to_try_again()


# ---- who kills, and who looks on

def until(true, seconds):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def sockets_of(pid):
    found = set()
    try:
        for name in os.listdir(f"/proc/{pid}/fd"):
            found.add(os.readlink(f"/proc/{pid}/fd/{name}").removeprefix("socket:[").rstrip("]"))
    except OSError:
        pass
    return found


def kill(pid, kind):
    killed[pid] = time.monotonic()
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    count("killed: " + kind)
    return True


def kill_serve():
    began = time.monotonic()
    kill(serve.pid, "serve")
    serve.process.wait()
    while not serve.start():
        fault("a killed serve could not be started again at once: " + open(LOG).readlines()[-1].strip())
        time.sleep(0.2)
    if not until(lambda: run_command("alba", "whoami"), 60):
        fault("nobody comes in after serve was started again")
    measured("serve was back", time.monotonic() - began)


def strike(kind, rng, writers):
    """False where there is none of that kind now."""
    if kind == "serve":
        kill_serve()
        return True
    found = processes()
    there = found["ssh"] + found["telnet"] if kind == "carrier" else found[kind]
    # Those of commands live a moment only: half of all strikes are for them.
    screens = {pid for writer in writers if writer.pair for pid in writer.pair}
    moment = [pid for pid in there if pid not in screens]
    if moment and rng.random() < 0.5:
        there = moment
    return bool(there) and kill(rng.choice(there), kind)


def storm(writers):
    rng = random.Random(SEED)
    plan = ["relay", "jobs", "broker"] * HELPER_KILLS + ["serve"] * SERVE_KILLS
    plan = plan[:KILLS // 4]
    plan += ["session" if i % 2 else "carrier" for i in range(KILLS - len(plan))]
    rng.shuffle(plan)
    end = time.monotonic() + SECONDS
    while plan and time.monotonic() < end:
        time.sleep((end - time.monotonic()) * 0.7 / len(plan) * rng.uniform(0, 2))
        if not strike(plan[-1], rng, writers):
            rng.shuffle(plan)
            continue
        plan.pop()
        if len(plan) % 100 == 0:
            print(f"# {len(plan)} kills to come, {counts['acknowledged']} messages acknowledged", flush=True)


def watch_helpers():
    """How long serve is without each of its helpers, and how often a fallen one is there again."""
    there = since = names = of = None
    while not stop.wait(0.05):
        if of != serve.pid:
            of, there, since, names = serve.pid, {"relay": 0, "jobs": 0, "broker": 0}, {}, {}
        children = children_of(serve.pid)
        names = {pid: names.get(pid) or stat_of(pid)[0].partition("bbs-")[2] for pid in children}
        now = {name: pid for pid, name in names.items()}
        for name in there:
            if name in now:
                if now[name] != there[name] and there[name]:
                    count("came back: " + name)
                    measured(f"the {name} was back", time.monotonic() - since[name])
                there[name], since[name] = now[name], time.monotonic()


# ---- the story

def ok(good, name):
    print(("ok " if good else "not ok ") + name, flush=True)
    return bool(good)


def read_posts():
    posts = {}
    for thread in THREADS:
        out = subprocess.run([BBS, "-c", CONF, "thread", "read", thread, "--json"], capture_output=True)
        posts |= {post["id"]: post["body"] for post in json.loads(out.stdout) if post["number"] > 1}
    return posts


def compare(posts, sent, acknowledged):
    """What is in the store beside what was sent and acknowledged: lost, torn, twice."""
    bodies = collections.Counter(posts.values())
    lost = [text for text, item in acknowledged if (posts.get(item) != text if item else not bodies[text])]
    return lost, [text for text in bodies if text not in sent], [text for text, n in bodies.items() if n > 1]


def main():
    writers = [Full(i) for i in range(FULL)]
    writers += [Linear(FULL + i) for i in range(LINEAR)]
    writers += [Telnet(FULL + LINEAR + i) for i in range(TELNET)]
    callers = writers + [Command(len(writers) + i) for i in range(COMMANDS)]
    for caller in callers:
        caller.start()
        time.sleep(0.05)
    watcher = threading.Thread(target=watch_helpers, daemon=True)
    watcher.start()
    good = ok(until(lambda: all(c.acknowledged for c in callers), 120), f"{len(callers)} callers write")
    began = time.monotonic()
    storm(writers)
    took = time.monotonic() - began
    back = until(lambda: {"relay", "jobs", "broker"} <= set(processes()), 70)
    stop.set()
    end = time.monotonic() + 120
    for caller in callers:
        caller.join(max(0, end - time.monotonic()))
    still = [caller.login for caller in callers if caller.is_alive() or caller.text]
    serve.process.terminate()
    ended = serve.process.wait() == 0 and until(lambda: not any(processes().values()), 20)
    posts = read_posts()
    sent = {text for caller in callers for text in caller.sent}
    acknowledged = [pair for caller in callers for pair in caller.acknowledged]
    lost, torn, twice = compare(posts, sent, acknowledged)
    first, last = min(posts), max(posts)
    worse = {**posts, first: posts[last], last: posts[last][:-1]}
    kills = sum(n for what, n in counts.items() if what.startswith("killed: "))

    print(f"# seed {SEED}; {took:.0f} s of kills, one every {took / max(kills, 1):.2f} s")
    for what, n in sorted(counts.items()):
        print(f"# {what}: {n}")
    print(f"# posts: {len(posts)} in the store, {counts['acknowledged']} acknowledged, {len(lost)} lost")
    for what, seconds in sorted(longest.items()):
        print(f"# longest time until {what}: {seconds:.2f} s")
    for text in (lost + torn + twice)[:10]:
        print("# lost, torn or twice:", text[:200])
    good &= ok(kills >= KILLS, f"{KILLS} kills")
    good &= ok(not lost and counts["acknowledged"] > KILLS, "no acknowledged message is lost, word for word")
    good &= ok(not torn and not twice, "no message is torn, or there twice")
    good &= ok(all(compare(worse, sent, acknowledged + [(posts[first], first)])[:2]) and
               compare({**posts, first: posts[last]}, sent, acknowledged)[2], "(and this test can fail)")
    good &= ok(counts["drafts expected"] == counts["drafts offered"] > 0, "every draft is offered, and goes on")
    good &= ok(back and counts["came back: relay"] and counts["came back: jobs"],
               "relay and jobs come back by themselves")
    good &= ok(not still, f"all callers end what they had begun {still or ''}")
    good &= ok(ended, "serve ends well, and no process is left")
    good &= ok(not faults, f"nothing happened that may not ({len(faults)})")
    return not good


threading.excepthook = lambda what: fault(f"{what.thread.name}: {what.exc_type.__name__}: {what.exc_value}")
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
serve = Serve()
sys.exit(main())
