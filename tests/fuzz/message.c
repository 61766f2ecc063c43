/* Fuzzes what a carrier says to its session, and a session to its carrier: the first byte says which. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bbs/message.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct message m;
	int pair[2];
	if (size < 2 || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		return 0;
	enum message_side side = data[0] & 1 ? SIDE_CARRIER : SIDE_SESSION;
	enum message_state state = data[0] & 2 ? STATE_AUTH : STATE_RUNNING;
	if (send(pair[0], data + 1, size - 1, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)(size - 1) &&
	    message_receive(pair[1], &m, side, state, false) == 1) {
		if (!message_allowed((enum message_kind)m.kind, side, state) || m.size > MESSAGE_DATA)
			abort();
		for (int i = -1; i <= MESSAGE_STRINGS; i++) {
			const char *s = i < 0 ? "" : message_string(&m, i);
			if (*s && (s < m.data || s + strlen(s) >= m.data + sizeof m.data))
				abort();
		}
	}
	close(pair[0]);
	close(pair[1]);
	return 0;
}
