#ifndef BBS_SFTP_PACKET_H
#define BBS_SFTP_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "bbs/base/mem.h"

/*
 * Packets of SFTP version 3 (draft-ietf-secsh-filexfer-02), read and written: bytes alone. What they ask for is
 * sftp.c's.
 */

/* The draft's numbers. */
enum packet_kind {
	FXP_INIT = 1,
	FXP_VERSION,
	FXP_OPEN,
	FXP_CLOSE,
	FXP_READ,
	FXP_WRITE,
	FXP_LSTAT,
	FXP_FSTAT,
	FXP_SETSTAT,
	FXP_FSETSTAT,
	FXP_OPENDIR,
	FXP_READDIR,
	FXP_REMOVE,
	FXP_MKDIR,
	FXP_RMDIR,
	FXP_REALPATH,
	FXP_STAT,
	FXP_RENAME,
	FXP_STATUS = 101,
	FXP_HANDLE,
	FXP_DATA,
	FXP_NAME,
	FXP_ATTRS,
	FXP_EXTENDED = 200,
	FXP_EXTENDED_REPLY,
};

enum packet_status { FX_OK, FX_EOF, FX_NO_SUCH_FILE, FX_PERMISSION_DENIED, FX_FAILURE, FX_OP_UNSUPPORTED = 8 };

enum { /* what a file is opened for */
	FXF_READ = 1,
	FXF_WRITE = 2,
	FXF_APPEND = 4,
	FXF_CREAT = 8,
	FXF_TRUNC = 16,
	FXF_EXCL = 32,
};

/* What is left of a packet. One that says it holds more than it does is a lie; what is read then is nothing. */
struct packet_reader {
	const unsigned char *at, *end;
	bool lie;
};
struct packet_text {
	const char *data;
	size_t size;
};

uint64_t
packet_take_number(struct packet_reader *r, size_t bytes);
uint32_t
packet_take_u32(struct packet_reader *r);
struct packet_text
packet_take_text(struct packet_reader *r);
/* Attributes that a client sends: the size is all that is heard; -1 where there is none. */
int64_t
packet_take_size(struct packet_reader *r);
/* … of a folder that is to be made: its mode, for who wants to know what asks; -1 where there is none. */
int
packet_take_mode(struct packet_reader *r);

void
packet_put_number(struct buf *b, uint64_t n, size_t bytes);
void
packet_put_u32(struct buf *b, uint32_t n);
void
packet_put_text(struct buf *b, const char *data, size_t size);
/* A number that is known only when what is behind it is written. */
void
packet_put_later(struct buf *b, size_t at, uint32_t n);

/* Begins a packet; where it begins, for packet_put_end(). A count or a length stands behind its head. */
enum { PACKET_HEAD = 4 + 1 + 4 };
size_t
packet_put_begin(struct buf *b, enum packet_kind packet, uint32_t id);
void
packet_put_end(struct buf *b, size_t at);

void
packet_put_attributes(struct buf *b, int mode, int64_t size, int64_t changed);
/* A name of a folder's list, with the line of ls -l that clients show as it is; author "": the board's. */
void
packet_put_name(struct buf *b, const char *name, const char *author, int mode, int64_t size, int64_t changed);

/* Whole packets. */
void
packet_put_status(struct buf *b, uint32_t id, enum packet_status status, const char *words);
void
packet_put_numbers(struct buf *b, uint32_t id, const uint64_t *numbers, size_t count);

#endif
