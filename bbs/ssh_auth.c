/*
 * The ssh carrier until somebody is logged in. It carries names, secrets and keys to the session and
 * verdicts back; it decides nothing, and does the same for every name.
 */
#define SSH_SUPPRESS_DEPRECATED /* the message functions; no callbacks, see `kept` below */
#include <stdbool.h>

#include "bbs/ssh.h"

#include <libssh/server.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/base/mem.h"
#include "bbs/message.h"

enum {
	NAME_MAX_BYTES = 64,
	SECRET_MAX_BYTES = 256,
	KEY_MAX_TEXT = 8 * 1024, /* base64 */
	ANSWERS_MAX = 6,
	/*
	 * `none`, probes of keys and keys of unknown type are no tries: an agent offers all it has. But
	 * each costs the session a look, so they end too.
	 */
	REQUESTS_PER_TRY = 20,
};

enum { WAITING = -1 }; /* beside enum carrier_end: go on */

struct auth {
	struct ssh_call *call;
	/*
	 * libssh drops in silence a public key whose type it does not know and a signature that is bad;
	 * the client would wait for ever. It answers failure to any request that is still at hand, so
	 * the first one is kept for that.
	 */
	ssh_message kept;
	char name[NAME_MAX_BYTES + 1]; /* of the last request; answers to questions come without */
	int failed, requests;
	struct message reply;
};

/* Asks the session. enum verdict, or -1 when it is gone or will not talk. */
static int
ask(struct auth *a, enum message_kind kind, const int32_t number[3], const char *const *strings)
{
	int session = a->call->carrier->session;
	if (message_send(session, kind, number, strings) ||
	    message_receive(session, &a->reply, SIDE_SESSION, STATE_AUTH, true) != 1 ||
	    a->reply.kind != MESSAGE_VERDICT)
		return -1;
	return a->reply.number[0];
}

static int
leave_us(struct auth *a)
{
	ssh_goodbye(a->call,
	    _("The board cannot take your call now. Please call again in a few minutes."));
	return CARRIER_NOBODY;
}

/* Says no; `tried` when it was a guess at a secret, which costs time and is counted. */
static int
refuse(struct auth *a, bool tried)
{
	const struct carrier *c = a->call->carrier;
	if (tried) {
		a->failed++;
		if (c->delay > 0)
			poll(NULL, 0, c->delay);
	}
	if (c->tries && (a->failed >= c->tries || a->requests >= c->tries * REQUESTS_PER_TRY)) {
		log_line(LOG_NOTE, "%s: log-in refused %d times, hung up", c->source, a->failed);
		ssh_goodbye(a->call, _("Too many tries. Please call again a little later; if your password "
		                       "is lost, write to the animators."));
		return CARRIER_REFUSED;
	}
	ssh_message_reply_default(a->kept);
	return WAITING;
}

/* What a yes or no means where there is nothing between them. */
static int
settle(struct auth *a, ssh_message m, int verdict, bool tried)
{
	if (verdict < 0)
		return leave_us(a);
	if (verdict != VERDICT_YES)
		return refuse(a, tried);
	ssh_message_auth_reply_success(m, 0);
	return CARRIER_WELL;
}

static int
try_password(struct auth *a, ssh_message m)
{
	const char *password = ssh_message_auth_password(m);
	if (!password || strlen(password) > SECRET_MAX_BYTES)
		return refuse(a, true);
	const char *strings[] = { a->name, password, NULL };
	return settle(a, m, ask(a, MESSAGE_AUTH_PASSWORD, NULL, strings), true);
}

/* First a probe (would you take this key?), then the key with a signature that libssh verified. */
static int
try_key(struct auth *a, ssh_message m)
{
	ssh_key key = ssh_message_auth_pubkey(m);
	enum ssh_publickey_state_e state = ssh_message_auth_publickey_state(m);
	bool is_signed = state == SSH_PUBLICKEY_STATE_VALID;
	char *blob = NULL;
	if ((!is_signed && state != SSH_PUBLICKEY_STATE_NONE) || !key ||
	    ssh_pki_export_pubkey_base64(key, &blob))
		return refuse(a, is_signed);
	if (strlen(blob) > KEY_MAX_TEXT) {
		ssh_string_free_char(blob);
		return refuse(a, is_signed);
	}
	const char *strings[] = { a->name, ssh_key_type_to_char(ssh_key_type(key)), blob, NULL };
	int verdict = ask(a, MESSAGE_AUTH_KEY, (int32_t[3]){ is_signed, 0, 0 }, strings);
	ssh_string_free_char(blob);
	if (is_signed || verdict != VERDICT_YES)
		return settle(a, m, verdict, is_signed);
	ssh_message_auth_reply_pk_ok_simple(m);
	return WAITING;
}

