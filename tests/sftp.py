#!/usr/bin/python3
"""SFTP by hand, for tests/sftp.sh: what no client sends, and what each packet is answered by.

sftp.py CHECK COMMAND…: talks to COMMAND on its standard input and output; "ok" or "not ok" lines.
"""
import struct
import subprocess
import sys
import unicodedata

INIT, OPEN, CLOSE, READ, WRITE, LSTAT, FSTAT, SETSTAT, FSETSTAT, OPENDIR, READDIR, REMOVE, MKDIR, RMDIR, \
    REALPATH, STAT, RENAME, READLINK = 1, *range(3, 20)
STATUS, HANDLE, DATA, NAME, ATTRS = range(101, 106)
EXTENDED = 200
OK, EOF, NO_SUCH_FILE, DENIED, FAILURE, _, _, _, UNSUPPORTED = range(9)
R, W, APPEND, CREAT, TRUNC, EXCL = 1, 2, 4, 8, 16, 32
THEME = '/departements/30-gard/1-echanges-de-bonnes-pratiques'
failed = False


def ok(name, good):
    global failed
    print('ok' if good else 'not ok', name)
    failed = failed or not good


def u32(n):
    return struct.pack('>I', n)


def u64(n):
    return struct.pack('>Q', n)


def text(s):
    data = s.encode() if isinstance(s, str) else s
    return u32(len(data)) + data


class Talk:
    def __init__(self, command, greet=True):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.id = 0
        if greet:
            self.raw(u32(5) + bytes([INIT]) + u32(3))
            self.version = self.take()

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def put(self, kind, *args):
        self.id += 1
        body = bytes([kind]) + u32(self.id) + b''.join(args)
        self.process.stdin.write(u32(len(body)) + body)
        return self.id

    def take(self):
        self.process.stdin.flush()
        size = struct.unpack('>I', self.process.stdout.read(4))[0]
        return self.process.stdout.read(size)

    def ask(self, kind, *args):
        """(kind of the answer, its status or None, the packet without its id)"""
        self.put(kind, *args)
        packet = self.take()
        assert packet[1:5] == u32(self.id), packet
        status = struct.unpack('>I', packet[5:9])[0] if packet[0] == STATUS else None
        return packet[0], status, packet[:1] + packet[5:]

    def status(self, kind, *args):
        return self.ask(kind, *args)[1]

    def open(self, path, flags, attributes=u32(0)):
        kind, status, packet = self.ask(OPEN, text(path), u32(flags), attributes)
        return packet[1:] if kind == HANDLE else status

    def write(self, path, data, flags=W | CREAT | TRUNC):
        handle = self.open(path, flags)
        assert self.status(WRITE, handle, u64(0), text(data)) == OK
        return self.status(CLOSE, handle)

    def read(self, path):
        handle = self.open(path, R)
        data = b''
        while True:
            kind, _, packet = self.ask(READ, handle, u64(len(data)), u32(100000))
            if kind != DATA:
                break
            data += packet[5:]
        self.status(CLOSE, handle)
        return data

    def names(self, path):
        handle = self.ask(OPENDIR, text(path))[2][1:]
        found = []
        while True:
            kind, _, packet = self.ask(READDIR, handle)
            if kind != NAME:
                self.status(CLOSE, handle)
                return found
            at = 5
            for _ in range(struct.unpack('>I', packet[1:5])[0]):
                words = []
                for _ in range(2):
                    n = struct.unpack('>I', packet[at:at + 4])[0]
                    words.append(packet[at + 4:at + 4 + n].decode())
                    at += 4 + n
                at += 4 + 8 + 8 + 4 + 8
                found.append(words[0])

    def end(self):
        """Hangs up; the exit status, and what was said on standard error."""
        self.process.stdin.close()
        self.process.stdout.read()
        said = self.process.stderr.read().decode()
        return self.process.wait(20), said


