/* Where callers come from, counted; serve asks here before it forks. */
#include "bbs/source.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static void
read_prefix(unsigned char prefix[16], const struct sockaddr *address)
{
	memset(prefix, 0, 16);
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)address;
		memcpy(prefix, mapped, sizeof mapped);
		memcpy(prefix + 12, &in->sin_addr, 4);
	} else {
		const struct sockaddr_in6 *in6 = (const void *)address;
		bool is_ipv4 = !memcmp(&in6->sin6_addr, mapped, sizeof mapped);
		memcpy(prefix, &in6->sin6_addr, is_ipv4 ? 16 : 8);
	}
}

/* 127.0.0.0/8, or the /64 of ::1. */
static bool
is_loopback(const struct source *s)
{
	static const unsigned char nothing[16];
	return !memcmp(s->prefix, nothing, sizeof nothing) ||
	    (!memcmp(s->prefix, mapped, sizeof mapped) && s->prefix[12] == 127);
}

/* Nobody is there, and nothing is held against it any more. */
static bool
forgotten(const struct source *s, int64_t now)
{
	if (s->callers || now < s->until)
		return false;
	return now - s->last >= (s->bans ? SOURCE_BAN_MAX : s->failed ? SOURCE_FORGET : 0);
}

struct source *
source_of(struct sources *all, const struct sockaddr *address, int64_t now)
{
	unsigned char prefix[16];
	struct source **place = &all->first, *s;
	read_prefix(prefix, address);
	while ((s = *place)) {
		if (!memcmp(s->prefix, prefix, sizeof prefix))
			return s;
		if (forgotten(s, now)) {
			*place = s->next;
			free(s);
		} else {
			place = &s->next;
		}
	}
	s = mem_alloc(sizeof *s);
	memcpy(s->prefix, prefix, sizeof prefix);
	*place = s;
	return s;
}

static bool
lies_in(const unsigned char prefix[16], const struct ban_network *n)
{
	int whole = n->bits / 8, rest = n->bits % 8;
	return !memcmp(prefix, n->address, (size_t)whole) &&
	    (!rest || !((prefix[whole] ^ n->address[whole]) & (0xff00 >> rest) & 0xff));
}

int64_t
source_shut(const struct sources *all, const struct source *s)
{
	int64_t now = clock_now();
	for (int i = 0; i < all->shut_count; i++)
		if (all->shut[i].until > now && lies_in(s->prefix, &all->shut[i]))
			return all->shut[i].until;
	return 0;
}

enum source_answer
source_ask(const struct sources *all, const struct source *s, const struct conf *conf, int64_t now)
{
	if (source_shut(all, s))
		return SOURCE_SHUT;
	if (now < s->until)
		return SOURCE_BANNED;
	if (conf->per_source && s->callers >= conf->per_source)
		return SOURCE_MANY;
	if (conf->per_source_waiting && s->waiting >= conf->per_source_waiting)
		return SOURCE_MANY_WAITING;
	if (conf->waiting && all->waiting >= conf->waiting)
		return SOURCE_FULL;
	return SOURCE_WELCOME;
}

void
source_come(struct sources *all, struct source *s)
{
	s->callers++;
	s->waiting++;
	all->waiting++;
}

void
source_in(struct sources *all, struct source *s)
{
	s->waiting--;
	all->waiting--;
}

void
source_gone(struct source *s)
{
	s->callers--;
}

bool
source_failed(struct source *s, int n, const struct conf *conf, int64_t now)
{
	if (now - s->last >= SOURCE_FORGET)
		s->failed = 0;
	if (now - s->last >= SOURCE_BAN_MAX)
		s->bans = 0;
	s->failed += n;
	s->last = now;
	if (!conf->ban || s->failed < SOURCE_BAN_AT || is_loopback(s))
		return false;
	int64_t ban = (int64_t)conf->ban * 60 * 1000 << (s->bans < 16 ? s->bans : 16);
	s->until = now + (ban < SOURCE_BAN_MAX ? ban : SOURCE_BAN_MAX);
	s->bans++;
	s->failed = 0;
	return true;
}
