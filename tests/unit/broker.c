/* The broker: helpers started by number, behind their fence, killed with their asker. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

#include "bbs/base/clock.h"
#include "bbs/base/mem.h"
#include "bbs/broker.h"
#include "bbs/base/picture.h"

static char folder[] = "/tmp/bbs-broker-XXXXXX";
static char store[64];
static int door;

static int
open_broker(void **state)
{
	(void)state;
	char own[PATH_MAX], beside[PATH_MAX + 16];
	/* Our own decoders stand beside the program: beside this test there is a link to them. */
	ssize_t n = readlink("/proc/self/exe", own, sizeof own - 1);
	own[n] = '\0';
	*strrchr(own, '/') = '\0';
	snprintf(beside, sizeof beside, "%s/bbs-decode", own);
	if (symlink("../../bbs-decode", beside) && errno != EEXIST)
		return -1;
	if (!mkdtemp(folder))
		return -1;
	snprintf(store, sizeof store, "%s/s", folder);
	close(open(store, O_CREAT | O_RDWR, 0600));
	door = broker_fork(store);
	return door < 0;
}

static int
close_broker(void **state)
{
	(void)state;
	unlink(store);
	rmdir(folder);
	return 0;
}

/* How many folders of helpers there are now. */
static int
folders(void)
{
	int count = 0;
	DIR *dir = opendir(folder);
	for (struct dirent *e; (e = readdir(dir));)
		count += !strncmp(e->d_name, "s-transfer-", 11);
	closedir(dir);
	return count;
}

static void
until_no_folder(void)
{
	for (int i = 0; i < 500 && folders(); i++)
		usleep(10000);
	assert_int_equal(folders(), 0);
}

static int
end_of(struct helper_line *line)
{
	struct pollfd p = { line->control, POLLIN, 0 };
	assert_int_equal(poll(&p, 1, 30000), 1);
	return helper_ended(line);
}

struct given {
	const char *bytes;
	size_t n;
};

static int64_t
give(void *ctx, int64_t offset, char *out, size_t n)
{
	struct given *g = ctx;
	size_t left = g->n - (size_t)offset;
	n = left < n ? left : n;
	memcpy(out, g->bytes + offset, n);
	return (int64_t)n;
}

/* Gives a helper these bytes, takes all it says: how it ended. */
static int
work(struct helper_ask ask, const char *bytes, size_t n, struct buf *out)
{
	return helper_work(door, &ask, give, &(struct given){ bytes, n }, out, 4 * 1024 * 1024);
}

/* ---- what our own decoders read ---- */

static void
add_number(struct buf *out, uint32_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_char(out, (char)(n >> shift & 0xff));
}

static void
add_chunk(struct buf *png, const char *type, const char *data, size_t n)
{
	add_number(png, (uint32_t)n);
	size_t from = png->len;
	buf_add(png, type, 4);
	buf_add(png, data, n);
	add_number(png, (uint32_t)crc32(0, (const Bytef *)png->data + from, (uInt)(png->len - from)));
}

/* A PNG that says it is so large; its left half is red, its right half blue. */
static void
make_png(struct buf *png, uint32_t width, uint32_t height, bool whole)
{
	struct buf head = { 0 }, rows = { 0 };
	buf_add(png, "\x89PNG\r\n\x1a\n", 8);
	add_number(&head, width);
	add_number(&head, height);
	buf_add(&head, "\x08\x02\0\0\0", 5);
	add_chunk(png, "IHDR", head.data, head.len);
	for (uint32_t y = 0; y < (whole ? height : 1); y++) {
		buf_char(&rows, 0);
		for (uint32_t x = 0; x < (whole ? width : 1); x++)
			buf_add(&rows, x < width / 2 ? "\xff\0\0" : "\0\0\xff", 3);
	}
	uLongf size = compressBound((uLong)rows.len);
	char *packed = mem_alloc(size);
	compress((Bytef *)packed, &size, (const Bytef *)rows.data, (uLong)rows.len);
	add_chunk(png, "IDAT", packed, size);
	add_chunk(png, "IEND", "", 0);
	free(packed);
	buf_free(&head);
	buf_free(&rows);
}

