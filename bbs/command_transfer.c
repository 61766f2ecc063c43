/* Files fetched and brought by programs that speak a protocol of their own over the command's ins and outs. */
#include "bbs/command_call.h"

#include "bbs/base/i18n.h"
#include "bbs/scp.h"
#include "bbs/sftp.h"
#include "db/member.h"

/* Such programs do not say which language their user reads; the member has told us. */
static void
speak_as_viewer(struct call *call)
{
	struct member me = { 0 };
	member_id viewer = db_viewer(call->db);
	if (!call->machine && viewer.n && !member_get(call->db, viewer, &me) && i18n_parse(me.language) >= 0)
		i18n_set((enum language)i18n_parse(me.language));
	member_free(&me);
}

static bool
end_talk(void *ctx)
{
	sftp_end(ctx);
	return true;
}

/* Everything that came is answered before more is asked for. */
static int
run_sftp(struct call *call)
{
	enum { BLOCK = 128 * 1024 };
	struct command_io *io = call->io;
	struct buf in = { 0 }, out = { 0 }, words = { 0 };
	struct sftp *s = sftp_new(call->db);
	long taken, n = 0;
	speak_as_viewer(call);
	io->parting_ctx = s;
	io->parting = end_talk;
	do {
		taken = sftp_take(s, buf_text(&in), in.len, &out, &words);
		if (words.len)
			io->write(io, words.data, words.len, true);
		if (out.len)
			io->write(io, out.data, out.len, false);
		buf_cut(&words, 0);
		buf_cut(&out, 0);
		if (taken > 0) {
			buf_eat(&in, (size_t)taken);
			continue;
		}
		n = taken ? 0 : io->read(io, buf_room(&in, BLOCK), BLOCK);
		if (n > 0)
			buf_grow(&in, (size_t)n);
	} while (taken > 0 || n > 0);
	io->parting = NULL;
	sftp_end(s);
	buf_free(&in);
	buf_free(&out);
	buf_free(&words);
	return taken < 0 ? call_refuse(call, "%s", _("This is not the protocol of sftp.")) : 0;
}

static int
run_scp(struct call *call)
{
	speak_as_viewer(call);
	int status = scp_run(call->db, call->io, call->count, call->words);
	return status == 2 ? call_usage(call, "%s", _("This command is for scp itself to call.")) : status;
}

const struct verb command_transfer_verbs[] = {
	{ .noun = "sftp", .usage = "", .need = NEED_NOTHING, .run = run_sftp,
	  .help = N_("Speaks the protocol of sftp over standard input and output, for sftp itself to call.") },
	{ .noun = "scp", .usage = "[-r] [-p] [-d] [-v] (-t|-f) PATH…", .need = NEED_NOTHING, .run = run_scp,
	  .help = N_("Speaks the old protocol of scp over standard input and output, for scp itself to call.") },
	{ 0 },
};
