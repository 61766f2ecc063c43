#ifndef BBS_LISTEN_H
#define BBS_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Listens at "host:port" as bbs.conf has it (conf_address()); with `loopback` on 127.0.0.1 where the
 * setting says any more than this machine. A name counts with its first address. The listening socket,
 * non-blocking; *port is what it got, `where` its words for people ("*:2222"). -1: with *port -1 the
 * setting is "none", else errno says why not, and `where` where it was tried.
 */
int
listen_on(const char *setting, bool loopback, int *port, char *where, size_t size);

#endif