static void
a_picture_becomes_cells(void **state)
{
	(void)state;
	struct buf png = { 0 }, out = { 0 };
	struct picture_head head;
	struct picture_cell cell;
	make_png(&png, 320, 160, true);
	struct helper_ask ask = { .helper = HELPER_PICTURE,
		.number = { 40, 20, PICTURE_BLOCKS + PICTURE_WAYS * 256 } };
	assert_int_equal(work(ask, png.data, png.len, &out), HELPER_DONE);
	memcpy(&head, out.data, sizeof head);
	assert_int_equal(head.width, 320);
	assert_int_equal(head.columns, 40);
	assert_int_equal(head.rows, 10);
	assert_int_equal(head.sixel, 0);
	assert_int_equal(out.len, sizeof head + 400 * sizeof cell);
	/* Left and right are not of one colour. */
	struct picture_cell left, right;
	memcpy(&left, out.data + sizeof head, sizeof left);
	memcpy(&right, out.data + sizeof head + 39 * sizeof right, sizeof right);
	assert_true(left.back != right.back || left.front != right.front);
	buf_cut(&out, 0);
	ask.number[2] = PICTURE_SIXEL;
	assert_int_equal(work(ask, png.data, png.len, &out), HELPER_DONE);
	memcpy(&head, out.data, sizeof head);
	assert_int_equal(out.len, sizeof head + (size_t)head.sixel);
	assert_memory_equal(out.data + sizeof head, "\033P", 2);
	buf_free(&png);
	buf_free(&out);
}

static void
a_picture_too_large_is_refused(void **state)
{
	(void)state;
	struct buf png = { 0 }, out = { 0 };
	make_png(&png, 60000, 60000, false);
	struct helper_ask ask = { .helper = HELPER_PICTURE, .number = { 40, 20, PICTURE_BLOCKS } };
	assert_int_equal(work(ask, png.data, png.len, &out), HELPER_FAILED);
	assert_int_equal(out.len, 0);
	assert_int_equal(work(ask, "GIF89a nonsense", 15, &out), HELPER_FAILED);
	ask.number[0] = 100000;
	assert_int_equal(work(ask, png.data, png.len, &out), HELPER_FAILED);
	buf_free(&png);
	buf_free(&out);
}

/* A zip with one file in it. */
static void
make_zip(struct buf *out, const char *name, const char *text, size_t n)
{
	zip_error_t error;
	zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_source_keep(target);
	zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
	assert_non_null(zip);
	assert_true(zip_file_add(zip, name, zip_source_buffer(zip, text, n, 0), 0) >= 0);
	assert_int_equal(zip_close(zip), 0);
	zip_stat_t stat;
	zip_source_stat(target, &stat);
	char *bytes = mem_alloc(stat.size);
	zip_source_open(target);
	zip_source_read(target, bytes, stat.size);
	zip_source_close(target);
	zip_source_free(target);
	buf_add(out, bytes, stat.size);
	free(bytes);
}

static void
office_files_become_text(void **state)
{
	(void)state;
	const char odt[] = "<o:d xmlns:o='o' xmlns:text='t'><text:h>Un titre</text:h><style>non</style>"
			   "<text:p>Le<text:s/>local<text:tab/>é</text:p></o:d>",
		   docx[] = "<w:document xmlns:w='w'><w:p><w:r><w:instrText>PAGE</w:instrText><w:t>Bonjour</w:t>"
			    "<w:br/><w:t>à tous</w:t></w:r></w:p></w:document>";
	struct buf zip = { 0 }, out = { 0 };
	make_zip(&zip, "content.xml", odt, sizeof odt - 1);
	struct helper_ask ask = { .helper = HELPER_TEXT };
	assert_int_equal(work(ask, zip.data, zip.len, &out), HELPER_DONE);
	assert_string_equal(buf_text(&out), "Un titre\nLe local\té\n");
	buf_cut(&zip, 0);
	buf_cut(&out, 0);
	make_zip(&zip, "word/document.xml", docx, sizeof docx - 1);
	assert_int_equal(work(ask, zip.data, zip.len, &out), HELPER_DONE);
	assert_string_equal(buf_text(&out), "Bonjour\nà tous\n");
	buf_free(&zip);
	buf_free(&out);
}

