/* Messages to members, in the language of whoever gets them. What sends them is another part's affair. */
#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/people.h"

SQL_READ(language_of, "SELECT language FROM member WHERE id = :id AND id > 1");
SQL_WRITE(add_mail, "INSERT INTO outbox (created, member, address, kind, subject, body)"
    " VALUES (:now, :to, :address, :kind, :subject, :body)");

void
people_mail(struct db *db, member_id to, const char *address, const char *kind, const char *subject,
    const char *body, va_list args)
{
	struct buf text = { 0 };
	enum language before = i18n_get();
	struct query *q = db_query(db, language_of, I("id", to.n));
	while (db_next(q)) {
		int language = i18n_parse(db_text(q, 0));
		i18n_set(language < 0 ? before : (enum language)language);
	}
	buf_vfmt(&text, _(body), args);
	if (address)
		db_run(db, add_mail, I("now", clock_now()), I("to", to.n), T("address", address),
		    T("kind", kind), T("subject", _(subject)), T("body", buf_text(&text)));
	else
		db_outbox(db, to, kind, _(subject), buf_text(&text));
	i18n_set(before);
	buf_free(&text);
}

void
mail_to(struct db *db, member_id to, const char *kind, const char *subject, const char *body, ...)
{
	va_list args;
	va_start(args, body);
	people_mail(db, to, NULL, kind, subject, body, args);
	va_end(args);
}
