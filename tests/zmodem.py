"""Callers whose terminal program knows ZMODEM: a real ssh or telnet in a terminal, beside it sz or rz.
    zmodem.py WIRE TERM LOGIN WHAT ARGUMENT…
WIRE: words that start the client. TERM xterm-256color gets the full face, dumb that of lines. In /moi:
    get WORD FOLDER     the file with that word in its name, into the folder of this machine
    deaf WORD FOLDER    … by an rz that does not hear sz's last word
    put FILE…           in one batch
    cut FILE…           the client is killed in the midst of it
    give-up get|put     Ctrl-X by hand, then typing as if nothing had been
    silent get|put      nobody answers
    typed get|put KEYS  … and the person types, whose terminal knows no ZMODEM
    crowd COUNT         asks while so many others of the account do, and begin nothing
    name NAME           a header that gives this name
    refused             a sentence, and no transfer
    fallen STORE FILE…  the board's own rz is killed in the midst of it
    full FILE FILLER    meanwhile there is no room on the board's disk, by that file, and then there is some again
    stalled FILE STORE SERVE  the board's own rz takes nothing for a while: how many KiB its processes grow meanwhile
Prints what stands on the screen afterwards, and is sure that the keys are heard again."""
import glob
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time

import pexpect

PATIENCE = int(os.environ.get("PATIENCE", "15"))
CAN = b"\x18"
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[()=>78].?")


class Caller:
    def __init__(self, wire, term, login):
        env = dict(os.environ, TERM=term)
        self.linear = term == "dumb"
        self.child = pexpect.spawn(wire, env=env, dimensions=(24, 80), timeout=PATIENCE, maxread=1 << 16)
        self.child.delaybeforesend = None
        if wire.startswith("telnet"):
            self.wait("Votre nom")
            self.type(login)
            self.wait("Mot de passe")
            self.type("motdepasse")
        self.wait("Dossiers partagés")

    def wait(self, words):
        """What a repaint may have cut into pieces: escape sequences may stand at any space."""
        between = rb"(?:\x1b\[[0-9;?]*[a-zA-Z]|[\r\n ]|\xc2\xa0|\xe2\x80\xaf)+"
        self.child.expect(re.compile(between.join(re.escape(word.encode()) for word in words.split())))

    def type(self, line):
        self.child.send(line + "\r")

    def to_own(self):
        """The shelf /moi."""
        if self.linear:
            self.type("dossiers")
            self.wait("Corbeille")
            self.wait("> ")
            self.type("à moi")
            self.wait("À moi.")
            self.wait("> ")
        else:
            self.child.send("g")
            self.wait("Corbeille")
            self.child.send("\x1b[F\x1b[A\x1b[A\x1b[A\r")
            self.wait("Ou par ZMODEM")
            self.wait("/ chercher · Z envoyer")

    def ask_get(self, word):
        if self.linear:
            self.type("/" + word)
            self.wait("Trouvé")
            self.wait("> ")
            self.type("1")
            self.wait("recevoir")
            self.wait("> ")
            self.type("recevoir")
        else:
            self.child.send("/")
            self.wait("Chercher")
            self.type(word)
            self.wait("Trouvé")
            self.child.send("\r")
            self.wait("recevoir")
            self.child.send("Z")
        self.wait("rien ne bouge.")

    def ask_put(self, answer="rien ne bouge."):
        if self.linear:
            self.type("envoyer")
        else:
            self.child.send("Z")
        self.wait(answer)

    def read(self, seconds):
        if select.select([self.child.child_fd], [], [], seconds)[0]:
            try:
                return os.read(self.child.child_fd, 1 << 16)
            except OSError:
                return b""
        return None

    def send(self, data):
        while data:
            data = data[os.write(self.child.child_fd, data[:4096]):]

    def run(self, program, folder, most=None, midst=(), lost=None):
        """The terminal program: what the client shows goes to sz or rz, and back. Says its status, and how long."""
        start = time.monotonic()
        with open(os.devnull, "w", encoding="ascii") as nothing, \
                subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=nothing, cwd=folder,
                                 bufsize=0) as own:
            here, there, count = self.child.child_fd, own.stdout.fileno(), 0
            os.set_blocking(here, False)
            inward, outward, hears = b"", b"", True
            until, midst = time.monotonic() + 120, list(midst)
            while time.monotonic() < until:
                reads = [fd for fd, full in ((here, inward), (there, outward)) if len(full) < 1 << 16]
                writes = ([own.stdin.fileno()] if inward and hears else []) + ([here] if outward else [])
                ready, room, _ = select.select(reads, writes, [], 5)
                try:
                    if here in ready:
                        inward += os.read(here, 1 << 16)
                        if lost and inward.endswith(lost):
                            inward, lost = inward[:-len(lost)], None
                    if there in ready:
                        piece = os.read(there, 1 << 16)
                        if not piece:
                            os.set_blocking(here, True)
                            self.send(outward)
                            break
                        outward += piece
                    if own.stdin.fileno() in room:
                        try:
                            inward = inward[os.write(own.stdin.fileno(), inward):]
                        except BrokenPipeError:
                            hears = False
                    if here in room:
                        done = os.write(here, outward[:4096])
                        outward = outward[done:]
                        count += done
                except (OSError, BlockingIOError):
                    pass
                if midst and count > midst[0][0]:
                    midst.pop(0)[1]()
                if most and count > most:
                    own.kill()
                    break
            else:
                own.kill()
                sys.exit("the transfer does not end")
            os.set_blocking(here, True)
            if inward:
                self.child.buffer = inward
            own.stdin.close()
            print("#", program[0], own.wait(timeout=60), "after %.2f s" % (time.monotonic() - start))

    def screen(self):
        """What stands there once nothing comes any more, without what only moves the cursor."""
        seen = self.child.buffer if isinstance(self.child.buffer, bytes) else b""
        while (more := self.read(1.5 if seen else 15)):
            seen += more
        words = ESCAPES.sub(b" ", seen).decode("utf-8", "replace").replace("\r", "").replace("\xa0", " ").replace("\u202f", " ")
        return "\n".join(line.rstrip() for line in words.split("\n") if line.strip())


