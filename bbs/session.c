/* A session as a story: who is it, what is wanted (a command or a visit), good-bye. */
#include "bbs/session.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/command.h"
#include "bbs/conf.h"
#include "bbs/fence.h"
#include "bbs/pace.h"
#include "bbs/preview.h"
#include "bbs/session_line.h"
#include "bbs/transfer.h"
#include "db/machine.h"
#include "screens/visit.h"

enum { GRACE_MARGIN_MS = 900 }; /* of its own grace, before serve's is over; the least grace is a second */

/* One session, one process. */
static struct {
	struct line line;
	struct ui ui;
	struct visit visit;
	const struct session *session;
	char tried[EMAIL_MAX + 1];      /* the name whose password is being looked at; "" none */
	char name[EMAIL_MAX + 1];       /* asked for: "nouveau", "visiteur", a member's */
	char key_type[64], key_blob[KEY_MAX]; /* proved by a newcomer */
	member_id who;                  /* NOBODY: a visitor, a newcomer, or telnet's stranger */
	bool let_in;                    /* may START */
	bool wrong;                     /* the last answer to a question was no password of that name */
	bool grace_over;
	int tries;
	char connect[160];
} me;

/* ---- the store ---- */

/* Opened at the first question, inside the fence. A store that cannot be opened costs the caller a sentence. */
static struct db *
store(void)
{
	if (me.line.db)
		return me.line.db;
	int r = db_open(&me.line.db, me.session->conf->store_path, DB_EXISTING, true);
	if (r) {
		log_line(LOG_TROUBLE, "the store cannot be opened: %d", r);
		_exit(1);
	}
	db_set_limits(me.line.db, &me.session->conf->account, me.session->source);
	conf_set_files(me.session->conf, me.line.db);
	db_set_plain(me.line.db, !strcmp(me.session->wire, "telnet"));
	return me.line.db;
}

/* ---- log-in ---- */

static bool
is_newcomer(const char *name)
{
	return !strcmp(name, "nouveau") || !strcmp(name, "new");
}

/* Who has lost his password is asked for a code inside. */
static bool
is_lost(const char *name)
{
	return !strcmp(name, "perdu") || !strcmp(name, "lost");
}

static bool
is_visitor(const char *name)
{
	return !strcmp(name, "visiteur") || !strcmp(name, "guest");
}

static void
verdict(enum verdict v, const char *const *strings)
{
	if (message_send(me.session->carrier, MESSAGE_VERDICT, (int32_t[3]){ v }, strings))
		line_leave(&me.line, NULL);
}

static enum verdict
let_in(const char *name, member_id who)
{
	snprintf(me.name, sizeof me.name, "%s", name);
	me.who = who;
	me.let_in = true;
	return VERDICT_YES;
}

/* Waits as long as wrong passwords before this one demand; the same for names that there are not. */
static void
slow_down(const char *name)
{
	snprintf(me.tried, sizeof me.tried, "%s", name);
	int ms = pace_try(me.session->pace, me.tried, me.session->source, me.session->conf->slow * 1000);
	if (ms)
		line_pause(&me.line, ms);
}

/* Forgets the name: whoever comes in under another, or as a visitor, was not right about this one. */
static void
was_wrong(void)
{
	me.tried[0] = '\0';
}

static void
was_right(void)
{
	if (*me.tried)
		pace_right(me.session->pace, me.tried, me.session->source);
	was_wrong();
}

static enum verdict
answer_password(const char *name, const char *password)
{
	member_id who;
	if (is_newcomer(name) || is_visitor(name) || is_lost(name))
		return let_in(name, NOBODY);
	slow_down(name);
	if (login_password(store(), name, password, &who)) {
		was_wrong();
		return VERDICT_NO;
	}
	was_right();
	return let_in(name, who);
}

