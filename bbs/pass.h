#ifndef BBS_PASS_H
#define BBS_PASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Descriptors passed through a door: a SEQPACKET socketpair whose ends serve keeps, so that a fenced process can
 * reach a helper without connect(). unix(7), SCM_RIGHTS.
 */
enum { PASS_MAX = 2 }; /* descriptors in one message */

/* Sends the bytes with n descriptors, which stay open here; while the door is full it waits, at most a second. */
bool
pass_send(int door, const void *data, size_t size, const int *fds, int n);

/*
 * Takes one message, without waiting: the size of its bytes, at most `size` of them; 0 the door is shut, -1 there
 * is none. fds[] are the descriptors that came, close-on-exec, -1 where none did; any more are closed.
 */
ssize_t
pass_receive(int door, void *data, size_t size, int fds[PASS_MAX]);

#endif
