/*
 * The ssh carrier: host keys, what is offered in the key exchange, and the life of a call. Its two
 * halves are ssh_auth.c (until the log-in) and ssh_line.c (from there on).
 */
#include <stdbool.h>

#include "bbs/ssh.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/server.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bbs/base/log.h"
#include "bbs/base/mem.h"
#include "bbs/base/text.h"
#include "bbs/fence.h"

enum {
	HANDSHAKE_WAIT = 60,    /* seconds for the whole key exchange; serve's grace time may be less */
	LAST_WORDS_WAIT = 1000, /* ms for the farewell to leave */
	REKEY_SECONDS = 3600,
};

static const uint64_t rekey_bytes = 1 << 30;

static const struct key {
	const char *file, *name;
	enum ssh_keytypes_e type;
	int bits;
} keys[] = {
	{ "ssh_host_ed25519_key", "ssh-ed25519", SSH_KEYTYPE_ED25519, 0 },
	{ "ssh_host_rsa_key", "ssh-rsa", SSH_KEYTYPE_RSA, 3072 },
};

enum { KEYS = sizeof keys / sizeof *keys };

static const char ciphers[] =
    "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,"
    "aes256-ctr,aes192-ctr,aes128-ctr";
/* The last two for libssh2 (curl, PHP), which has no better before its 1.11; nobody else comes to them. */
static const char macs[] = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-512,hmac-sha2-256";

/* ssh-audit finds nothing to say against these (FACTS). */
static const struct {
	enum ssh_bind_options_e option;
	const char *value;
} offers[] = {
	{ SSH_BIND_OPTIONS_BANNER, "palabre" },
	{ SSH_BIND_OPTIONS_KEY_EXCHANGE,
	    "curve25519-sha256,curve25519-sha256@libssh.org,"
	    "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512" },
	{ SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, "ssh-ed25519,rsa-sha2-512,rsa-sha2-256" },
	{ SSH_BIND_OPTIONS_CIPHERS_C_S, ciphers },
	{ SSH_BIND_OPTIONS_CIPHERS_S_C, ciphers },
	{ SSH_BIND_OPTIONS_HMAC_C_S, macs },
	{ SSH_BIND_OPTIONS_HMAC_S_C, macs },
	{ SSH_BIND_OPTIONS_PUBKEY_ACCEPTED_KEY_TYPES,
	    "ssh-ed25519,sk-ssh-ed25519@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,"
	    "ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256" },
};

/* Holds the host keys; made once, before the first fork. */
static ssh_bind door;

static void
key_path(struct buf *path, const char *folder, const struct key *k, const char *suffix)
{
	buf_fmt(path, "%s/%s%s", folder, k->file, suffix);
}

/* Writes all of a new file that only we may read, or nothing. */
static int
write_private(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -1;
	size_t n = strlen(text);
	bool bad = fchmod(fd, 0600) || write(fd, text, n) != (ssize_t)n || fsync(fd);
	return close(fd) || bad ? -1 : 0;
}

static int
make_key(const char *folder, const struct key *k)
{
	ssh_key made = NULL;
	char *pem = NULL;
	struct buf path = { 0 }, new = { 0 };
	key_path(&path, folder, k, "");
	key_path(&new, folder, k, ".new");
	if (ssh_pki_generate(k->type, k->bits, &made) ||
	    ssh_pki_export_privkey_base64(made, NULL, NULL, NULL, &pem))
		die("cannot make a host key of type %s", k->name);
	int result = write_private(new.data, pem);
	if (!result)
		result = rename(new.data, path.data);
	if (result)
		log_line(LOG_TROUBLE, "cannot write %s: %s", path.data, strerror(errno));
	mem_wipe(pem, strlen(pem));
	ssh_string_free_char(pem);
	ssh_key_free(made);
	buf_free(&path);
	buf_free(&new);
	return result;
}

/* Makes the key where it is missing and gives it to the door. */
static int
load_key(const char *folder, const struct key *k)
{
	struct buf path = { 0 };
	key_path(&path, folder, k, "");
	struct stat s;
	int result = stat(path.data, &s);
	if (result && errno == ENOENT)
		result = make_key(folder, k) || stat(path.data, &s);
	if (result)
		log_line(LOG_TROUBLE, "host key %s: %s", path.data, strerror(errno));
	else if (s.st_mode & 077)
		log_line(LOG_NOTE, "host key %s can be read by others; chmod 600 it", path.data);
	/* libssh reads the file here and now, so that no child ever opens it. */
	if (!result && ssh_bind_options_set(door, SSH_BIND_OPTIONS_HOSTKEY, path.data)) {
		log_line(LOG_TROUBLE, "host key %s: %s", path.data, ssh_get_error(door));
		result = -1;
	}
	buf_free(&path);
	return result ? -1 : 0;
}

static ssh_session
open_session(int fd)
{
	ssh_session s = ssh_new();
	long wait = HANDSHAKE_WAIT;
	uint32_t seconds = REKEY_SECONDS;
	static const char compression[] = "none,zlib@openssh.com";
	if (!s || ssh_options_set(s, SSH_OPTIONS_TIMEOUT, &wait) ||
	    ssh_options_set(s, SSH_OPTIONS_REKEY_DATA, &rekey_bytes) ||
	    ssh_options_set(s, SSH_OPTIONS_REKEY_TIME, &seconds) ||
	    ssh_options_set(s, SSH_OPTIONS_COMPRESSION_C_S, compression) ||
	    ssh_options_set(s, SSH_OPTIONS_COMPRESSION_S_C, compression) ||
	    ssh_bind_accept_fd(door, s, fd))
		die("libssh: %s", s ? ssh_get_error(s) : "no memory");
	return s;
}

