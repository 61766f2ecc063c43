/*
 * How much one may do within an hour: messages and their words by account, new accounts less, and short
 * words to others as many beside them; accounts asked for, from one address and in all. What is counted
 * stands in the store, so that a new line is no way around; each count reads no more rows than it allows.
 */
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/member.h"
#include "db/people.h"
#include "db/sqlite.h"

enum { HOUR = 3600, DAY = 24 * HOUR, POSTS_LOOKED_AT = 1000 };

SQL_READ(whose_limits, "SELECT role, coalesce(decided, 0) FROM member WHERE id = :id AND id > 1");
SQL_LIST(own_posts, "SELECT i.created, t.body FROM item_v i JOIN text_v t ON t.item = i.id"
    " WHERE i.author = :author AND i.kind = 'message' ORDER BY i.id DESC LIMIT :n");
SQL_LIST(own_words, "SELECT created, body FROM word_sent_v WHERE sender = :author"
    " ORDER BY id DESC LIMIT :n");
SQL_READ(nth_signing, "SELECT created FROM signing ORDER BY id DESC LIMIT 1 OFFSET :skip");
SQL_READ(nth_signing_from, "SELECT created FROM signing WHERE source = :source"
    " ORDER BY id DESC LIMIT 1 OFFSET :skip");
SQL_WRITE(add_signing, "INSERT INTO signing (source, created) VALUES (:source, :now)");

void
db_set_limits(struct db *db, const struct limits *limits, const char *source)
{
	struct buf written = { 0 };
	ban_source(source, &written);
	db->limits = *limits;
	snprintf(db->source, sizeof db->source, "%s", buf_text(&written));
	buf_free(&written);
}

/* Not now, but then; of several refusals the one that ends last counts. */
static int
refuse(struct db *db, enum refusal what, int limit, int64_t again)
{
	if (!db->refused || again > db->again) {
		db->refused = what;
		db->refused_at = limit;
		db->again = again;
	}
	return E_LIMIT;
}

bool
limit_says(struct db *db, struct buf *out)
{
	struct buf when = { 0 };
	int n = db->refused_at;
	if (!db->refused)
		return false;
	clock_phrase(&when, db->again, clock_now(), NULL);
	const char *from = buf_text(&when);
	switch (db->refused) {
	case REFUSED_POSTS:
		buf_fmt(out, _("One can send %d messages within an hour here: the next can go from %s on."), n, from);
		break;
	case REFUSED_WORDS:
		buf_fmt(out, _("One can send %d words within an hour here: this text can go from %s on."), n, from);
		break;
	case REFUSED_NEW_POSTS:
		buf_fmt(out, _("A new account can send %d messages within an hour: the next can go from %s on."),
		    n, from);
		break;
	case REFUSED_NEW_WORDS:
		buf_fmt(out, _("A new account can send %d words within an hour: this text can go from %s on."),
		    n, from);
		break;
	default:
		buf_fmt(out, _("No more than %d accounts can be asked for within an hour: please come back from "
			       "%s on."), n, from);
	}
	buf_free(&when);
	db->refused = REFUSED_NOTHING;
	return true;
}

static int
words_in(const char *text)
{
	int count = 0;
	bool inside = false;
	for (; *text; text++) {
		bool blank = *text == ' ' || *text == '\n';
		count += !blank && !inside;
		inside = !blank;
	}
	return count;
}

/* What this account may send within an hour; false: as much as it likes. */
static bool
limits_of(struct db *db, member_id member, int *posts, int *words, bool *is_new)
{
	struct query *q = db_query(db, whose_limits, I("id", member.n));
	if (!db_next(q))
		return false;
	bool free = !strcmp(db_text(q, 0), role_name(ROLE_SYSOP));
	/* Whom the sysop added is vouched for. */
	*is_new = db_int(q, 1) > clock_now() - (int64_t)db->limits.new_days * DAY;
	*posts = *is_new ? db->limits.posts_new : db->limits.posts;
	*words = *is_new ? db->limits.words_new : db->limits.words;
	db_end(q);
	return !free && (*posts || *words);
}

/* May this text follow those that the viewer has sent, the newest first? */
static int
limit_sent(struct db *db, const struct statement *sent, const char *body)
{
	int posts, words, count = 0, r = E_OK, wanted = words_in(body), said = 0;
	bool is_new;
	int64_t since = clock_now() - HOUR;
	member_id me = db_viewer(db);
	if (!limits_of(db, me, &posts, &words, &is_new))
		return E_OK;
	struct query *q = db_query_args(db, sent,
	    ARGS_(I("author", me.n), I("n", posts ? posts : POSTS_LOOKED_AT)));
	while (db_next(q)) {
		int64_t created = db_int(q, 0);
		if (created <= since) {
			db_end(q);
			break;
		}
		said += words ? words_in(db_text(q, 1)) : 0;
		/* The newest of those that leave no room: once it is an hour old, there is. */
		bool no_room = words && said + wanted > words;
		if (no_room)
			r = refuse(db, is_new ? REFUSED_NEW_WORDS : REFUSED_WORDS, words, created + HOUR);
		if (++count == posts)
			r = refuse(db, is_new ? REFUSED_NEW_POSTS : REFUSED_POSTS, posts, created + HOUR);
		if (no_room || count == posts) {
			db_end(q);
			break;
		}
	}
	return r;
}

int
limit_post(struct db *db, const char *body)
{
	return limit_sent(db, &own_posts, body);
}

int
limit_word(struct db *db, const char *body)
{
	return limit_sent(db, &own_words, body);
}

int
limit_sign_up(struct db *db)
{
	int64_t since = clock_now() - HOUR, nth;
	int all = db->limits.sign_ups, here = *db->source ? db->limits.sign_ups_source : 0, r = E_OK;
	if (all && (nth = db_one(db, nth_signing, 0, I("skip", all - 1))) > since)
		r = refuse(db, REFUSED_SIGN_UPS, all, nth + HOUR);
	if (here && (nth = db_one(db, nth_signing_from, 0, T("source", db->source), I("skip", here - 1))) > since)
		r = refuse(db, REFUSED_SIGN_UPS, here, nth + HOUR);
	return r;
}

void
limit_signed_up(struct db *db)
{
	int r = limit_sign_up(db);
	if (r)
		db_fail(db, r);
	db_run(db, add_signing, T("source", db->source), I("now", clock_now()));
}
