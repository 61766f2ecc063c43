"""Wrong passwords over ssh, for a name that exists and one that does not, a thousand each and
interleaved, on two lines at once: do time or packets tell which is which?
timing.py PORT KNOWN UNKNOWN TRIES
Prints what was measured; exit 1 when the two differ."""
import multiprocessing
import socket
import statistics
import sys
import time

import paramiko

PORT, KNOWN, UNKNOWN, TRIES = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
PER_LINE = 100  # tries of each name on one connection
LINES = 2  # at once: a hash keeps one processor busy


class Line:
    """A socket that notes how many bytes come, and when the last of them."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sizes, self.last, self.sent = [], 0, 0

    def recv(self, n):
        data = self.socket.recv(n)
        self.last = time.perf_counter_ns()
        self.sizes.append(len(data))
        return data

    def send(self, data):
        self.sent = time.perf_counter_ns()
        return self.socket.send(data)

    def __getattr__(self, name):
        return getattr(self.socket, name)


def attempt(transport, line, name):
    line.sizes = []
    try:
        transport.auth_password(name, "ni l'un ni l'autre", fallback=False)
    except paramiko.AuthenticationException:
        # What is read in how many parts is the network's doing, how much is not.
        return line.last - line.sent, sum(line.sizes)
    sys.exit(f"{name} was let in")


def connect():
    line = Line(PORT)
    transport = paramiko.Transport(line)
    transport.start_client(timeout=20)
    # The service request and its answer belong to no try.
    attempt(transport, line, UNKNOWN)
    return transport, line


def measure(tries):
    """Of so many tries of each name: the times, the sizes."""
    times = {KNOWN: [], UNKNOWN: []}
    sizes = {KNOWN: set(), UNKNOWN: set()}
    for i in range(tries):
        if i % PER_LINE == 0:
            if i:
                transport.close()
            transport, line = connect()
        # Whoever goes first may find the processor warmer: they take turns.
        for name in (KNOWN, UNKNOWN) if i % 2 else (UNKNOWN, KNOWN):
            took, size = attempt(transport, line, name)
            times[name].append(took)
            sizes[name].add(size)
    transport.close()
    return times, sizes


with multiprocessing.Pool(LINES) as pool:
    measured = pool.map(measure, [TRIES // LINES] * LINES)
times = {name: [ns for times, _ in measured for ns in times[name]] for name in (KNOWN, UNKNOWN)}
sizes = {name: set.union(*(sizes[name] for _, sizes in measured)) for name in (KNOWN, UNKNOWN)}

medians = {name: statistics.median(times[name]) / 1e6 for name in times}
difference = abs(medians[KNOWN] - medians[UNKNOWN]) / min(medians.values())
print(f"# tries: {len(times[KNOWN])} and {len(times[UNKNOWN])}")
print("# medians:", *(f"{name} {ms:.3f} ms" for name, ms in medians.items()), f"({100 * difference:.1f} %)")
print("# bytes:", *(f"{name} {sorted(size)}" for name, size in sizes.items()))
sys.exit(sizes[KNOWN] != sizes[UNKNOWN] or len(sizes[KNOWN]) != 1 or difference > 0.05)
