/* Listening sockets, from a setting. Accepts nothing. */
#include "bbs/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bbs/base/log.h"
#include "bbs/conf.h"

static bool
is_loopback(const char *host)
{
	return !strcmp(host, "::1") || (!strncmp(host, "127.", 4) && !host[strspn(host, "0123456789.")]);
}

/*
 * What Linux hands on to every accepted socket. A dead line is found by probes where it is idle, by
 * the kernel's retransmissions (a quarter of an hour) where bytes are under way. Not by
 * TCP_USER_TIMEOUT: that also cuts a client which lives but has stopped reading (tried: 3 s after its
 * window closed for a timeout of 3 s).
 */
static void
prepare_calls(int fd)
{
	static const struct {
		int level, name, value;
	} wants[] = {
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, 60 },
		{ IPPROTO_TCP, TCP_KEEPINTVL, 20 },
		{ IPPROTO_TCP, TCP_KEEPCNT, 6 },
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
	};
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++)
		if (setsockopt(fd, wants[i].level, wants[i].name, &wants[i].value, sizeof(int)))
			log_line(LOG_DETAIL, "socket option %d: %s", wants[i].name, strerror(errno));
}

static int
open_socket(const struct addrinfo *a)
{
	int yes = 1, no = 0;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	prepare_calls(fd);
	if (a->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
	if (!bind(fd, a->ai_addr, a->ai_addrlen) && !listen(fd, SOMAXCONN))
		return fd;
	int why = errno;
	close(fd);
	errno = why;
	return -1;
}

static int
open_host(const char *host, int port)
{
	char number[12];
	struct addrinfo *found, want = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
	snprintf(number, sizeof number, "%d", port);
	int trouble = getaddrinfo(host, number, &want, &found);
	if (trouble) {
		errno = trouble == EAI_SYSTEM ? errno : EADDRNOTAVAIL;
		return -1;
	}
	int fd = open_socket(found), why = errno;
	freeaddrinfo(found);
	errno = why;
	return fd;
}

static int
port_of(int fd)
{
	struct sockaddr_storage at = { 0 };
	socklen_t size = sizeof at;
	char port[8] = "";
	getsockname(fd, (struct sockaddr *)&at, &size);
	getnameinfo((struct sockaddr *)&at, size, NULL, 0, port, sizeof port, NI_NUMERICSERV);
	return (int)strtol(port, NULL, 10);
}

int
listen_on(const char *setting, bool loopback, int *port, char *where, size_t size)
{
	char host[256];
	conf_address(setting, host, port);
	if (*port < 0)
		return -1;
	if (!strcmp(host, "localhost") || (loopback && !is_loopback(host)))
		snprintf(host, sizeof host, "127.0.0.1");
	int fd = open_host(*host ? host : "::", *port);
	if (fd < 0 && !*host && errno == EAFNOSUPPORT)
		fd = open_host("0.0.0.0", *port);
	int why = errno;
	if (fd >= 0)
		*port = port_of(fd);
	snprintf(where, size, strchr(host, ':') ? "[%s]:%d" : "%s:%d", *host ? host : "*", *port);
	errno = why;
	return fd;
}
