/* The caller by libssh, everything blocking. */
#include "tests/bench/caller.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { FIRST_WAIT = 2000, SCREEN_WAIT = 10000 };

double
caller_clock(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool
dial(struct caller *c, int port, const char *user, ssh_key key)
{
	bool no = false;
	int nodelay = 1;
	long wait = 20;
	c->ssh = ssh_new();
	if (!c->ssh || ssh_options_set(c->ssh, SSH_OPTIONS_HOST, "127.0.0.1") ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_PORT, &port) ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_USER, user) ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_PROCESS_CONFIG, &no) ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_NODELAY, &nodelay) ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_TIMEOUT, &wait) ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_CIPHERS_C_S, "chacha20-poly1305@openssh.com") ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_CIPHERS_S_C, "chacha20-poly1305@openssh.com") ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_KEY_EXCHANGE, "curve25519-sha256") ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_HOSTKEYS, "ssh-ed25519"))
		return false;
	if (ssh_connect(c->ssh) != SSH_OK ||
	    ssh_userauth_publickey(c->ssh, NULL, key) != SSH_AUTH_SUCCESS)
		return false;
	c->channel = ssh_channel_new(c->ssh);
	if (!c->channel || ssh_channel_open_session(c->channel) != SSH_OK)
		return false;
	/* A server may not want to hear of the language; it shows the same screens by its settings.
	 */
	ssh_channel_request_env(c->channel, "LANG", "fr_FR.UTF-8");
	return ssh_channel_request_pty_size(c->channel, "xterm-256color", 80, 24) == SSH_OK &&
	       ssh_channel_request_shell(c->channel) == SSH_OK;
}

bool
caller_open(struct caller *c, int port, const char *user, ssh_key key)
{
	*c = (struct caller){ 0 };
	if (dial(c, port, user, key))
		return true;
	fprintf(stderr, "bench: port %d: %s\n", port, c->ssh ? ssh_get_error(c->ssh) : "no memory");
	caller_close(c);
	return false;
}

void
caller_close(struct caller *c)
{
	if (!c->ssh)
		return;
	ssh_disconnect(c->ssh);
	ssh_free(c->ssh);
	*c = (struct caller){ 0 };
}

void
caller_type(struct caller *c, const char *keys)
{
	ssh_channel_write(c->channel, keys, (uint32_t)strlen(keys));
}

static void
keep_tail(struct tail *t, const char *data, size_t n)
{
	for (size_t i = n > sizeof t->bytes ? n - sizeof t->bytes : 0; i < n; i++) {
		if (t->size == sizeof t->bytes)
			memmove(t->bytes, t->bytes + 1, --t->size);
		t->bytes[t->size++] = data[i];
	}
}

size_t
caller_listen(struct caller *c, int quiet, struct tail *tail)
{
	char data[8192];
	size_t all = 0;
	int n;
	while ((n = ssh_channel_read_timeout(
		    c->channel, data, sizeof data, 0, all ? quiet : FIRST_WAIT)) > 0) {
		all += (size_t)n;
		if (tail)
			keep_tail(tail, data, (size_t)n);
	}
	return all;
}

bool
caller_sees(struct caller *c, const struct tail *tail)
{
	char data[8192];
	struct tail now = { 0 };
	double until = caller_clock() + SCREEN_WAIT;
	do {
		int n = ssh_channel_read_timeout(c->channel, data, sizeof data, 0, FIRST_WAIT);
		if (n < 0 || ssh_channel_is_eof(c->channel))
			return false;
		keep_tail(&now, data, (size_t)n);
		if (now.size == tail->size && !memcmp(now.bytes, tail->bytes, now.size))
			return true;
	} while (caller_clock() < until);
	return false;
}

double
caller_echo(struct caller *c, const char *keys, int quiet)
{
	char data[8192];
	double before = caller_clock();
	caller_type(c, keys);
	if (ssh_channel_read_timeout(c->channel, data, sizeof data, 0, FIRST_WAIT) <= 0)
		return -1;
	double took = caller_clock() - before;
	while (ssh_channel_read_timeout(c->channel, data, sizeof data, 0, quiet) > 0)
		;
	return took;
}
