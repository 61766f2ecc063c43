/* Messages to members, in the language of whoever gets them. What sends them is another part's affair. */
#include <stdarg.h>

#include "bbs/base/i18n.h"
#include "db/people.h"

SQL_READ(language_of, "SELECT language FROM member WHERE id = :id AND id > 1");

void
mail_to(struct db *db, member_id to, const char *kind, const char *subject, const char *body, ...)
{
	struct buf text = { 0 };
	enum language before = i18n_get();
	struct query *q = db_query(db, language_of, I("id", to.n));
	while (db_next(q)) {
		int language = i18n_parse(db_text(q, 0));
		i18n_set(language < 0 ? before : (enum language)language);
	}
	va_list args;
	va_start(args, body);
	buf_vfmt(&text, _(body), args);
	va_end(args);
	db_outbox(db, to, kind, _(subject), buf_text(&text));
	i18n_set(before);
	buf_free(&text);
}
