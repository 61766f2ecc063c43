#ifndef SCREENS_VISIT_H
#define SCREENS_VISIT_H

#include "db/council.h"
#include "db/db.h"
#include "db/file.h"
#include "db/forum.h"
#include "db/member.h"
#include "db/word.h"
#include "screens/ui.h"

struct file;

/*
 * A visit: what every screen is given. One person, one face, the store, and the few things that only
 * the session can do. Screens are plain functions in files of their own; each ends when the person
 * leaves it, and answers ACT_BACK, or ACT_QUIT where the whole visit ends.
 */
struct visit {
	struct ui *ui;
	struct db *db;
	struct member me;      /* id 0: a visitor, or somebody who has not logged in yet */
	const char *board;     /* the board's name */
	const char *contact;   /* how to reach the animator, a sentence */
	const char *connect;   /* what to type to come here: "ssh -p 2222 %s@host" without the name */
	const char *host;      /* what people type to come here, and the port of ssh */
	int port;
	const char *key_type, *key_blob; /* the key that a newcomer has proved; "" none */
	const char *fingerprint; /* of the host key; "" unknown */
	bool plain;            /* telnet: nothing a sysop does */
	bool flat;             /* threads are read in the order of time */
	bool machine;          /* the console, on the machine itself */
	struct {
		int64_t seen, told; /* words to the person up to these are seen, or were given to the face */
		int count;          /* how many lie between */
		member_id from;     /* who said the last one */
	} words;               /* word.c's */

	/* What is on the screen from now on: told of news about it. Replaces what was before. */
	void (*listen)(struct visit *v, enum topic topic, int64_t id);
	/* A newcomer begins to sign up, and has all the time he wants. */
	void (*signs_up)(struct visit *v);
	/* v->me.id is somebody else now (logged in, signed up): reads the rest, changes eyes and face. */
	void (*came_in)(struct visit *v);
	/* Another face on the same terminal: "full", "linear"; false where the terminal cannot. */
	bool (*set_face)(struct visit *v, const char *face);
	void (*set_charset)(struct visit *v, enum charset charset);
	/*
	 * ZMODEM on this line: the file to the caller; files from him to that shelf. What came of it is said.
	 * NULL where the line has no other end that could speak it.
	 */
	void (*send_file)(struct visit *v, const struct file *file);
	void (*receive_files)(struct visit *v, const char *shelf);
	/* Somebody gave a password for this name: waits as long as wrong ones before it demand. */
	void (*tries)(struct visit *v, const char *login);
	/* Looks into a file of which nobody knows yet what can be read in it; E_BUSY: it has to wait. */
	int (*look_into)(struct visit *v, const struct file *file);
	/* Draws a picture, as struct picture asks for it. */
	int (*draw_picture)(struct visit *v, const struct file *file, const int32_t number[3], struct buf *drawn);
	/* Waits as long as a failed log-in must; false when the tries are used up. */
	bool (*failed)(struct visit *v);
	void *ctx;
};

/* The whole visit, from the welcome to the good-bye. `name`: who asked to come in ("nouveau",
 * "visiteur"), "" where it is to be asked here (telnet), or v->me is somebody already. */
void
visit_run(struct visit *v, const char *name);

/* Reads v->me again from the store: rights, council, state. */
void
visit_refresh(struct visit *v);
static inline bool
visit_member(const struct visit *v)
{
	return v->me.id.n && v->me.state == MEMBER_ACTIVE;
}

/* Says an answer (error.h) on the next screen. */
void
visit_say_error(struct visit *v, int answer);

/* Asks whether to leave, as Q does. */
bool
visit_leaves(struct visit *v);

/* Adds "Who will read it: 14 members."; -1: everybody. */
void
who_reads(int readers, struct buf *out);

/* "Forum › Questions": a place behind a place; either may be "". */
void
place_join(struct buf *out, const char *a, const char *b);

