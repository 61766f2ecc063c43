/*
 * Counts of wrong passwords in shared memory: a table of words, each changed by one atomic step, since a
 * session may be killed at any moment. Names are hashed with a key of this serve, so that nobody can aim
 * at another's place in the table.
 */
#include "bbs/pace.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "bbs/base/text.h"
#include "db/db.h"
#include "db/member.h"

enum {
	SLOTS = 1 << 15,
	WAYS = 8,           /* places that one name may have */
	FREE_NAME = 3,      /* wrong ones without a wait */
	FREE_SOURCE = 10,   /* a house of many people, with one address */
	FIRST_WAIT = 1000,  /* ms, then twice as long each time */
	FORGET = 15 * 60,   /* seconds */
	COUNT_MAX = 255,
	KEY = 16,
};

/* A word: 24 bits of the hash, 8 of the count, 32 of the second of the last try. */
struct pace {
	unsigned char key[KEY];
	_Atomic uint64_t slots[SLOTS];
};

struct pace *
pace_new(void)
{
	struct pace *pace = mmap(NULL, sizeof *pace, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (pace == MAP_FAILED || getrandom(pace->key, KEY, 0) != KEY)
		die("shared memory: %s", strerror(errno));
	return pace;
}

void
pace_leave(struct pace *pace)
{
	if (pace)
		munmap(pace, sizeof *pace);
}

static uint64_t
hash_of(const struct pace *pace, char kind, const char *text)
{
	struct buf whole = { 0 };
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned size = sizeof hash;
	uint64_t out;
	buf_add(&whole, (const char *)pace->key, KEY);
	buf_char(&whole, kind);
	if (kind == 'n')
		text_fold(&whole, text);
	else
		buf_str(&whole, text);
	if (!EVP_Digest(whole.data, whole.len, hash, &size, EVP_sha256(), NULL))
		die("no SHA-256");
	memcpy(&out, hash, sizeof out);
	buf_free(&whole);
	return out;
}

static unsigned
count_of(uint64_t word)
{
	return (unsigned)(word >> 32) & 0xff;
}

static bool
is_old(uint64_t word, uint32_t now)
{
	return now - (uint32_t)word >= FORGET;
}

/* The place of that hash: its own, else an empty or forgotten one, else that of the fewest tries. */
static _Atomic uint64_t *
place_of(struct pace *pace, uint64_t hash, uint32_t now)
{
	_Atomic uint64_t *first = &pace->slots[hash % SLOTS / WAYS * WAYS], *best = first;
	unsigned least = COUNT_MAX + 1;
	for (int i = 0; i < WAYS; i++) {
		uint64_t word = atomic_load(&first[i]);
		if (word && word >> 40 == hash >> 40 && !is_old(word, now))
			return &first[i];
		unsigned count = !word || is_old(word, now) ? 0 : count_of(word);
		if (count < least) {
			least = count;
			best = &first[i];
		}
	}
	return best;
}

/* Counts `by` more; how many there were. */
static int
change(struct pace *pace, uint64_t hash, int by)
{
	uint32_t now = (uint32_t)(clock_ticks() / 1000) + FORGET;
	_Atomic uint64_t *place = place_of(pace, hash, now);
	uint64_t word = atomic_load(place), wanted;
	int before;
	do {
		before = word >> 40 == hash >> 40 && !is_old(word, now) ? (int)count_of(word) : 0;
		int count = before + by < 0 ? 0 : before + by > COUNT_MAX ? COUNT_MAX : before + by;
		wanted = hash >> 40 << 40 | (uint64_t)count << 32 | now;
	} while (!atomic_compare_exchange_weak(place, &word, wanted));
	return before;
}

static int
wait_after(int wrong, int allowed, int longest)
{
	int over = wrong - allowed;
	if (over < 0)
		return 0;
	int wait = over < 10 ? FIRST_WAIT << over : longest;
	return wait < longest ? wait : longest;
}

int
pace_try(struct pace *pace, const char *name, const char *source, int longest)
{
	struct buf from = { 0 };
	if (!pace || !longest)
		return 0;
	ban_source(source, &from);
	int by_name = wait_after(change(pace, hash_of(pace, 'n', name), 1), FREE_NAME, longest);
	int by_source = 0;
	if (from.len)
		by_source = wait_after(change(pace, hash_of(pace, 's', from.data), 1), FREE_SOURCE, longest);
	buf_free(&from);
	return by_name > by_source ? by_name : by_source;
}

void
pace_right(struct pace *pace, const char *name, const char *source)
{
	struct buf from = { 0 };
	if (!pace)
		return;
	ban_source(source, &from);
	change(pace, hash_of(pace, 'n', name), -COUNT_MAX);
	if (from.len)
		change(pace, hash_of(pace, 's', from.data), -1);
	buf_free(&from);
}