def talk(command):
    t = Talk(command)
    ok('VERSION 3 with what OpenSSH adds', t.version[:5] == b'\2' + u32(3) and all(
        name in t.version for name in (b'posix-rename@openssh.com', b'statvfs@openssh.com', b'fstatvfs@openssh.com',
                                       b'fsync@openssh.com', b'limits@openssh.com')))
    ok('kinds of packets that there are not: unsupported', t.status(99, b'x' * 50) == UNSUPPORTED
       and t.status(READLINK, text('/moi')) == UNSUPPORTED
       and t.status(EXTENDED, text('hardlink@openssh.com'), text('a'), text('b')) == UNSUPPORTED)
    ok('no way above the top', [t.ask(REALPATH, text(p))[2][9:][:len(q)] == q.encode() for p, q in (
        ('.', '/'), ('../../etc', '/etc'), ('/moi/./a/../../..', '/'), ('moi//x/', '/moi/x'))] == [True] * 4)
    limits = t.ask(EXTENDED, text('limits@openssh.com'))[2]
    ok('limits: 256 handles', limits[0] == 201 and limits[25:33] == u64(256))

    ok('a written file is there', t.write('/moi/a', b'abc') == OK and t.read('/moi/a') == b'abc')
    h = t.open('/moi/a', W | CREAT | TRUNC)
    t.status(WRITE, h, u64(0), text('new'))
    ok('one that is being written is seen as it was by others', Talk(command).read('/moi/a') == b'abc')
    ok('closed, as it is', t.status(CLOSE, h) == OK and t.read('/moi/a') == b'new')
    ok('a handle that was closed opens nothing', t.status(CLOSE, h) == FAILURE and
       t.status(READ, h, u64(0), u32(1)) == FAILURE and t.status(WRITE, h, u64(0), text('x')) == FAILURE)
    ok('nor one that never was', all(t.status(FSTAT, text(x)) == FAILURE for x in (
        b'', b'\0' * 8, b'\xff' * 8, u32(0) + u32(0), b'x' * 256)))
    ok('EXCL: not in the place of another', t.open('/moi/a', W | CREAT | EXCL) == FAILURE)
    ok('not made without CREAT', t.open('/moi/none', W) == NO_SUCH_FILE and t.open('/moi/none', R) == NO_SUCH_FILE)
    h = t.open('/moi/a', R | W | APPEND)
    t.status(WRITE, h, u64(0), text('er'))
    ok('APPEND: at the end, wherever it is to go; read while it is written',
       t.ask(READ, h, u64(0), u32(10))[2][5:] == b'newer' and t.status(CLOSE, h) == OK and t.read('/moi/a') == b'newer')
    h = t.open('/moi/a', W)
    t.status(WRITE, h, u64(2), text('VERY'))
    ok('in its midst', t.status(CLOSE, h) == OK and t.read('/moi/a') == b'neVERY')
    ok('a size is set', t.status(SETSTAT, text('/moi/a'), u32(1), u64(2)) == OK and t.read('/moi/a') == b'ne' and
       t.status(SETSTAT, text('/moi/a'), u32(1), u64(4)) == OK and t.read('/moi/a') == b'ne\0\0')
    ok('owners, modes and times are heard kindly', t.status(SETSTAT, text('/moi/a'), u32(14), u32(0), u32(0),
                                                          u32(0o600), u32(1), u32(2)) == OK)
    h = t.open('/moi/holes', R | W | CREAT | TRUNC)
    for at in (300000, 0, 150000):
        t.put(WRITE, h, u64(at), text('x' * 1000))
    ok('out of order, with holes', [t.take()[5:9] for _ in range(3)] == [u32(OK)] * 3 and t.status(CLOSE, h) == OK and
       t.read('/moi/holes') == b''.join(b'x' * 1000 + b'\0' * 149000 for _ in range(2)) + b'x' * 1000)
    ok('data far away', t.open('/moi/far', W | CREAT) and t.status(WRITE, t.open('/moi/a', W), u64(2**63), text('x'))
       == FAILURE and t.status(READ, t.open('/moi/holes', R), u64(2**64 - 1), u32(2**32 - 1)) == EOF)

    h = t.open('/moi/many', R | W | CREAT | TRUNC)
    block = bytes(range(256)) * 128
    for i in range(200):
        t.put(WRITE, h, u64(i * len(block)), text(block))
    ok('200 writes in flight', all(t.take()[5:9] == u32(OK) for _ in range(200)))
    t.status(CLOSE, h)
    h = t.open('/moi/many', R)
    ids = [t.put(READ, h, u64(i * len(block)), u32(len(block))) for i in range(200)]
    ok('200 reads in flight, answered in order', all(t.take() == bytes([DATA]) + u32(i) + text(block) for i in ids))

    ok('a rename takes no other\'s name', t.write('/moi/b', b'b') == OK and
       t.status(RENAME, text('/moi/b'), text('/moi/a')) == FAILURE and t.read('/moi/a') == b'ne\0\0')
    ok('posix-rename does', t.status(EXTENDED, text('posix-rename@openssh.com'), text('/moi/b'), text('/moi/a')) == OK
       and t.read('/moi/a') == b'b' and t.open('/moi/b', R) == NO_SUCH_FILE)
    ok('mkdir, rmdir', t.status(MKDIR, text('/moi/d'), u32(0)) == OK and t.status(MKDIR, text('/moi/d'), u32(0)) == FAILURE
       and t.write('/moi/d/x', b'x') == OK and t.status(RMDIR, text('/moi/d')) == FAILURE and
       t.status(REMOVE, text('/moi/d')) == FAILURE and t.status(REMOVE, text('/moi/d/x')) == OK and
       t.status(RMDIR, text('/moi/d')) == OK and t.status(RMDIR, text('/moi/d')) == NO_SUCH_FILE)
    ok('what nobody made cannot be unmade', t.status(RMDIR, text('/moi')) == DENIED and
       t.status(RENAME, text(THEME), text('/moi/x')) == DENIED and t.status(MKDIR, text('/x'), u32(0)) == DENIED and
       t.open('/departements/30-gard/5-annuaire/annuaire.csv', W) == DENIED)

    mac = unicodedata.normalize('NFD', 'été.txt')
    ok('a name from a Mac becomes NFC, and is found by both', t.write('/moi/' + mac, b'1') == OK and
       'été.txt' in t.names('/moi') and mac not in t.names('/moi') and t.read('/moi/' + mac) == b'1' and
       t.read('/moi/été.txt') == b'1')
    long = 'é' * 127 + 'x'
    ok('a name of 255 bytes', t.write('/moi/' + long, b'l') == OK and t.read('/moi/' + long) == b'l')
    bad = ('a\tb', 'a\nb', 'a\x1b[31mb', 'a\x7f', 'é' * 128, 'x' * 300, '\u202ea')
    ok('refused names', [t.open('/moi/' + name, W | CREAT) for name in bad] == [FAILURE] * len(bad))
    ok('refused bytes', t.open(b'/moi/\xff\xfe', W | CREAT) == FAILURE and t.open(b'/moi/a\0b', W | CREAT) == FAILURE and
       t.open('/' + 'x/' * 3000, R) == FAILURE)
    status, said = t.end()
    ok('it ends well, and has said its sentences once', status == 0 and said and said.count('\n') < 40)

    t = Talk(command)
    h = t.open('/moi/half', W | CREAT | TRUNC)
    t.status(WRITE, h, u64(0), text('x' * 1000))
    t.end()
    t = Talk(command)
    ok('what was cut off is seen by whoever sent it', struct.unpack('>Q', t.ask(STAT, text('/moi/half'))[2][5:13])[0]
       == 1000)
    h = t.open('/moi/half', W | CREAT)
    t.status(WRITE, h, u64(1000), text('y' * 1000))
    ok('and gone on with', t.status(CLOSE, h) == OK and t.read('/moi/half') == b'x' * 1000 + b'y' * 1000)
    t.end()