/* A probe is answered like the real thing, but lets nobody in. A newcomer's key is remembered. */
static enum verdict
answer_key(const struct message *m)
{
	const char *name = message_string(m, 0), *type = message_string(m, 1), *blob = message_string(m, 2);
	bool is_signed = m->number[0] == 1;
	member_id who;
	if (is_visitor(name) || is_lost(name) || !*blob)
		return VERDICT_NO;
	if (is_newcomer(name)) {
		if (is_signed && strlen(blob) < sizeof me.key_blob) {
			snprintf(me.key_type, sizeof me.key_type, "%s", type);
			snprintf(me.key_blob, sizeof me.key_blob, "%s", blob);
		}
		return is_signed ? let_in(name, NOBODY) : VERDICT_YES;
	}
	if (login_key(store(), name, type, blob, &who))
		return VERDICT_NO;
	if (!is_signed)
		return VERDICT_YES;
	login_key_used(store(), who, blob);
	return let_in(name, who);
}

/* Keyboard-interactive: newcomers get in by no question at all, others by their password. */
static void
answer_questions(const struct message *m)
{
	const char *name = message_string(m, 0);
	const char *const nothing[] = { "", NULL };
	/* Nothing is known of the caller's language yet; programs wait for the English word. */
	const char *const question[] = { me.wrong ? "Ce mot de passe ne va pas avec ce nom ; perdu ? ssh "
						    "perdu@... / Wrong password; lost? ssh lost@..."
						  : "", "Mot de passe / Password: ", "0", NULL };
	if (m->number[1]) { /* answers, of which a newcomer has none */
		enum verdict v = answer_password(name, message_string(m, 1));
		me.wrong = v == VERDICT_NO;
		verdict(v, NULL);
	} else if (is_newcomer(name) || is_visitor(name) || is_lost(name)) {
		verdict(VERDICT_ASK, nothing);
	} else {
		verdict(VERDICT_ASK, question);
	}
}

/* Until START: each question gets its verdict. */
static const struct message *
log_in(void)
{
	for (;;) {
		const struct message *m = line_question(&me.line);
		switch (m->kind) {
		case MESSAGE_AUTH_NONE:
			verdict(is_visitor(message_string(m, 0)) || is_lost(message_string(m, 0))
				    ? let_in(message_string(m, 0), NOBODY)
				    : VERDICT_NO, NULL);
			break;
		case MESSAGE_AUTH_PASSWORD:
			verdict(answer_password(message_string(m, 0), message_string(m, 1)), NULL);
			break;
		case MESSAGE_AUTH_KEY:
			verdict(answer_key(m), NULL);
			break;
		case MESSAGE_AUTH_ANSWER:
			answer_questions(m);
			break;
		default: /* START, by the table */
			if (!me.let_in && !strcmp(me.session->wire, "ssh")) {
				log_line(LOG_TROUBLE, "START before anybody was let in");
				_exit(1);
			}
			return m;
		}
	}
}

/* ---- a command ---- */

/* Whoever is shut out by name is told so, and let go, as soon as he is. */
static void
look_whether_banned(void)
{
	struct buf words = { 0 };
	if (!ban_says(me.line.db, db_viewer(me.line.db), &words))
		return;
	if (*me.session->conf->contact)
		buf_fmt(&words, " %s", me.session->conf->contact);
	line_leave(&me.line, buf_text(&words));
}

static void
write_output(struct command_io *io, const char *data, size_t size, bool error)
{
	(void)io;
	line_write(&me.line, data, size, error);
}

static long
read_input(struct command_io *io, char *data, size_t size)
{
	(void)io;
	line_wait_input(&me.line);
	return (long)line_read(&me.line, data, size);
}

/* The line is cut in the midst of a command. */
static bool
part_from_command(void *ctx)
{
	struct command_io *io = ctx;
	return !io->parting || io->parting(io->parting_ctx);
}

static bool
attend_command(bool nudged)
{
	if (nudged)
		look_whether_banned();
	return false;
}