static void
a_bomb_costs_little(void **state)
{
	(void)state;
	size_t n = 300 * 1024 * 1024;
	char *bomb = malloc(n);
	struct buf zip = { 0 }, out = { 0 };
	assert_non_null(bomb);
	memset(bomb, 'a', n);
	memcpy(bomb, "<d><p>", 6);
	make_zip(&zip, "content.xml", bomb, n);
	free(bomb);
	int64_t before = clock_ticks();
	struct helper_ask ask = { .helper = HELPER_TEXT };
	int end = work(ask, zip.data, zip.len, &out);
	assert_true(end == HELPER_DONE || end == HELPER_FAILED);
	assert_true(out.len <= 1024 * 1024);
	assert_true(clock_ticks() - before < 9000);
	buf_cut(&zip, 0);
	buf_cut(&out, 0);
	const char laughs[] = "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><d><p>&b;</p></d>";
	make_zip(&zip, "content.xml", laughs, sizeof laughs - 1);
	assert_int_equal(work(ask, zip.data, zip.len, &out), HELPER_FAILED);
	buf_free(&zip);
	buf_free(&out);
}

static void
a_pdf_becomes_text(void **state)
{
	(void)state;
	const char pdf[] = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources"
		"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
		"4 0 obj<</Length 44>>stream\nBT /F1 12 Tf 20 200 Td (Convention) Tj ET     \nendstream endobj\n"
		"trailer<</Root 1 0 R>>\n";
	struct buf out = { 0 };
	struct helper_ask ask = { .helper = HELPER_PDF };
	assert_int_equal(work(ask, pdf, sizeof pdf - 1, &out), HELPER_DONE);
	assert_non_null(strstr(buf_text(&out), "Convention"));
	buf_cut(&out, 0);
	assert_int_equal(work(ask, "no pdf at all", 13, &out), HELPER_FAILED);
	buf_free(&out);
}

static void
a_sound_has_a_length(void **state)
{
	(void)state;
	struct buf wav = { 0 }, out = { 0 };
	const uint32_t rate = 8000, bytes = 3 * 8000;
	buf_add(&wav, "RIFF", 4);
	uint32_t sizes[] = { 36 + bytes, 16, 0x00010001, rate, rate, 0x00080001, bytes };
	buf_add(&wav, (char *)&sizes[0], 4);
	buf_add(&wav, "WAVEfmt ", 8);
	buf_add(&wav, (char *)&sizes[1], 20);
	buf_add(&wav, "data", 4);
	buf_add(&wav, (char *)&sizes[6], 4);
	for (uint32_t i = 0; i < bytes; i++)
		buf_char(&wav, (char)0x80);
	struct helper_ask ask = { .helper = HELPER_SOUND };
	assert_int_equal(work(ask, wav.data, wav.len, &out), HELPER_DONE);
	assert_string_equal(buf_text(&out), "3\n");
	buf_cut(&out, 0);
	/* A telephone's: the movie header says 42 seconds of 1 000 ticks. */
	const char m4a[] = "\0\0\0\x10" "ftypM4A \0\0\0\0" "\0\0\0\x34moov\0\0\0\x2cmvhd\0\0\0\0\0\0\0\0\0\0\0\0"
		"\0\0\x03\xe8\0\0\xa4\x10\0\x01\0\0\1\0\0\0\0\0\0\0";
	assert_int_equal(work(ask, m4a, sizeof m4a - 1, &out), HELPER_DONE);
	assert_string_equal(buf_text(&out), "42\n");
	buf_free(&wav);
	buf_free(&out);
}