/* Puts the questions of a VERDICT_ASK; there may be none, then only the reply is wanted. */
static int
put_questions(struct auth *a, ssh_message m)
{
	const char *prompts[ANSWERS_MAX];
	char echo[ANSWERS_MAX];
	int strings = 0;
	for (size_t i = 0; i < a->reply.size; i++)
		strings += !a->reply.data[i];
	int count = strings > 1 ? (strings - 1) / 2 : 0;
	if (count > ANSWERS_MAX)
		return leave_us(a);
	for (int i = 0; i < count; i++) {
		prompts[i] = message_string(&a->reply, 1 + 2 * i);
		echo[i] = message_string(&a->reply, 2 + 2 * i)[0] == '1';
	}
	ssh_message_auth_interactive_request(
	    m, "", message_string(&a->reply, 0), (unsigned)count, prompts, echo);
	return WAITING;
}

/* Asks for the questions, or brings the answers: number[1] tells which, as both may be empty. */
static int
try_answers(struct auth *a, ssh_message m)
{
	const char *strings[ANSWERS_MAX + 2] = { a->name };
	bool answers = ssh_message_auth_kbdint_is_response(m);
	int count = answers ? ssh_userauth_kbdint_getnanswers(a->call->ssh) : 0;
	if (count < 0 || count > ANSWERS_MAX)
		return refuse(a, true);
	for (int i = 0; i < count; i++) {
		strings[1 + i] = ssh_userauth_kbdint_getanswer(a->call->ssh, (unsigned)i);
		if (!strings[1 + i] || strlen(strings[1 + i]) > SECRET_MAX_BYTES)
			return refuse(a, true);
	}
	int verdict = ask(a, MESSAGE_AUTH_ANSWER, (int32_t[3]){ count, answers, 0 }, strings);
	if (verdict == VERDICT_ASK)
		return put_questions(a, m);
	return settle(a, m, verdict, count > 0);
}

static int
take_request(struct auth *a, ssh_message m)
{
	a->requests++;
	if (!a->kept)
		a->kept = m;
	if (!ssh_message_auth_kbdint_is_response(m)) {
		const char *name = ssh_message_auth_user(m);
		size_t n = name ? strlen(name) : 0;
		if (!n || n > NAME_MAX_BYTES)
			return refuse(a, true);
		memcpy(a->name, name, n + 1);
	}
	switch (ssh_message_subtype(m)) {
	case SSH_AUTH_METHOD_NONE: {
		const char *strings[] = { a->name, NULL };
		return settle(a, m, ask(a, MESSAGE_AUTH_NONE, NULL, strings), false);
	}
	case SSH_AUTH_METHOD_PASSWORD:
		return try_password(a, m);
	case SSH_AUTH_METHOD_PUBLICKEY:
		return try_key(a, m);
	case SSH_AUTH_METHOD_INTERACTIVE:
		return try_answers(a, m);
	default:
		return refuse(a, false);
	}
}

static int
take_message(struct auth *a, ssh_message m)
{
	int end = WAITING;
	switch (ssh_message_type(m)) {
	case SSH_REQUEST_AUTH:
		end = take_request(a, m);
		break;
	case SSH_REQUEST_SERVICE:
		if (strcmp(ssh_message_service_service(m), "ssh-userauth") != 0) {
			ssh_goodbye(a->call, _("Goodbye."));
			end = CARRIER_NOBODY;
			break;
		}
		ssh_message_service_reply_success(m);
		break;
	default:
		ssh_message_reply_default(m);
	}
	if (m != a->kept)
		ssh_message_free(m);
	return end;
}

/* Until something comes from either side. A session that speaks unasked has ended or says BYE. */
static int
wait_for_caller(struct auth *a)
{
	bool writes = ssh_get_status(a->call->ssh) & SSH_WRITE_PENDING;
	struct pollfd p[2] = {
		{ a->call->carrier->wire, (short)(POLLIN | (writes ? POLLOUT : 0)), 0 },
		{ a->call->carrier->session, POLLIN, 0 },
	};
	poll(p, 2, -1);
	return p[1].revents ? leave_us(a) : WAITING;
}

enum carrier_end
ssh_auth(struct ssh_call *call)
{
	struct auth *a = mem_alloc(sizeof *a);
	a->call = call;
	int end = WAITING;
	while (end == WAITING) {
		uint64_t packets = call->packets.in_packets;
		ssh_message m = ssh_message_get(call->ssh);
		if (m)
			end = take_message(a, m);
		else if (ssh_dead(call))
			end = CARRIER_NOBODY;
		else if (call->packets.in_packets == packets || !a->kept)
			end = wait_for_caller(a);
		else {
			a->requests++;
			end = refuse(a, false);
		}
	}
	/* libssh empties a message before it frees it; the first may hold a password. */
	ssh_message_free(a->kept);
	mem_wipe(a, sizeof *a);
	free(a);
	return (enum carrier_end)end;
}
