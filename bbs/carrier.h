#ifndef BBS_CARRIER_H
#define BBS_CARRIER_H

/*
 * A carrier knows one wire, a charset, and nothing else: it speaks the messages of message.h with
 * its session over `session`. Each function below runs in a process of its own, fences itself before
 * it reads the first byte of the stranger, and returns when the line or the session has ended.
 */

/* The exit status of a carrier's process, from which serve counts per source. */
enum carrier_end {
	CARRIER_WELL = 0,    /* a session was started */
	CARRIER_NOBODY = 3,  /* the caller left, or never came so far as to log in */
	CARRIER_REFUSED = 4, /* tries were used up */
};

/* What a carrier is told at its start. */
struct carrier {
	int wire;           /* the connected socket; for the tty carrier -1 */
	int session;        /* our end of the SEQPACKET pair */
	const char *source; /* numeric address of the caller, for the log */
	int tries;          /* failed log-ins before the line is closed; 0: no limit */
	int delay;          /* milliseconds to wait after a failed log-in */
};

/*
 * ssh, by libssh. ssh_load() is called once, in serve, before the first fork: it makes the host keys
 * in `folder` where they are missing (ssh_host_ed25519_key, ssh_host_rsa_key 3072, mode 0600), loads
 * them, and makes one whole handshake with itself, so that the children find everything warm. 0 or -1
 * with the reason in the log.
 */
int
ssh_load(const char *folder);
enum carrier_end
ssh_carrier(const struct carrier *c);

/* "SHA256:…" fingerprints of the host keys in `folder`, one a line with their type, to be printed; 0 or -1. */
struct buf;
int
ssh_fingerprints(const char *folder, struct buf *out);

/* telnet, by libtelnet; a client that negotiates nothing is served too. */
enum carrier_end
telnet_carrier(const struct carrier *c);

/* The terminal on this process's standard input and output, put into raw mode and back. */
enum carrier_end
tty_carrier(const struct carrier *c);

#endif