static _Noreturn void
run_command(char *text)
{
	enum { WORDS = 64 };
	char *words[WORDS];
	struct command_io io = { .write = write_output, .read = read_input };
	me.line.command = true;
	me.line.terminal.parting = part_from_command;
	me.line.terminal.parting_ctx = &io;
	int count = command_split(text, words, WORDS);
	if (count < 0) {
		const char *why = _("A quote is not closed, or there are too many words.\n");
		line_write(&me.line, why, strlen(why), true);
		line_bye(&me.line, 2);
	}
	db_set_viewer(store(), me.who);
	line_join(&me.line);
	if (me.who.n) /* 0 would be all */
		line_listen(&me.line, 0, TOPIC_MEMBER, me.who.n);
	me.line.attend = attend_command;
	struct command command = { .db = store(), .conf = me.session->conf, .io = &io, .argc = count,
		.argv = words };
	line_bye(&me.line, command_run(&command));
}

/* ---- a visit ---- */

/* Closing writes, and writing may find that it is time to leave: the face is not closed twice. */
static void
close_face(void)
{
	me.line.leaving = NULL;
	ui_close(&me.ui);
}

static bool
set_face(struct visit *v, const char *face)
{
	struct terminal *t = &me.line.terminal;
	(void)v;
	if (me.ui.face)
		close_face();
	bool is_full = !strcmp(face, "full") && full_open(&me.ui, t);
	if (!is_full)
		linear_open(&me.ui, t);
	me.line.leaving = close_face;
	return is_full || !strcmp(face, "linear");
}

static void
set_charset(struct visit *v, enum charset charset)
{
	(void)v;
	me.line.terminal.charset = charset;
	message_send(me.session->carrier, MESSAGE_CHARSET, (int32_t[3]){ (int32_t)charset }, NULL);
	/* What is on the screen was drawn for another charset. */
	set_face(v, me.ui.face->name);
}

/* While another program has the terminal there is no face; then one of the same kind, painted anew. */
static void
lend_terminal(bool away)
{
	static const char *face = "";
	if (away) {
		face = me.ui.face->name;
		close_face();
		me.ui.face = NULL;
	} else {
		set_face(&me.visit, face);
	}
}

static struct transfer
transfer(void)
{
	return (struct transfer){ me.line.db, &me.ui, &me.line, me.session->broker, lend_terminal };
}

static void
send_file(struct visit *v, const struct file *file)
{
	(void)v;
	struct transfer t = transfer();
	transfer_send(&t, file);
}

static void
receive_files(struct visit *v, const char *shelf)
{
	(void)v;
	struct transfer t = transfer();
	transfer_receive(&t, shelf);
}

static void
listen_to(struct visit *v, enum topic topic, int64_t id)
{
	(void)v;
	line_listen(&me.line, 0, topic, id);
}

/* Grace time ends, once: serve learns it by this end of its pipe. */
static void
end_grace(void)
{
	if (me.session->startup >= 0 && !me.grace_over)
		close(me.session->startup);
	me.grace_over = true;
	me.line.log_in_by = 0;
}

/* A form takes longer than any grace. */
static void
signs_up(struct visit *v)
{
	(void)v;
	end_grace();
}

/* Ended from elsewhere, written to, spoken to? */
static bool
attend(bool nudged)
{
	struct buf word = { 0 };
	word_gone(&me.visit);
	if (!nudged)
		return false;
	look_whether_banned();
	enum session_end_by by = session_look(me.line.db, &word);
	if (by == SESSION_ENDED_BY_SELF)
		line_leave(&me.line, _("This session was closed from your profile."));
	if (by == SESSION_ENDED_BY_BOARD)
		line_leave(&me.line, _("The sysop has closed this session."));
	if (word.len)
		ui_tell(&me.ui, _("A word from the sysop: %s"), buf_text(&word));
	bool told = word.len;
	buf_free(&word);
	return word_come(&me.visit) || told;
}