/* home.c */
enum act
home_screen(struct visit *v);
/* files.c */
enum act
files_screen(struct visit *v);
/* … one file; a file that the person chooses in the shared folders: ACT_DONE, else ACT_BACK or ACT_QUIT. */
enum act
file_screen(struct visit *v, item_id item, const char *place);
enum act
files_choose(struct visit *v, item_id *out);
/*
 * attach.c: files for a message that is being written, chosen and taken off again: ACT_BACK, ACT_QUIT.
 * attach_lead() adds the sentence that names them; attach_settle() takes off, with a word, those that are no
 * longer there, true: all are. What is attached to a message, for reading: ACT_BACK, ACT_QUIT.
 */
enum act
attach_screen(struct visit *v, struct attachments *files);
void
attach_lead(struct visit *v, const struct attachments *files, struct buf *lead);
bool
attach_settle(struct visit *v, struct attachments *files);
enum act
attached_screen(struct visit *v, item_id post, int number, const char *place);
/* What is at a place that somebody follows (file.h): a file, a shelf. */
enum act
files_open(struct visit *v, const char *place);
/* What was thrown away, to be put back. */
enum act
bin_screen(struct visit *v);
/* sign_up.c: true when v->me is now a candidate or a member. */
bool
sign_up_screen(struct visit *v);
/* lost.c: true when v->me is somebody again, with a new password. */
bool
lost_screen(struct visit *v);
/* waiting.c: until the candidate is let in (ACT_OPEN) or leaves. */
enum act
waiting_screen(struct visit *v);
/* charter.c: true when the current one is accepted. */
bool
charter_accepted(struct visit *v, int64_t *version);
enum act
charter_screen(struct visit *v);
/* directory.c */
/* The form of a council's sheet. */
void
sheet_change(struct visit *v, item_id council);
enum act
directory_screen(struct visit *v);
enum act
council_screen(struct visit *v, item_id council);
/* Lets the person choose, by letters, a council about which he may do that deed. false: none. */
bool
council_choose(struct visit *v, enum deed deed, item_id *council, struct buf *name);
/* sheet.c: what a council's sheet was; the words for a cause of struct version_row. */
const char *
sheet_cause(const char *cause);
enum act
sheet_history_screen(struct visit *v, item_id council);
/* … who takes over as its resource person, and that person's answer. */
enum act
sheet_handover_screen(struct visit *v, item_id council);
enum act
sheet_answer_screen(struct visit *v);
/* The same for somebody whose council may not be listed: then *council is 0, and `proposal` his sheet of it. */
bool
council_choose_or_propose(struct visit *v, const char *typed, item_id *council, struct council *proposal,
    struct buf *name);
/* propose.c: the sheet of a council that the directory does not have; false: given up. */
bool
propose_screen(struct visit *v, const char *typed, struct council *out);
/* forum.c, thread.c, compose.c */
enum act
forum_screen(struct visit *v);
enum act
board_screen(struct visit *v, board_id board);
enum act
search_screen(struct visit *v, const char *words);
/* A row of what is found: its title, author, day, and its passage; rows: struct rows. For search_page(). */
bool
search_row(void *rows, const struct hit *hit);
enum act
thread_screen(struct visit *v, item_id thread, item_id at);
enum act
next_unread_screen(struct visit *v);
enum act
compose_thread(struct visit *v, board_id board);
enum act
compose_reply(struct visit *v, item_id parent, bool quote);
/* As thread_of(); of a file of which nothing is said yet, the discussion that a message would begin. */
int
thread_to_come(struct db *db, item_id parent, struct thread *out);
/* True where the viewer has begun a reply to the message. */
bool
draft_waits(struct db *db, item_id parent);
/* drafts.c: what was being written, offered at log-in, and the list of it. */
void
drafts_offer(struct visit *v);
/*
 * The long text of a form, kept as a draft while it is written. `place` says whose it is: "file:12", "sheet:12". The form's
 * ctx is taken for it. At the end the draft goes if the form was sent and kept; else the text stays among the drafts.
 */
struct form_draft {
	struct visit *v;
	struct field *field;
	char place[32];
	/* the rest is drafts.c's own */
	struct buf kept;
	bool begun;
	int trouble;
};
void
form_draft_begin(struct form_draft *draft, struct form *form);
void
form_draft_end(struct form_draft *draft, bool kept);
/*
 * What came of keeping a text: said once when it could not be, and once when it can again. *trouble is the
 * answer of the time before. True: it is kept.
 */
