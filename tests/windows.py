"""Clients that treat their windows and lines badly.   windows.py WHAT ARGUMENT…
Each prints nothing but comments; exit 1 when the board did not stand it."""
import os
import random
import re
import select
import signal
import socket
import sys
import time

import pexpect

PATIENCE = int(os.environ.get("PATIENCE", "15"))
IAC, SB, SE, NAWS, CHARSET = 255, 250, 240, 31, 42
WILL, WONT, DO, DONT = 251, 252, 253, 254


def call(command, home="Qui est là"):
    """An ssh client in a terminal of 80 by 24, at home."""
    child = pexpect.spawn(command, dimensions=(24, 80), timeout=PATIENCE, maxread=1 << 16)
    child.delaybeforesend = None
    if home:
        child.expect(text(home))
    return child


def text(words):
    """What a repaint may have cut into pieces: escape sequences may stand at any space."""
    between = rb"(?:\x1b\[[0-9;?]*[a-zA-Z]|[\r\n ]|\xc2\xa0)+"
    return re.compile(between.join(re.escape(word.encode()) for word in words.split()))


def swallow(child, seconds):
    """Takes what comes until nothing does, so long."""
    while select.select([child.child_fd], [], [], seconds)[0]:
        if not os.read(child.child_fd, 1 << 16):
            return


def redraw(child, words):
    swallow(child, 0.2)
    child.setwinsize(24, 80)
    child.send("\f")
    child.expect(text(words))


def to_thread(child):
    """From home to the first thread of a board."""
    child.send("f\r")
    child.expect(text("Un fil"))
    child.send("\r")
    child.expect(text("n° 1"))


def to_editor(child):
    to_thread(child)
    child.send("r")
    child.expect(text("Ctrl-S envoyer"))


SIZES = [(1, 1), (65535, 65535), (1, 65535), (65535, 1), (0, 0), (4, 20), (3, 19), (60, 200), (61, 201), (12, 40)]


def resize(command):
    """Through lists and the editor while the window changes a hundred times a second."""
    child = call(command)
    rng = random.Random(1)
    for i in range(200):
        child.setwinsize(*(SIZES[i] if i < len(SIZES) else (rng.randrange(1, 90), rng.randrange(1, 260))))
        child.send("jk"[i % 2])
        time.sleep(0.01)
        swallow(child, 0)
    for size in SIZES:
        child.setwinsize(*size)
        swallow(child, 0.05)
    redraw(child, "Qui est là")
    to_editor(child)
    for i in range(200):
        child.setwinsize(*(SIZES[i] if i < len(SIZES) else (rng.randrange(1, 90), rng.randrange(1, 260))))
        child.send(f"mot{i} ")
        time.sleep(0.01)
        swallow(child, 0)
    redraw(child, "mot199")
    child.send("\x13")
    child.expect(text("est en place"))
    child.close()


def paste(command, file, brackets, limit):
    """A text into the editor, as fast as the line takes it; then it is sent."""
    child = call(command)
    to_editor(child)
    pasted = open(file, "rb").read()
    data = b"\x1b[200~" + pasted + b"\x1b[201~" if brackets == "yes" else pasted
    data = data.replace(b"\n", b"\r") + b"FINI"
    os.set_blocking(child.child_fd, False)
    seen, began = b"", time.monotonic()
    while b"FINI" not in seen and time.monotonic() - began < PATIENCE:
        wait_write = [child.child_fd] if data else []
        ready, room, _ = select.select([child.child_fd], wait_write, [], 0.1)
        if room:
            try:
                data = data[os.write(child.child_fd, data[:4096]):]
            except BlockingIOError:
                pass
        if ready:
            seen = seen[-4096:] + os.read(child.child_fd, 1 << 16)
    took = time.monotonic() - began
    os.set_blocking(child.child_fd, True)
    print(f"# {len(pasted)} bytes pasted in {took:.3f} s")
    if b"FINI" not in seen:
        sys.exit("the end of the text was never seen")
    child.send("\x13")
    child.expect(text("est en place"))
    child.close()
    sys.exit(took > float(limit))


def stop_reading(command, post):
    """A client that does not read while much happens, and then goes on."""
    child = call(command)
    to_thread(child)
    os.kill(child.pid, signal.SIGSTOP)
    status = os.system(post)
    os.kill(child.pid, signal.SIGCONT)
    redraw(child, "Un fil")
    child.send("\x1b[4~G")
    swallow(child, 0.3)
    child.send("\x1b")
    child.expect(text("Dernier"))
    child.close()
    sys.exit(status != 0)


