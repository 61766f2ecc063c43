/*
 * Settings that are changed while the board runs: one table says what there is, how far it may go and what it
 * is without being set. What bbs.conf sets stands there. Read where it is used, so that a change holds at once.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/base/text.h"
#include "db/engine.h"
#include "db/machine.h"

const struct setting settings[] = {
	{ "approvals_needed", SETTING_NUMBER, 1, 20, 2, N_("Yes needed"),
	    N_("How many members of a council must say yes to a candidate.") },
	{ "young_days", SETTING_NUMBER, 0, 365, 30, N_("Days as a newcomer"),
	    N_("Members of less than so many days count as one together, when they say yes to a candidate.") },
	{ "urgent_hours", SETTING_NUMBER, 1, 1000, 36, N_("Hours until urgent"),
	    N_("After so many hours a candidate without an answer is shown as urgent.") },
	{ "late_hours", SETTING_NUMBER, 1, 1000, 48, N_("Hours until late"),
	    N_("After so many hours a candidate without an answer is shown as late.") },
	{ "invitation_days", SETTING_NUMBER, 1, 365, 14, N_("Days of an invitation"),
	    N_("For so many days the code of an invitation opens the door.") },
};
const int settings_count = sizeof settings / sizeof *settings;

const struct setting *
setting_find(const char *name)
{
	for (int i = 0; i < settings_count; i++)
		if (!strcmp(settings[i].name, name))
			return &settings[i];
	return NULL;
}

/* A whole number, and nothing behind it but blanks. */
static bool
parse_number(const char *typed, int64_t *number)
{
	char *end;
	*number = strtoll(typed, &end, 10);
	return end > typed && !end[strspn(end, " ")];
}

/* "yes" in both languages, as a person writes it, and 1. */
static bool
parse_yes(const char *typed, int64_t *number)
{
	static const char *const words[] = { "no", "yes", "non", "oui", "n", "o", "0", "1" };
	struct buf folded = { 0 };
	bool known = false;
	text_fold(&folded, typed);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(buf_text(&folded), words[i])) {
			*number = i % 2;
			known = true;
		}
	buf_free(&folded);
	return known;
}

int64_t
setting_number(struct db *db, const char *name)
{
	struct buf value = { 0 };
	int64_t number;
	const struct setting *s = setting_find(name);
	if (!s)
		die("there is no setting %s", name);
	db_setting(db, name, &value);
	/* What an older program let through is brought into bounds. */
	if (!parse_number(buf_text(&value), &number))
		number = s->otherwise;
	buf_free(&value);
	return number < s->min ? s->min : number > s->max ? s->max : number;
}

int
setting_set(struct db *db, const char *name, const char *typed)
{
	char value[24];
	int64_t number;
	const struct setting *s = setting_find(name);
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	if (!s)
		return E_NOT_FOUND;
	if (!(s->kind == SETTING_YES ? parse_yes(typed, &number) : parse_number(typed, &number)) ||
	    number < s->min || number > s->max)
		return E_INVALID;
	snprintf(value, sizeof value, "%" PRId64, number);
	return db_set_setting(db, name, value);
}