/* ---- its folder, and its end ---- */

/* Until its input ends rz waits: it is there as long as its asker. */
static void
a_helper_goes_with_its_asker(void **state)
{
	(void)state;
	struct helper_line line;
	struct helper_ask ask = { .helper = HELPER_RECEIVE, .size = 1000 };
	assert_int_equal(helper_call(door, &ask, &line), 0);
	assert_int_equal(helper_folder(&line), 0);
	assert_int_equal(access(line.folder, R_OK | W_OK | X_OK), 0);
	helper_start(&line);
	struct pollfd p = { line.bytes, POLLIN, 0 };
	assert_int_equal(poll(&p, 1, 10000), 1); /* its ZRINIT */
	assert_int_equal(helper_ended(&line), -1);
	assert_int_equal(folders(), 1);
	helper_close(&line);
	until_no_folder();
}

static void
an_asker_may_go_before_the_start(void **state)
{
	(void)state;
	struct helper_line line;
	struct helper_ask ask = { .helper = HELPER_SEND, .name = "a" };
	assert_int_equal(helper_call(door, &ask, &line), 0);
	assert_int_equal(helper_folder(&line), 0);
	helper_close(&line);
	until_no_folder();
}

/* sz to rz, through two folders: byte for byte, whatever the name. */
static void
a_file_goes_by_zmodem(void **state)
{
	(void)state;
	struct helper_line from, to;
	struct helper_ask send_ask = { .helper = HELPER_SEND, .name = "-a$(b) é.bin" },
			  receive_ask = { .helper = HELPER_RECEIVE, .size = 1 << 20 };
	char path[600], sent[100000], got[100001];
	for (size_t i = 0; i < sizeof sent; i++)
		sent[i] = (char)(i * 7 + i / 251);
	assert_int_equal(helper_call(door, &send_ask, &from), 0);
	assert_int_equal(helper_call(door, &receive_ask, &to), 0);
	assert_int_equal(helper_folder(&from), 0);
	assert_int_equal(helper_folder(&to), 0);
	snprintf(path, sizeof path, "%s/%s", from.folder, send_ask.name);
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, sent, sizeof sent), sizeof sent);
	close(fd);
	helper_start(&from);
	helper_start(&to);
	int ends[2] = { -1, -1 };
	char piece[4096];
	while (ends[0] < 0 || ends[1] < 0) {
		struct pollfd p[4] = { { from.bytes, POLLIN, 0 }, { to.bytes, POLLIN, 0 }, { from.control, POLLIN, 0 },
			{ to.control, POLLIN, 0 } };
		assert_true(poll(p, 4, 20000) > 0);
		ssize_t n = read(from.bytes, piece, sizeof piece);
		if (n > 0)
			send(to.bytes, piece, (size_t)n, MSG_NOSIGNAL);
		n = read(to.bytes, piece, sizeof piece);
		if (n > 0)
			send(from.bytes, piece, (size_t)n, MSG_NOSIGNAL);
		if (ends[0] < 0)
			ends[0] = helper_ended(&from);
		if (ends[1] < 0)
			ends[1] = helper_ended(&to);
	}
	assert_int_equal(ends[0], HELPER_DONE);
	assert_int_equal(ends[1], HELPER_DONE);
	snprintf(path, sizeof path, "%s/%s", to.folder, send_ask.name);
	fd = open(path, O_RDONLY);
	assert_int_equal(read(fd, got, sizeof got), sizeof sent);
	assert_memory_equal(got, sent, sizeof sent);
	close(fd);
	helper_close(&from);
	helper_close(&to);
	until_no_folder();
}