/* A handshake of the server with a client in this process, each taking its turn. */
static int
greet_ourselves(void)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		die("socketpair: %s", strerror(errno));
	ssh_session server = open_session(pair[0]), client = ssh_new();
	bool no = false;
	if (!client || ssh_options_set(client, SSH_OPTIONS_HOST, "localhost") ||
	    ssh_options_set(client, SSH_OPTIONS_FD, &pair[1]) ||
	    ssh_options_set(client, SSH_OPTIONS_PROCESS_CONFIG, &no) ||
	    ssh_options_set(client, SSH_OPTIONS_KNOWNHOSTS, "/dev/null") ||
	    ssh_options_set(client, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null"))
		die("libssh: %s", client ? ssh_get_error(client) : "no memory");
	ssh_set_blocking(server, 0);
	ssh_set_blocking(client, 0);
	int ours = SSH_AGAIN, theirs = SSH_AGAIN;
	struct pollfd p[2] = { { pair[0], POLLIN, 0 }, { pair[1], POLLIN, 0 } };
	for (int turn = 0; turn < 1000 && (ours == SSH_AGAIN || theirs == SSH_AGAIN); turn++) {
		if (ours == SSH_AGAIN)
			ours = ssh_handle_key_exchange(server);
		if (theirs == SSH_AGAIN)
			theirs = ssh_connect(client);
		if (ours == SSH_ERROR || theirs == SSH_ERROR)
			break;
		poll(p, 2, 10);
	}
	bool good = ours == SSH_OK && theirs == SSH_OK;
	if (!good)
		log_line(LOG_TROUBLE, "handshake with ourselves: %s / %s", ssh_get_error(server),
		    ssh_get_error(client));
	ssh_silent_disconnect(client);
	ssh_free(client);
	ssh_free(server);
	close(pair[1]);
	return good ? 0 : -1;
}

int
ssh_load(const char *folder)
{
	if (ssh_init())
		die("libssh cannot be used");
	door = ssh_bind_new();
	int no = 0, bits = 2048;
	/* Without this libssh reads a configuration in /etc for each caller. */
	if (!door || ssh_bind_options_set(door, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no) ||
	    ssh_bind_options_set(door, SSH_BIND_OPTIONS_RSA_MIN_SIZE, &bits))
		die("libssh: %s", door ? ssh_get_error(door) : "no memory");
	for (size_t i = 0; i < sizeof offers / sizeof *offers; i++)
		if (ssh_bind_options_set(door, offers[i].option, offers[i].value))
			die("libssh: %s", ssh_get_error(door));
	for (size_t i = 0; i < KEYS; i++)
		if (load_key(folder, &keys[i]))
			return -1;
	return greet_ourselves();
}

int
ssh_fingerprints(const char *folder, struct buf *out)
{
	int result = 0;
	for (size_t i = 0; i < KEYS && !result; i++) {
		struct buf path = { 0 };
		key_path(&path, folder, &keys[i], "");
		ssh_key key = NULL;
		unsigned char *hash = NULL;
		size_t size = 0;
		char *print = NULL;
		if (ssh_pki_import_privkey_file(path.data, NULL, NULL, NULL, &key) == SSH_OK &&
		    !ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size))
			print = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
		if (print)
			buf_fmt(out, "%s %s\n", print, keys[i].name);
		else
			result = -1;
		ssh_string_free_char(print);
		ssh_clean_pubkey_hash(&hash);
		ssh_key_free(key);
		buf_free(&path);
	}
	return result;
}

bool
ssh_dead(const struct ssh_call *call)
{
	return !ssh_is_connected(call->ssh) ||
	    ssh_get_status(call->ssh) & (SSH_CLOSED | SSH_CLOSED_ERROR);
}

void
ssh_goodbye(struct ssh_call *call, const char *why)
{
	if (!ssh_dead(call)) {
		struct buf words = { 0 };
		/* OpenSSH's client shows each byte of anything else as \342. */
		text_show(&words, why, strlen(why), CHARSET_ASCII);
		ssh_blocking_flush(call->ssh, LAST_WORDS_WAIT);
		ssh_session_set_disconnect_message(call->ssh, buf_text(&words));
		ssh_disconnect(call->ssh);
		buf_free(&words);
	}
}

enum carrier_end
ssh_carrier(const struct carrier *c)
{
	struct ssh_call call = { .carrier = c };
	/* libssh writes as if a write could never wait. */
	fcntl(c->wire, F_SETFL, fcntl(c->wire, F_GETFL) | O_NONBLOCK);
	call.ssh = open_session(c->wire);
	ssh_set_counters(call.ssh, &call.bytes, &call.packets);
	ssh_set_auth_methods(call.ssh,
	    SSH_AUTH_METHOD_PUBLICKEY | SSH_AUTH_METHOD_INTERACTIVE | SSH_AUTH_METHOD_PASSWORD);
	fence_carrier();
	if (ssh_handle_key_exchange(call.ssh)) {
		log_line(LOG_DETAIL, "%s: no key exchange: %s", c->source, ssh_get_error(call.ssh));
		return CARRIER_NOBODY;
	}
	ssh_set_blocking(call.ssh, 0);
	enum carrier_end end = ssh_auth(&call);
	if (end == CARRIER_WELL)
		ssh_line(&call);
	return end;
}