def slow_command(command, least):
    """Output that nobody reads for a while comes whole in the end."""
    reader, writer = os.pipe()
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", command], os.environ,
                         file_actions=[(os.POSIX_SPAWN_DUP2, writer, 1), (os.POSIX_SPAWN_CLOSE, reader)])
    os.close(writer)
    os.read(reader, 1)
    os.kill(pid, 0)
    time.sleep(2)  # nothing is read: that is the test
    size = 1
    while data := os.read(reader, 1 << 16):
        size += len(data)
    print(f"# {size} bytes")
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) or size < int(least))


def latin9(command):
    """A terminal of single bytes: it is sent single bytes, and what it types is understood."""
    child = call(command, home=None)
    child.expect(rb"Qui est l\xe0")
    seen = child.before + child.after
    child.send("f\r")
    child.expect(text("Un fil"))
    seen += child.before
    child.send("\r")
    child.expect(rb"n\xb0")
    seen += child.before
    child.send("r")
    child.expect(text("Ctrl-S envoyer"))
    seen += child.before
    child.send(b"Un caf\xe9 \xe0 3 \xa4, du c\xbdur : Latin-9")
    child.expect(text("Latin-9"))
    seen += child.before
    child.send("\x13")
    child.expect(text("est en place"))
    seen += child.before
    child.close()
    sys.exit(any(sequence in seen for sequence in (b"\xc3\xa9", b"\xc3\xa8", b"\xe2\x80", b"\xc2\xb7")))


# ---- telnet


def telnet(port):
    line = socket.create_connection(("127.0.0.1", int(port)), timeout=PATIENCE)
    return line


def read_until(line, wanted, seen=b""):
    end = time.monotonic() + PATIENCE
    while wanted not in seen:
        if time.monotonic() > end:
            sys.exit(f"not seen: {wanted}; but {seen[-300:]}")
        data = line.recv(1 << 16)
        if not data:
            sys.exit(f"hung up before {wanted}; after {seen[-300:]}")
        seen += data
    return seen


def telnet_charset(port):
    """A client whose only charset is ISO-8859-15 says so (RFC 2066)."""
    line = telnet(port)
    line.sendall(bytes([IAC, DONT, 1]))
    seen = read_until(line, bytes([IAC, WILL, CHARSET]))
    line.sendall(bytes([IAC, DO, CHARSET]))
    seen = read_until(line, bytes([IAC, SB, CHARSET, 1]), seen)
    seen = read_until(line, bytes([IAC, SE]), seen[seen.index(bytes([IAC, SB, CHARSET, 1])):])
    line.sendall(bytes([IAC, SB, CHARSET, 2]) + b"ISO-8859-15" + bytes([IAC, SE]))
    line.sendall(b"visiteur\r\n")
    # Words of before may still be in the old charset; the menu is not.
    seen = read_until(line, b"chercher")
    line.sendall(b"?\r\n")
    seen = read_until(line, b"quitter", b"")
    sys.exit(b"\xc3" in seen or not re.search(rb"[\xe0\xe8\xe9]", seen))


def telnet_garbage(port):
    """Bytes at random, sub-negotiations that never end or lie about sizes, lines cut at any place."""
    rng = random.Random(2)
    codes = [IAC, SB, SE, NAWS, CHARSET, WILL, WONT, DO, DONT, 24, 1, 3, 0, 13, 10, 27]
    for i in range(120):
        line = telnet(port)
        if i % 4 == 0:
            data = bytes(rng.randrange(256) for _ in range(rng.randrange(3000)))
        elif i % 4 == 1:
            data = bytes(rng.choice(codes) for _ in range(rng.randrange(3000)))
        elif i % 4 == 2:
            size = bytes(rng.randrange(256) for _ in range(rng.randrange(9))).replace(b"\xff", b"\xff\xff")
            data = bytes([IAC, WILL, NAWS]) + (bytes([IAC, SB, NAWS]) + size + bytes([IAC, SE])) * 50
        else:
            data = bytes([IAC, SB, rng.choice([24, 31, 39, 42])]) + b"x" * 200000
        try:
            line.sendall(data)
            if i % 3 == 0:
                line.shutdown(socket.SHUT_WR)
            elif i % 3 == 1:
                # A reset instead of a good-bye.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        except OSError:
            pass
        line.close()


def telnet_half_open(port, seconds):
    """Callers who only listen, and who only have hung up one way, are let go when grace is over."""
    lines = [telnet(port) for _ in range(10)]
    for line in lines[:5]:
        line.sendall(b"alba\r\n")
    end = time.monotonic() + float(seconds)
    left = set(lines)
    while left and time.monotonic() < end:
        for line in select.select(list(left), [], [], 0.2)[0]:
            if not line.recv(1 << 16):
                left.discard(line)
    print(f"# still open: {len(left)}")
    sys.exit(bool(left))


try:
    globals()[sys.argv[1]](*sys.argv[2:])
except pexpect.TIMEOUT as trouble:
    sys.exit("\n".join("# " + line for line in str(trouble).splitlines() if re.match("buffer|  *0:", line)))
