#ifndef BBS_SFTP_H
#define BBS_SFTP_H

#include "bbs/base/mem.h"
#include "db/file.h"

/*
 * The server's side of SFTP version 3 (draft-ietf-secsh-filexfer-02, with what OpenSSH's PROTOCOL adds) over
 * the file areas: bytes in, bytes out. It knows no wire and waits for nothing. Whose rights hold is the
 * handle's viewer; every packet asks anew.
 */
enum {
	SFTP_PACKET_MAX = 256 * 1024,  /* bytes of a packet, and a little more is taken */
	SFTP_DATA_MAX = 252 * 1024,    /* bytes that one read gives, as with OpenSSH: all but four pieces of the store */
	SFTP_OUT_MAX = 256 * 1024,     /* of answers that wait: then nothing more is taken */
	SFTP_HANDLES = 256,
	SFTP_WRITERS = 32,             /* of them: each keeps a quarter of a megabyte */
};

struct sftp;

/* A talk that begins. Whoever made it frees it by sftp_end(). */
struct sftp *
sftp_new(struct db *db);

/*
 * Takes of n bytes that came what can be answered now, and adds the answers to `out`, as long as that holds
 * less than SFTP_OUT_MAX. How many were taken: the rest is to be shown again, with what comes behind it. -1:
 * this is no sftp (the log says why), and the talk is over.
 *
 * Many clients show a number where an answer has a sentence: that is added to `words` too, a line each, for
 * standard error.
 */
long
sftp_take(struct sftp *s, const char *in, size_t n, struct buf *out, struct buf *words);

/* The talk is over, by whatever end: what was being sent stays, to be gone on with. Frees. */
void
sftp_end(struct sftp *s);

#endif
