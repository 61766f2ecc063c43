/* Descriptors passed through a door. Knows nothing of what they are for. */
#include "bbs/pass.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"

enum { DOOR_WAIT = 1000 }; /* ms for room in the door */

union control {
	struct cmsghdr head;
	char space[CMSG_SPACE(PASS_MAX * sizeof(int))];
};

bool
pass_send(int door, const void *data, size_t size, const int *fds, int n)
{
	if (n > PASS_MAX)
		die("%d descriptors passed at once", n);
	size_t bytes = (size_t)n * sizeof *fds;
	union control control = { .head = { .cmsg_len = CMSG_LEN(bytes), .cmsg_level = SOL_SOCKET,
			  .cmsg_type = SCM_RIGHTS } };
	struct iovec part = { (void *)data, size };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = CMSG_SPACE(bytes) };
	memcpy(CMSG_DATA(&control.head), fds, bytes);
	int64_t until = clock_ticks() + DOOR_WAIT;
	ssize_t sent;
	while ((sent = sendmsg(door, &packet, MSG_DONTWAIT | MSG_NOSIGNAL)) < 0 &&
	    (errno == EAGAIN || errno == EINTR)) {
		struct pollfd p = { door, POLLOUT, 0 };
		int64_t left = until - clock_ticks();
		if (left <= 0)
			break;
		poll(&p, 1, (int)left);
	}
	return sent >= 0;
}

ssize_t
pass_receive(int door, void *data, size_t size, int fds[PASS_MAX])
{
	union control control;
	struct iovec part = { data, size };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof control };
	int taken = 0;
	for (int i = 0; i < PASS_MAX; i++)
		fds[i] = -1;
	ssize_t n = recvmsg(door, &packet, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n <= 0)
		return n;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&packet); c; c = CMSG_NXTHDR(&packet, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
			if (taken < PASS_MAX)
				fds[taken++] = fd;
			else
				close(fd);
		}
	}
	return n;
}