# ---- a sender by hand: frames as sz makes them, with any name

def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xffff
    return crc


def escaped(data):
    return b"".join(bytes([0x18, byte ^ 0x40]) if byte & 0x7f < 0x20 else bytes([byte]) for byte in data)


def hex_header(kind, flags=b"\0\0\0\0"):
    head = bytes([kind]) + flags
    return b"**\x18B" + (head + crc16(head).to_bytes(2, "big")).hex().encode() + b"\r\x8a\x11"


def binary_header(kind, flags=b"\0\0\0\0"):
    head = bytes([kind]) + flags
    return b"*\x18A" + escaped(head + crc16(head).to_bytes(2, "big"))


def packet(data, end):
    return escaped(data) + b"\x18" + end + escaped(crc16(data + end).to_bytes(2, "big"))


def send_named(caller, name, data=b"dehors"):
    """ZFILE with the name, ZDATA, ZEOF, ZFIN; ends when the board says ZFIN or cancels."""
    seen = b""

    def until(*kinds):
        nonlocal seen
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if CAN * 5 in seen:
                return "cancelled"
            for kind in kinds:
                mark = b"\x18B%02x" % kind
                if mark in seen:
                    seen = seen.split(mark, 1)[1]
                    return kind
            more = caller.read(1)
            seen += more or b""
        return None

    caller.send(hex_header(0))  # ZRQINIT
    if until(1) != 1:
        return "no ZRINIT"
    caller.send(binary_header(4) + packet(name + b"\0" + b"%d 0 0 0 1 6\0" % len(data), b"k"))  # ZFILE
    answer = until(9, 5)
    if answer == 9:  # ZRPOS
        caller.send(binary_header(10) + packet(data, b"h") + binary_header(11, len(data).to_bytes(4, "little")))
        answer = until(1)
    if answer == "cancelled":
        caller.send(CAN * 8)
    else:
        caller.send(hex_header(8))  # ZFIN
        until(8)
        caller.send(b"OO")
    return answer


# ---- the board's side of a stalled transfer