bool
draft_told(struct visit *v, int *trouble, int answer);
/* May a text be left? Where it could not be kept the person is asked; who hung up is not. */
bool
draft_leaves(struct visit *v, int trouble);
/* follow.c: ACT_FOLLOW or ACT_MUTE of a thread, of a board: done or undone, and said. */
void
follow_thread(struct visit *v, item_id thread, enum act act);
void
follow_board(struct visit *v, board_id board, enum act act);
enum act
drafts_screen(struct visit *v);
enum act
compose_edit(struct visit *v, item_id post);
/* versions.c */
enum act
versions_screen(struct visit *v, item_id post);
/* moderate.c: HIDE, LOCK, PIN, MOVE on threads, asked by name where there are several. */
void
moderate_threads(struct visit *v, enum act act, const int64_t *ids, int count);
/* The same and MERGE, SPLIT from inside a thread, at a message; *now: the thread to go on in. */
void
moderate_thread(struct visit *v, enum act act, const struct thread *thread, item_id post, item_id *now);
/* Asks why, and hides, or brings before the animators. */
void
hide_post(struct visit *v, item_id post);
void
hide_file(struct visit *v, item_id file);
void
report_post(struct visit *v, item_id post);
void
report_file(struct visit *v, item_id file);
/* reports.c */
enum act
reports_screen(struct visit *v);
/* notices.c */
enum act
notices_screen(struct visit *v);
/* What a notice says, by its kind: a sentence. */
void
notice_words(const struct notice *notice, struct buf *out);
/* candidates.c */
enum act
candidates_screen(struct visit *v);
/* invite.c */
enum act
invite_screen(struct visit *v);
/* profile.c; the keys of oneself or, for the sysop, of anybody */
enum act
profile_screen(struct visit *v);
enum act
keys_screen(struct visit *v, const struct member *who, const char *place);
/* contact.c: the contact fields of oneself or, for the sysop, of anybody; the code for a new address. */
void
contact_screen(struct visit *v, member_id id);
void
contact_confirm_screen(struct visit *v);
/* sessions.c: those of a member, or (NOBODY, for the sysop) all. */
enum act
sessions_screen(struct visit *v, member_id of);
/* own.c: my data; erasing oneself or, by the sysop, anybody: true when it is done. */
enum act
own_screen(struct visit *v);
bool
erase_screen(struct visit *v, member_id id);
/* word.c: says a short word to somebody. */
void
word_write(struct visit *v, member_id to);
/*
 * For the session. word_begin(): what comes from now on is told. word_come(), after news: gives the face
 * what others have said; false where that is nothing. word_gone(), at each wait: what the face has shown to
 * somebody who went on since is seen.
 */
void
word_begin(struct visit *v);
bool
word_come(struct visit *v);
void
word_gone(struct visit *v);
/* lines.c: the lines of the day */
enum act
lines_screen(struct visit *v);
/* person.c: all members, and the sheet of one. */
enum act
people_screen(struct visit *v);
enum act
person_screen(struct visit *v, member_id id);
/* A list of members by their numbers, until it is left: their sheets open, ACT_WORD writes to one. */
enum act
person_list(struct visit *v, struct list *list);
/* bans.c */
enum act
bans_screen(struct visit *v);
/* people.c: who is here, and who called last */
enum act
who_screen(struct visit *v);
/* admin.c: what keeps the board, for whoever has a right there; admin_*.c, one a place */
bool
admin_open(struct visit *v);
enum act
admin_screen(struct visit *v);
enum act
admin_members_screen(struct visit *v);
enum act
admin_councils_screen(struct visit *v);
enum act
admin_boards_screen(struct visit *v);
enum act
admin_charter_screen(struct visit *v);
/* Where the draft of a charter is kept, and the writing of it. */
#define CHARTER_DRAFT "charter"
void
admin_charter_write(struct visit *v);
enum act
admin_settings_screen(struct visit *v);
enum act
admin_store_screen(struct visit *v);
enum act
admin_journal_screen(struct visit *v);
enum act
admin_outbox_screen(struct visit *v);
/* What was done to that member, council or board. */
enum act
admin_journal_of(struct visit *v, const char *object, int64_t id);

#endif
