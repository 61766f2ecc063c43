#ifndef TESTS_UNIT_LINEAR_H
#define TESTS_UNIT_LINEAR_H

/*
 * A terminal that types a script and keeps what it is shown, for the face of lines; and what several of its
 * units show there: a list, a discussion, a form, a letter.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/text.h"
#include "screens/ui.h"

/* ---- a terminal that types a script and keeps what it is shown ---- */

struct step {
	unsigned events;
	const char *text;
};
static const struct step no_steps[] = { { 0, NULL } };

static struct {
	struct terminal terminal;
	struct ui ui;
	struct buf shown;
	const struct step *next;
	int waits;
	const char *word; /* told from elsewhere with each nudge; NULL none */
	const char *said; /* the same by a member */
} fake;

static inline unsigned
fake_wait(struct terminal *terminal, int ms)
{
	(void)ms;
	assert_true(++fake.waits < 100000);
	if (!fake.next->events) {
		terminal->ended = true;
		return TERMINAL_END;
	}
	if (fake.next->text)
		buf_str(&terminal->input, fake.next->text);
	if ((fake.next->events & TERMINAL_NUDGE) && fake.word)
		ui_tell(&fake.ui, "%s", fake.word);
	if ((fake.next->events & TERMINAL_NUDGE) && fake.said)
		buf_str(&fake.ui.word, fake.said);
	return fake.next++->events;
}

static inline void
fake_write(struct terminal *terminal, const char *data, size_t size)
{
	(void)terminal;
	buf_add(&fake.shown, data, size);
}

static inline void
fake_echo(struct terminal *terminal, bool on)
{
	(void)terminal;
	buf_str(&fake.shown, on ? "{echo}" : "{no echo}");
}

static inline void
stop(void)
{
	if (fake.ui.face)
		ui_close(&fake.ui);
	fake.ui.face = NULL;
	buf_free(&fake.terminal.input);
	buf_free(&fake.shown);
	buf_free(&fake.ui.word);
}

/* A terminal that echoes by us and types `typed`, then the steps, then ends. */
static inline struct ui *
start_with(const char *typed, const struct step *steps)
{
	stop();
	fake.terminal = (struct terminal){ .columns = 80,
		.rows = 24,
		.echo_here = true,
		.wait = fake_wait,
		.write = fake_write,
		.echo = fake_echo };
	buf_str(&fake.terminal.input, typed);
	fake.next = steps;
	fake.waits = 0;
	fake.word = fake.said = NULL;
	buf_free(&fake.ui.word);
	fake.ui = (struct ui){ .title = "Palabre" };
	linear_open(&fake.ui, &fake.terminal);
	return &fake.ui;
}

static inline struct ui *
start(const char *typed)
{
	return start_with(typed, no_steps);
}

static inline void
assert_shown(const char *expected)
{
	assert_string_equal(buf_text(&fake.shown), expected);
}

static inline int
teardown(void **state)
{
	(void)state;
	stop();
	return 0;
}

/* ---- list ---- */

struct names {
	int count;
	const char *const *name;
};

static inline int
name_rows(
    void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	const struct names *names = ctx;
	int added = 0;
	int at = from ? (int)from->num + direction : direction > 0 ? 0 : names->count - 1;
	for (; at >= 0 && at < names->count && added < n; at += direction) {
		char text[40];
		snprintf(text, sizeof text, "%s", names->name ? names->name[at] : "");
		if (!names->name)
			snprintf(text, sizeof text, "council %d", at + 1);
		if (*filter && strncmp(text, filter, strlen(filter)) != 0)
			continue;
		struct row *row = rows_add(out, 100 + at, NULL, at);
		row_cell(row, 0, text);
		row_cell(row, 1, at % 2 ? "Nîmes" : at == 2 ? "31 h" : NULL);
		row_cell(row, 2, at % 2 ? NULL : "5");
		row->is_new = at == 1;
		row->urgent = at == 2;
		added++;
	}
	return added;
}

static inline struct list
directory(struct names *names)
{
	static const struct column columns[] = { { "Council", 10, 0, 0 }, { "For", 10, 0, 0 },
		{ "Messages", 5, 5, 1 } };
	return (struct list){ .place = "Directory › Gard",
		.right = "18 councils",
		.empty = "No council yet.",
		.columns = columns,
		.column_count = 3,
		.source = { name_rows, names },
		.acts = ACTS(ACT_NEW) | ACTS(ACT_YES) | ACTS(ACT_NO) | ACTS(ACT_QUOTE) };
}