def helper(store):
    """The rz that works in a folder beside the store, where a file has begun: others wait for one."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        for link in glob.glob("/proc/[0-9]*/cwd"):
            try:
                if os.readlink(link).startswith(store + "-transfer-") and os.listdir(link):
                    pid = int(link.split("/")[2])
                    with open(f"/proc/{pid}/comm", encoding="ascii") as comm:
                        if comm.read() == "rz\n":
                            return pid
            except OSError:
                pass
        time.sleep(0.05)
    raise RuntimeError("no rz")


def kibibytes(serve):
    """All that serve has started."""
    with open(f"/proc/{serve}/task/{serve}/children", encoding="ascii") as children:
        pids = children.read().split()
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            total += int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))
    return total


def get(caller, word, folder, lost=None):
    if caller.linear:
        caller.type("dossiers")
        caller.wait("Corbeille")
        caller.wait("> ")
    else:
        caller.to_own()
    caller.ask_get(word)
    caller.run(["rz", "-q"], folder, lost=lost)


def deaf(caller, word, folder):
    get(caller, word, folder, b"OO")


def put(caller, *files):
    caller.to_own()
    caller.ask_put()
    caller.run(["sz", "-q", "-b", "--", *files], ".")


def cut(caller, *files):
    caller.to_own()
    caller.ask_put()
    caller.run(["sz", "-q", "-b", *files], ".", most=100000)
    caller.child.kill(9)
    sys.exit()


def ask(caller, what, word=None):
    caller.to_own()
    if what == "get":
        caller.ask_get(word)
    else:
        caller.ask_put()


def give_up(caller, *what):
    ask(caller, *what)
    time.sleep(0.5)
    caller.send(CAN * 5)


def typed(caller, what, keys):
    ask(caller, what)
    caller.send(keys.encode().decode("unicode_escape").encode())
    silent(caller)


def silent(caller, *what):
    if what:
        ask(caller, *what)
    start = time.monotonic()
    caller.child.timeout = 90
    caller.wait("Aucun programme")
    print("Aucun programme")
    print("# after %.0f s" % (time.monotonic() - start))


def crowd(caller, count):
    others = [Caller(*sys.argv[1:4]) for _ in range(int(count))]
    for other in others:
        other.to_own()
        other.ask_put()
    caller.to_own()
    caller.ask_put("Ce compte a %s transferts en cours" % count)
    for other in others:
        other.child.close(force=True)


def name(caller, typed):
    caller.to_own()
    caller.ask_put()
    print("#", send_named(caller, os.fsencode(typed)))


def stalled(caller, file, store, serve):
    def stall():
        own, before = helper(store), kibibytes(serve)
        os.kill(own, signal.SIGSTOP)
        end, most = time.monotonic() + 2, before
        while time.monotonic() < end:
            time.sleep(0.05)
            most = max(most, kibibytes(serve))
        os.kill(own, signal.SIGCONT)
        print("grew", most - before)

    caller.to_own()
    caller.ask_put()
    meanwhile = threading.Thread(target=stall)
    caller.run(["sz", "-q", "-b", file], ".", midst=[(1 << 16, meanwhile.start)])
    meanwhile.join()


def fallen(caller, store, *files):
    caller.to_own()
    caller.ask_put()
    caller.run(["sz", "-q", "-b", *files], ".", midst=[(1 << 16, lambda: os.kill(helper(store), signal.SIGSEGV))])


def refused(caller):
    caller.to_own()
    caller.child.send("envoyer\r")


def full(caller, file, filler):
    def fill():
        with open(filler, "wb", buffering=0) as out:
            try:
                while out.write(bytes(4096)):
                    pass
            except OSError:
                pass

    def free():
        time.sleep(1)
        os.remove(filler)

    caller.to_own()
    caller.ask_put()
    caller.run(["sz", "-q", "-b", file], ".", midst=[(1 << 16, fill), (1 << 21, free)])
    if os.path.exists(filler):
        os.remove(filler)


def main():
    wire, term, login, what, *words = sys.argv[1:]
    caller = Caller(wire, term, login)
    {"get": get, "deaf": deaf, "put": put, "cut": cut, "give-up": give_up,
     "silent": silent, "typed": typed, "crowd": crowd, "name": name,
     "fallen": fallen, "refused": refused, "full": full, "stalled": stalled}[what](caller, *words)
    print(caller.screen())
    # The keys are heard again, and nothing was typed by the protocol.
    caller.send(b"?\r" if caller.linear else b"?")
    caller.wait("Ce que font les touches" if not caller.linear else "raccrocher")
    caller.child.close(force=True)


main()