/* Somebody is in: rights, language and face are theirs, and the others can see them. */
static void
came_in(struct visit *v)
{
	db_set_viewer(v->db, v->me.id);
	was_right();
	if (v->me.id.n)
		login_done(v->db, v->me.id);
	visit_refresh(v);
	end_grace();
	session_open(v->db, me.session->wire, me.session->source);
	word_begin(v);
	line_listen(&me.line, 1, TOPIC_MEMBER, v->me.id.n);
	line_listen(&me.line, 2, TOPIC_CANDIDATES, 0);
	line_listen(&me.line, 3, TOPIC_SESSION, getpid());
	me.line.attend = attend;
	if (!v->me.id.n)
		return;
	if (i18n_parse(v->me.language) >= 0)
		i18n_set((enum language)i18n_parse(v->me.language));
	if (*v->me.face && strcmp(v->me.face, me.ui.face->name) != 0)
		set_face(v, v->me.face);
}

static int
look_into(struct visit *v, const struct file *file)
{
	return preview_look(v->db, me.session->broker, file->item, file->content, file->size);
}

static int
draw_picture(struct visit *v, const struct file *file, const int32_t number[3], struct buf *drawn)
{
	return preview_picture(v->db, me.session->broker, file->item, file->content, number, drawn);
}

static void
tries(struct visit *v, const char *login)
{
	(void)v;
	slow_down(login);
}

static bool
failed(struct visit *v)
{
	(void)v;
	me.tries++;
	was_wrong();
	log_line(LOG_NOTE, "a failed log-in from %s", me.session->source);
	line_pause(&me.line, me.session->conf->delay);
	return !me.session->conf->tries || me.tries < me.session->conf->tries;
}

static _Noreturn void
run_visit(void)
{
	struct visit *v = &me.visit;
	const struct conf *conf = me.session->conf;
	snprintf(me.connect, sizeof me.connect, "ssh -p %d nouveau@%s", conf->ssh_port, conf->host);
	*v = (struct visit){ .ui = &me.ui, .db = store(), .me = { .id = me.who }, .board = conf->name,
		.contact = conf->contact, .connect = me.connect, .host = conf->host, .port = conf->ssh_port, .key_type = me.key_type,
		.key_blob = me.key_blob, .fingerprint = me.session->fingerprint,
		.plain = !strcmp(me.session->wire, "telnet"),
		.machine = !strcmp(me.session->wire, "console"), .listen = listen_to, .signs_up = signs_up,
		.came_in = came_in, .set_face = set_face, .set_charset = set_charset,
		.look_into = look_into, .draw_picture = draw_picture, .tries = tries, .failed = failed };
	if (!v->machine && me.session->broker >= 0) {
		v->send_file = send_file;
		v->receive_files = receive_files;
	}
	me.ui.title = conf->name;
	me.ui.terminal = &me.line.terminal;
	me.ui.page_rows = UI_SCREENFUL;
	line_join(&me.line);
	set_face(v, "full");
	/* Over telnet the name is asked here: a sentence before serve cuts the line without one. */
	if (me.session->startup >= 0 && !me.grace_over && conf->grace)
		me.line.log_in_by = clock_ticks() + conf->grace * 1000LL - GRACE_MARGIN_MS;
	if (me.let_in && !is_newcomer(me.name) && !is_lost(me.name))
		came_in(v);
	visit_run(v, me.name);
	close_face();
	line_bye(&me.line, 0);
}

/* What START says of the caller; his command, to be freed, NULL for a visit. */
static char *
start(const struct message *m)
{
	int language = i18n_parse(message_string(m, 1));
	line_start(&me.line, m);
	i18n_set(language >= 0 ? (enum language)language : me.session->conf->language);
	return *message_string(m, 3) ? mem_dup(message_string(m, 3)) : NULL;
}

void
session_run(const struct session *session)
{
	log_name("session");
	me.session = session;
	signal(SIGPIPE, SIG_IGN);
	line_open(&me.line, session);
	fence_session(session->conf->store_folder);
	if (session->trusted)
		let_in("", session->as);
	char *command = start(log_in());
	if (command) {
		end_grace();
		run_command(command);
	}
	run_visit();
}