/* ---- reader ---- */

static const struct {
	const char *body;
	int number, answers;
	bool is_new;
} messages[] = {
	{ "Since January we have no room.", 1, 0, false },
	{ "An agreement with the school,\nthree evenings a week.", 2, 1, false },
	{ "> three evenings a week\n>\n>> or more\n\nWho locks up?", 4, 2, true },
	{ "I ask on the 24th.", 3, 1, true },
};
enum { MESSAGES = sizeof messages / sizeof *messages };
static char seen[64];
static int asked;

static inline int
message_at(const struct post *from, int count)
{
	if (from->key)
		return atoi(from->key);
	for (int i = 0; i < count; i++)
		if (from->id ? from->id == 500 + i : from->number == messages[i].number)
			return i;
	return -1;
}

static inline int
message_page(void *ctx, const struct post *from, int direction, int n, struct posts *out)
{
	int count = *(int *)ctx, added = 0;
	int at = !from ? direction > 0 ? -1 : count : message_at(from, count);
	asked++;
	if (from && at < 0)
		return 0;
	for (at += direction; at >= 0 && at < count && added < n; at += direction, added++) {
		char key[12];
		snprintf(key, sizeof key, "%d", at);
		struct post *p = posts_add(out, 500 + at, key);
		p->number = messages[at].number;
		p->answers = messages[at].answers;
		p->is_new = messages[at].is_new;
		post_text(&p->who, "Chantal Roux, Trélazé");
		post_text(&p->when, "il y a 25 min");
		post_text(&p->body, messages[at].body);
		if (!direction)
			return 1;
	}
	return added;
}

static inline void
message_seen(void *ctx, int64_t id)
{
	(void)ctx;
	size_t n = strlen(seen);
	snprintf(seen + n, sizeof seen - n, "%d ", (int)id);
}

static inline struct reader
thread(int *count)
{
	*seen = '\0';
	return (struct reader){ .place = "Forum › Questions",
		.title = "A room for our meetings?",
		.lead = "Question open",
		.right = "5 messages, 2 new",
		.page = message_page,
		.seen = message_seen,
		.ctx = count,
		.acts = ACTS(ACT_REPLY) | ACTS(ACT_QUOTE) };
}

/* ---- form ---- */

static int keeps;

static inline void
form_keep(void *ctx, struct form *form)
{
	(void)ctx;
	(void)form;
	keeps++;
}

static inline const char *
at_least_two(void *ctx, struct field *field)
{
	(void)ctx;
	return field->value.len < 2 ? "Two letters at least." : NULL;
}

static inline bool
pick_council(void *ctx, struct ui *ui, struct field *field, const char *typed)
{
	(void)ctx;
	ui_say(ui, "Looking for “%s”.", typed);
	if (strncmp(typed, "piss", 4) != 0)
		return false;
	buf_cut(&field->value, 0);
	buf_str(&field->value, "14");
	buf_cut(&field->shown, 0);
	buf_str(&field->shown, "Pissevin (Nîmes)");
	return true;
}

static const char *const levels[] = { "my council", "members", "public", NULL };

static inline struct form
sign_up(struct field field[5])
{
	keeps = 0;
	memset(field, 0, 5 * sizeof *field);
	field[0] = (struct field){ .kind = FIELD_TEXT,
		.label = "Name",
		.rule = "2 letters",
		.max = 60,
		.check = at_least_two };
	field[1] = (struct field){
		.kind = FIELD_SECRET, .label = "Password", .max = 60, .check = at_least_two
	};
	field[2] =
	    (struct field){ .kind = FIELD_CHOICE, .label = "Who sees it", .options = levels };
	field[3] = (struct field){ .kind = FIELD_YES_NO, .label = "Letters by mail?" };
	field[4] = (struct field){ .kind = FIELD_PICK,
		.label = "Council",
		.max = 60,
		.check = at_least_two,
		.pick = pick_council };
	buf_str(&field[2].value, "1");
	return (struct form){ .place = "Sign up",
		.lead = "All fields are needed.",
		.fields = field,
		.field_count = 5,
		.keep = form_keep };
}

/* ---- edit ---- */

static struct buf draft;

static inline bool
edit_keep(void *ctx, const char *text)
{
	(void)ctx;
	buf_cut(&draft, 0);
	buf_str(&draft, text);
	return true;
}

static inline struct edit
letter(void)
{
	return (struct edit){
		.place = "Reply", .lead = "14 people will see this.", .max = 4000, .keep = edit_keep
	};
}

#endif
