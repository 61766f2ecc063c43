/* The caller by libssh, everything blocking. */
#include "tests/bench/caller.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum { FIRST_WAIT = 2000, SCREEN_WAIT = 10000 };

double
caller_clock(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static size_t inflated;

/*
 * libssh finds this one before zlib's: it does the same, and counts what goes in. libssh itself
 * counts bytes only before they are decrypted, padding and seal included, or after this.
 */
int
inflate(z_streamp stream, int flush)
{
	static int (*zlib)(z_streamp, int);
	if (!zlib)
		*(void **)&zlib = dlsym(RTLD_NEXT, "inflate");
	if (!zlib)
		abort();
	uInt before = stream->avail_in;
	int r = zlib(stream, flush);
	inflated += before - stream->avail_in;
	return r;
}

size_t
caller_inflated(void)
{
	return inflated;
}

static bool
set_options(ssh_session ssh, const struct way *way)
{
	bool no = false;
	int nodelay = 1;
	long wait = 20;
	const char *compression = way->zlib ? "zlib@openssh.com" : "none";
	return !ssh_options_set(ssh, SSH_OPTIONS_HOST, "127.0.0.1") &&
	       !ssh_options_set(ssh, SSH_OPTIONS_PORT, &way->port) &&
	       !ssh_options_set(ssh, SSH_OPTIONS_USER, way->login) &&
	       !ssh_options_set(ssh, SSH_OPTIONS_PROCESS_CONFIG, &no) &&
	       !ssh_options_set(ssh, SSH_OPTIONS_NODELAY, &nodelay) &&
	       !ssh_options_set(ssh, SSH_OPTIONS_TIMEOUT, &wait) &&
	       !ssh_options_set(ssh, SSH_OPTIONS_COMPRESSION, compression) &&
	       !ssh_options_set(ssh, SSH_OPTIONS_CIPHERS_C_S, "chacha20-poly1305@openssh.com") &&
	       !ssh_options_set(ssh, SSH_OPTIONS_CIPHERS_S_C, "chacha20-poly1305@openssh.com") &&
	       !ssh_options_set(ssh, SSH_OPTIONS_KEY_EXCHANGE, "curve25519-sha256") &&
	       !ssh_options_set(ssh, SSH_OPTIONS_HOSTKEYS, "ssh-ed25519");
}

static bool
dial(struct caller *c, const struct way *way)
{
	c->ssh = ssh_new();
	if (!c->ssh || !set_options(c->ssh, way))
		return false;
	if (ssh_connect(c->ssh) != SSH_OK ||
	    ssh_userauth_publickey(c->ssh, NULL, way->key) != SSH_AUTH_SUCCESS)
		return false;
	c->channel = ssh_channel_new(c->ssh);
	if (!c->channel || ssh_channel_open_session(c->channel) != SSH_OK)
		return false;
	/* A server may not want to hear of it; it shows the same screens by its settings. */
	ssh_channel_request_env(c->channel, "LANG", "fr_FR.UTF-8");
	if (!way->lines &&
	    ssh_channel_request_pty_size(c->channel, "xterm-256color", 80, 24) != SSH_OK)
		return false;
	c->inflated = inflated;
	return ssh_channel_request_shell(c->channel) == SSH_OK;
}

bool
caller_open(struct caller *c, const struct way *way)
{
	*c = (struct caller){ 0 };
	if (dial(c, way))
		return true;
	fprintf(stderr, "bench: port %d: %s\n", way->port,
	    c->ssh ? ssh_get_error(c->ssh) : "no memory");
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

size_t
caller_listen(struct caller *c, int quiet, char *data, size_t size)
{
	size_t all = 0;
	int n;
	while (all < size &&
	       (n = ssh_channel_read_timeout(c->channel, data + all, (uint32_t)(size - all), 0,
		    all ? quiet : FIRST_WAIT)) > 0)
		all += (size_t)n;
	return all;
}

bool
caller_hears(struct caller *c, const char *bytes, size_t n)
{
	char data[16384];
	size_t size = 0;
	double until = caller_clock() + SCREEN_WAIT;
	do {
		/* The end of what was read may be the beginning of what is waited for. */
		if (size > sizeof data / 2) {
			memmove(data, data + size - n, n);
			size = n;
		}
		int got = ssh_channel_read_timeout(
		    c->channel, data + size, (uint32_t)(sizeof data - size), 0, FIRST_WAIT);
		if (got < 0)
			return false;
		size += (size_t)got;
		if (memmem(data, size, bytes, n))
			return true;
		if (ssh_channel_is_eof(c->channel))
			return false;
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