def handles(command):
    t = Talk(command)
    got = [t.ask(OPENDIR, text('/'))[0] for _ in range(10000)]
    ok('10 000 handles: 256, then no more', got == [HANDLE] * 256 + [STATUS] * 9744)
    status, said = t.end()
    ok('and a sentence, once', status == 0 and said.count('\n') == 1)


def lies(command):
    for name, data in (('no INIT', u32(5) + b'\x10' + u32(1)), ('of no length', u32(0)), ('of two gigabytes', b'\x7f' * 9),
                       ('text', b'GET / HTTP/1.0\r\n\r\n')):
        t = Talk(command, greet=False)
        t.raw(data)
        ok('a talk that begins with a packet ' + name + ' is ended', t.end()[0] == 1)
    for name, body in (('a path', bytes([STAT]) + u32(1) + u32(0xffffffff) + b'x'),
                       ('attributes', bytes([OPEN]) + u32(1) + text('/moi/a') + u32(1) + u32(1) + b'abc'),
                       ('data', bytes([WRITE]) + u32(1) + text(b'\0' * 8) + u64(0) + u32(100000) + b'short'),
                       ('a handle', bytes([WRITE]) + u32(1) + u32(70000) + b'\0' * 100)):
        t = Talk(command)
        t.raw(u32(len(body)) + body)
        status, said = t.end()
        ok('a packet that lies about ' + name + ' ends the talk', status == 1 and 'sftp' in said)


def hidden(command):
    """What is there for others and what is nowhere get the same packets."""
    t = Talk(command)
    there, nowhere = THEME + '/dossier', THEME + '/nirgends'
    ok('the same answers', all(
        t.ask(kind, text(there + end), *rest)[2] == t.ask(kind, text(nowhere + end), *rest)[2]
        for end in ('', '/f', '/f/g', '/..')
        for kind, rest in ((STAT, ()), (LSTAT, ()), (OPENDIR, ()), (OPEN, (u32(R), u32(0))), (OPEN, (u32(W), u32(0))),
                           (OPEN, (u32(W | CREAT | TRUNC), u32(0))), (SETSTAT, (u32(1), u64(0))), (REMOVE, ()),
                           (RMDIR, ()), (MKDIR, (u32(0),)), (RENAME, (text('/x'),)))
        if not (end == '/..' and kind in (STAT, LSTAT, OPENDIR)) ))
    ok('not listed', t.ask(OPENDIR, text(THEME))[0] != HANDLE or 'dossier' not in t.names(THEME))
    t.end()


checks = {'talk': talk, 'handles': handles, 'lies': lies, 'hidden': hidden}
checks[sys.argv[1]](sys.argv[2:])
sys.exit(failed)