/* A transfer that its caller does not begin: HELPER_DONE, or why there is none. */
static int
begin(struct helper_line *line, int64_t whose)
{
	struct helper_ask ask = { .helper = HELPER_RECEIVE, .size = 1000, .whose = whose };
	assert_int_equal(helper_call(door, &ask, line), 0);
	return helper_folder(line) ? helper_ended(line) : HELPER_DONE;
}

static void
one_account_has_a_few_transfers(void **state)
{
	(void)state;
	struct helper_line own[HELPER_TRANSFERS], other, more;
	for (int i = 0; i < HELPER_TRANSFERS; i++)
		assert_int_equal(begin(&own[i], 7), HELPER_DONE);
	assert_int_equal(begin(&more, 7), HELPER_ENOUGH);
	helper_close(&more);
	assert_int_equal(begin(&other, 8), HELPER_DONE);
	for (int i = 0; i < HELPER_TRANSFERS; i++)
		helper_close(&own[i]);
	helper_close(&other);
	until_no_folder();
	/* Their keepers end a moment after their folders. */
	int end = begin(&more, 7);
	for (int i = 0; i < 500 && end == HELPER_ENOUGH; i++) {
		helper_close(&more);
		usleep(10000);
		end = begin(&more, 7);
	}
	assert_int_equal(end, HELPER_DONE);
	helper_close(&more);
	until_no_folder();
}

static void
what_is_short_finds_room_beside_transfers(void **state)
{
	(void)state;
	enum { MANY = 64 };
	struct helper_line lines[MANY];
	struct buf out = { 0 };
	int begun = 0, end;
	while (begun < MANY && (end = begin(&lines[begun], begun)) == HELPER_DONE)
		begun++;
	assert_in_range(begun, 16, MANY - 1);
	assert_int_equal(end, HELPER_BUSY);
	struct helper_ask ask = { .helper = HELPER_SOUND };
	for (int i = 0; i < 2; i++)
		assert_int_equal(work(ask, "x", 1, &out), HELPER_FAILED);
	for (int i = 0; i <= begun; i++)
		helper_close(&lines[i]);
	until_no_folder();
}

static void
nonsense_is_refused(void **state)
{
	(void)state;
	static const char *const names[] = { "", ".", "..", "../x", "a/b" };
	struct helper_line line;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct helper_ask ask = { .helper = HELPER_SEND };
		snprintf(ask.name, sizeof ask.name, "%s", names[i]);
		assert_int_equal(helper_call(door, &ask, &line), 0);
		assert_int_equal(helper_folder(&line), -1);
		assert_int_equal(helper_ended(&line), HELPER_FELL);
		helper_close(&line);
	}
	struct helper_ask ask = { .helper = HELPER_COUNT };
	assert_int_equal(helper_call(door, &ask, &line), 0);
	assert_int_equal(end_of(&line), HELPER_FELL);
	helper_close(&line);
	/* And it is still there. */
	struct buf out = { 0 };
	ask.helper = HELPER_SOUND;
	assert_int_equal(work(ask, "x", 1, &out), HELPER_FAILED);
	assert_int_equal(folders(), 0);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_picture_becomes_cells),
		cmocka_unit_test(a_picture_too_large_is_refused),
		cmocka_unit_test(office_files_become_text),
		cmocka_unit_test(a_bomb_costs_little),
		cmocka_unit_test(a_pdf_becomes_text),
		cmocka_unit_test(a_sound_has_a_length),
		cmocka_unit_test(a_helper_goes_with_its_asker),
		cmocka_unit_test(an_asker_may_go_before_the_start),
		cmocka_unit_test(a_file_goes_by_zmodem),
		cmocka_unit_test(one_account_has_a_few_transfers),
		cmocka_unit_test(what_is_short_finds_room_beside_transfers),
		cmocka_unit_test(nonsense_is_refused),
	};
	return cmocka_run_group_tests_name("broker", tests, open_broker, close_broker);
}
