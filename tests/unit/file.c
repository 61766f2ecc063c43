/* File areas: the tree and its names, who sees and changes what, the bin, the search. */
#include "tests/unit/file.h"

#include "db/sqlite.h"

static int
walk(enum who who, const char *path)
{
	struct file file;
	as(who);
	int r = file_walk(s.db, path, &file);
	file_free(&file);
	return r;
}

static void
names(void **state)
{
	(void)state;
	static const struct {
		const char *typed;
		int answer;
		const char *name;
	} cases[] = {
		{ "compte rendu.odt", E_OK, "compte rendu.odt" },
		{ "e\u0301te\u0301.txt", E_OK, "été.txt" },
		{ "-rf", E_OK, "-rf" },
		{ " devant et derrière ", E_OK, " devant et derrière " },
		{ "🌻.jpg", E_OK, "🌻.jpg" },
		{ "", E_INVALID, NULL },
		{ ".", E_INVALID, NULL },
		{ "..", E_INVALID, NULL },
		{ "a/b", E_INVALID, NULL },
		{ "a\nb", E_INVALID, NULL },
		{ "a\x1b[2Jb", E_INVALID, NULL },
		{ "\xe9t\xe9", E_INVALID, NULL },
		{ "a\u202eb", E_INVALID, NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf name = { 0 };
		assert_int_equal(file_check_name(cases[i].typed, &name), cases[i].answer);
		if (cases[i].name)
			assert_string_equal(buf_text(&name), cases[i].name);
		buf_free(&name);
	}
	char long_name[FILE_NAME_MAX + 2];
	struct buf name = { 0 };
	memset(long_name, 'x', sizeof long_name);
	long_name[FILE_NAME_MAX + 1] = '\0';
	assert_int_equal(file_check_name(long_name, &name), E_TOO_LONG);
	buf_free(&name);
	long_name[FILE_NAME_MAX] = '\0';
	assert_int_equal(file_check_name(long_name, &name), E_OK);
	buf_free(&name);
}

static void
the_tree(void **state)
{
	(void)state;
	assert_lists(VISITOR, "", "departements|ressources|");
	assert_lists(ALBA, "", "departements|groupes|ressources|partages|mon-departement|mon-conseil|moi|");
	assert_lists(ALBA, "d30", "1-echanges-de-bonnes-pratiques|2-formations-supports-pedagogiques|"
	    "3-modeles-administratifs|4-cadre-juridique|5-annuaire|");
	assert_lists(VISITOR, "d30.5", "annuaire.csv|annuaire.xlsx|annuaire.vcf|");
	assert_true(list(VISITOR, "departements").count == 100);
	assert_int_equal(walk(VISITOR, "/departements/30-gard/1-echanges-de-bonnes-pratiques/"), E_OK);
	assert_int_equal(walk(VISITOR, "departements/./30-gard//.."), E_OK);
	assert_int_equal(walk(VISITOR, "/../.."), E_OK);
	assert_int_equal(walk(VISITOR, "/mon-conseil"), E_NOT_FOUND);
	assert_int_equal(walk(VISITOR, "/departements/30-gard/6-ailleurs"), E_NOT_FOUND);
	assert_int_equal(walk(ALBA, "/mon-conseil/public"), E_OK);
	assert_int_equal(walk(ALBA, "/mon-conseil/../moi"), E_OK);
	assert_lists(ALBA, "c999999", "error -2");
	assert_lists(ALBA, "nulle part", "error -2");
	assert_lists(VISITOR, "partages", "error -2");

	struct file folder, found;
	struct buf path = { 0 };
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "Jardins", &folder), E_OK);
	item_id item = put(ALBA, folder.shelf, "plan.txt", "un plan");
	assert_int_equal(file_get(s.db, item, &found), E_OK);
	file_path(s.db, &found, &path);
	assert_string_equal(buf_text(&path), "/departements/30-gard/1-echanges-de-bonnes-pratiques/Jardins/plan.txt");
	assert_int_equal(walk(ALBA, buf_text(&path)), E_OK);
	assert_int_equal(walk(ALBA, "/departements/30-gard/1-echanges-de-bonnes-pratiques/Jardins/plan.txt/x"),
	    E_NOT_FOUND);
	buf_free(&path);
	file_free(&found);
	file_free(&folder);
}

/* A folder goes for good with what was thrown away with it, and its bytes with it. */
static void
purged(void **state)
{
	(void)state;
	struct file folder;
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "Fête", &folder), E_OK);
	item_id inside = put(ALBA, folder.shelf, "a.txt", "rien que là");
	as(ALBA);
	assert_int_equal(file_bin(s.db, folder.item, true), E_OK);
	assert_int_equal(file_purge(s.db, folder.item), E_OK);
	assert_int_equal(file_restore(s.db, inside), E_NOT_FOUND);
	as(SYSOP);
	assert_int_equal(file_sweep(s.db), 1);
	assert_int_equal(db_one(s.db, used_by, 0, T("area", "d30")), 0);
	file_free(&folder);
	assert_clean();
}

/* Who may put something where. */
static void
who_writes(void **state)
{
	(void)state;
	char own[SHELF_MAX + 1], nimes[SHELF_MAX + 1], public[SHELF_MAX + 1];
	snprintf(own, sizeof own, "m%lld", (long long)s.who[ALBA].n);
	snprintf(nimes, sizeof nimes, "c%lld", (long long)s.nimes.n);
	snprintf(public, sizeof public, "c%lld.public", (long long)s.nimes.n);
	const struct {
		const char *shelf;
		enum who who;
		bool writes;
	} cases[] = {
		{ THEME, VISITOR, false }, { THEME, ALBA, true }, { THEME, ANJOU, true }, /* he is of a council in Nîmes */
		{ THEME, GARD, true }, { THEME, REGION, true }, { THEME, EPCI, true }, { "d49.1", ANJOU, true },
		{ "d49.1", GARD, false }, { THEME, SYSOP, true }, { THEME, XAVIER, false },
		{ "d30", ALBA, false }, { "d30.5", SYSOP, false }, { "r1", ALBA, false }, { "r1", GARD, true },
		{ "r2", SYSOP, false }, { "", SYSOP, false }, { "partages", ALBA, false },
		{ own, ALBA, true }, { own, BRUNO, false }, { own, SYSOP, false },
		{ nimes, ALBA, true }, { nimes, XAVIER, false }, { nimes, GARD, false }, { nimes, SYSOP, false },
		{ public, ALBA, true }, { public, XAVIER, false }, { public, VISITOR, false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		item_id item;
		as(cases[i].who);
		if (shelf_writes(s.db, cases[i].shelf) != cases[i].writes)
			fail_msg("case %zu: %s", i, cases[i].shelf);
		struct file shelf = { 0 };
		int found = shelf_get(s.db, cases[i].shelf, &shelf);
		if (shelf.writes != (cases[i].writes && !found))
			fail_msg("case %zu: %s, as a file", i, cases[i].shelf);
		file_free(&shelf);
		char name[20];
		snprintf(name, sizeof name, "essai %zu", i);
		int r = send_as(cases[i].who, cases[i].shelf, name, UPLOAD_NEW, "x", 1, &item);
		if ((r == E_OK) != cases[i].writes)
			fail_msg("case %zu: %s: %d", i, cases[i].shelf, r);
	}
	assert_clean();
}

static int
count_statement(unsigned mask, void *count, void *statement, void *text)
{
	(void)mask;
	(void)statement;
	(void)text;
	++*(int *)count;
	return 0;
}

static bool
count_written_to(void *ctx, const struct file *file)
{
	*(int *)ctx += file->writes;
	return true;
}

/* However many stand there: whether the viewer may change each is asked once. */
static void
listing_asks_once(void **state)
{
	(void)state;
	static const char *const shelves[] = { THEME, "partages", "d30", "departements" };
	int counts[2] = { 0 }, written = 0;
	for (int i = 0; i < 40; i++) {
		struct file made;
		char name[20];
		snprintf(name, sizeof name, "dossier %02d", i);
		as(ALBA);
		assert_int_equal(folder_make(s.db, THEME, name, &made), E_OK);
		assert_int_equal(file_set_level(s.db, made.item, "named", &s.who[BRUNO], 1), E_OK);
		file_free(&made);
	}
	for (int viewer = 0; viewer < 2; viewer++)
		for (size_t i = 0; i < sizeof shelves / sizeof *shelves; i++) {
			as(viewer ? BRUNO : ALBA);
			for (int n = 0; n < 2; n++) {
				written = counts[n] = 0;
				sqlite3_trace_v2(s.db->handle, SQLITE_TRACE_STMT, count_statement, &counts[n]);
				file_page(s.db, shelves[i], NULL, (item_id){ 0 }, 1, n ? 40 : 4, count_written_to, &written);
				sqlite3_trace_v2(s.db->handle, 0, NULL, NULL);
			}
			assert_true(counts[0] > 0);
			if (counts[0] != counts[1])
				fail_msg("%s: %d statements, then %d", shelves[i], counts[0], counts[1]);
			if (i == 0 && !viewer)
				assert_int_equal(written, 40);
		}
}

/* Every level before every viewer: listed, found, read, all alike. */
static void
who_reads(void **state)
{
	(void)state;
	static const char *const levels[] = { "me", "named", "council", "members", "public" };
	item_id items[5];
	for (int i = 0; i < 5; i++) {
		items[i] = put(ALBA, THEME, levels[i], levels[i]);
		assert_int_equal(file_set_level(s.db, items[i], levels[i], &s.who[XAVIER], i == 1), E_OK);
	}
	static const struct {
		enum who who;
		const char *sees;
	} cases[] = {
		{ VISITOR, "public|" },
		{ ALBA, "council|me|members|named|public|" },
		{ BRUNO, "council|members|public|" },
		{ XAVIER, "members|named|public|" },
		{ GARD, "members|public|" },
		{ SYSOP, "members|public|" },
	};
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		assert_lists(cases[c].who, THEME, cases[c].sees);
		for (int i = 0; i < 5; i++) {
			struct file file;
			char word[20], out[20];
			snprintf(word, sizeof word, "%s|", levels[i]);
			/* "me|" is a part of no other word that is listed before */
			bool sees = strstr(cases[c].sees, word) != NULL;
			as(cases[c].who);
			assert_int_equal(file_find(s.db, THEME, levels[i], &file), sees ? E_OK : E_NOT_FOUND);
			file_free(&file);
			int r = file_get(s.db, items[i], &file);
			assert_int_equal(r, sees ? E_OK : E_NOT_FOUND);
			if (!r)
				file_free(&file);
			assert_int_equal(read_now(items[i], 0, out, sizeof out),
			    sees ? (int64_t)strlen(levels[i]) : E_NOT_FOUND);
		}
	}
	assert_lists(XAVIER, "partages", "named|");
	assert_lists(ALBA, "partages", "");
	static const int readers[] = { 1, 2, 4, 10, -1 };
	for (int i = 0; i < 5; i++)
		assert_int_equal(file_readers(s.db, items[i]), readers[i]);
	as(VISITOR);
	assert_int_equal(file_readers(s.db, items[0]), 0);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, items[1], "named", &(member_id){ 999 }, 1), E_INVALID);
	/* The others by name, and only to who may change it. */
	struct buf named = { 0 };
	file_named(s.db, items[1], &named);
	assert_string_equal(buf_text(&named), "xavier Martin");
	buf_cut(&named, 0);
	as(XAVIER);
	file_named(s.db, items[1], &named);
	assert_int_equal(named.len, 0);
	buf_free(&named);
	as(ALBA);
	assert_int_equal(file_may_level(s.db, items[1], "public"), E_OK);
	assert_int_equal(file_may_level(s.db, items[1], "all"), E_INVALID);
	assert_int_equal(file_may_name(s.db, items[1], "public"), E_EXISTS);
	assert_int_equal(file_may_name(s.db, items[1], "named"), E_OK);
	assert_int_equal(file_may_name(s.db, items[1], "a/b"), E_INVALID);
	assert_int_equal(file_may_name(s.db, (item_id){ 999999 }, "b"), E_NOT_FOUND);
	as(XAVIER);
	assert_int_equal(file_set_level(s.db, items[3], "public", NULL, 0), E_DENIED);
	assert_int_equal(file_set_level(s.db, items[0], "public", NULL, 0), E_NOT_FOUND);
	struct file open;
	/* Who keeps the folder closes what is another's, and opens it to nobody, by no way. */
	as(GARD);
	assert_int_equal(file_set_level(s.db, items[3], "public", NULL, 0), E_DENIED);
	assert_int_equal(file_may_level(s.db, items[3], "public"), E_DENIED);
	assert_int_equal(file_may_level(s.db, items[3], "council"), E_OK);
	assert_int_equal(file_set_level(s.db, items[3], "named", &s.who[XAVIER], 1), E_DENIED);
	assert_int_equal(folder_make(s.db, THEME, "ouvert", &open), E_OK);
	assert_int_equal(file_set_level(s.db, open.item, "public", NULL, 0), E_OK);
	assert_int_equal(file_move(s.db, items[3], open.shelf, "members"), E_DENIED);
	file_free(&open);
	assert_int_equal(file_set_level(s.db, items[3], "council", NULL, 0), E_OK);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, items[3], "members", NULL, 0), E_OK);
	assert_clean();
}

static void
twins(void **state)
{
	(void)state;
	struct file file;
	item_id hidden = put(ALBA, THEME, "note.txt", "d'Alba");
	assert_int_equal(file_set_level(s.db, hidden, "me", NULL, 0), E_OK);
	/* Bruno does not see it: his name is as good as any. */
	item_id his = put(BRUNO, THEME, "note.txt", "de Bruno");
	assert_true(his.n != hidden.n);
	assert_lists(BRUNO, THEME, "note.txt|");
	assert_lists(ALBA, THEME, "note.txt|note (2).txt|");
	as(ALBA);
	assert_int_equal(file_find(s.db, THEME, "note (2).txt", &file), E_OK);
	assert_int_equal(file.item.n, his.n);
	file_free(&file);
	assert_int_equal(file_find(s.db, THEME, "note (3).txt", &file), E_NOT_FOUND);
	as(BRUNO);
	assert_int_equal(file_find(s.db, THEME, "note (2).txt", &file), E_NOT_FOUND);
	struct seen seen = { 0 };
	as(ALBA);
	assert_int_equal(file_page(s.db, THEME, NULL, (item_id){ 0 }, 1, 1, note_file, &seen), 1);
	assert_int_equal(file_page(s.db, THEME, seen.sort, seen.last, 1, 5, note_file, &seen), 1);
	assert_string_equal(seen.names, "note.txt|note (2).txt|");
	seen = (struct seen){ 0 };
	assert_int_equal(file_page(s.db, THEME, NULL, (item_id){ 0 }, -1, 5, note_file, &seen), 2);
	assert_string_equal(seen.names, "note (2).txt|note.txt|");
}

static void
moved(void **state)
{
	(void)state;
	char nimes[SHELF_MAX + 1], public[SHELF_MAX + 1];
	struct file folder, inner;
	snprintf(nimes, sizeof nimes, "c%lld", (long long)s.nimes.n);
	snprintf(public, sizeof public, "c%lld.public", (long long)s.nimes.n);
	as(ALBA);
	assert_int_equal(folder_make(s.db, nimes, "Fête", &folder), E_OK);
	assert_int_equal(folder_make(s.db, nimes, "Fête", &inner), E_EXISTS);
	assert_int_equal(folder_make(s.db, nimes, "public", &inner), E_EXISTS);
	assert_int_equal(folder_make(s.db, folder.shelf, "Photos", &inner), E_OK);
	item_id photo = put(ALBA, inner.shelf, "place.jpg", "jpeg");
	as(ALBA);
	/* What the question before it says: who would read it there. */
	bool same;
	assert_int_equal(file_readers_at(s.db, folder.item, public, &same), -1);
	assert_false(same);
	assert_int_equal(file_readers_at(s.db, folder.item, nimes, &same), file_readers(s.db, folder.item));
	assert_true(same);
	assert_int_equal(file_move(s.db, folder.item, inner.shelf, "Fête"), E_INVALID);
	assert_int_equal(walk(XAVIER, "/ressources/publications-des-conseils"), E_OK);
	assert_lists(XAVIER, "r2", "");
	as(ALBA);
	assert_int_equal(file_move(s.db, folder.item, public, "La fête"), E_OK);
	assert_int_equal(list(VISITOR, "r2").count, 1);
	assert_lists(VISITOR, public, "La fête|");
	assert_lists(VISITOR, inner.shelf, "place.jpg|");
	assert_holds(photo, "jpeg");
	char path[2300];
	snprintf(path, sizeof path, "/ressources/publications-des-conseils/%s/La fête/Photos/place.jpg",
	    list(VISITOR, "r2").names);
	*strchr(path, '|') = '/';
	assert_int_equal(walk(VISITOR, path), E_OK);
	/* What stands there for others alone is no publication. */
	as(ALBA);
	assert_int_equal(file_set_level(s.db, folder.item, "council", NULL, 0), E_OK);
	assert_int_equal(list(VISITOR, "r2").count, 0);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, folder.item, "public", NULL, 0), E_OK);
	assert_int_equal(list(VISITOR, "r2").count, 1);
	as(ALBA);
	assert_int_equal(file_move(s.db, folder.item, nimes, "Fête"), E_OK);
	assert_int_equal(list(VISITOR, "r2").count, 0);
	assert_lists(VISITOR, inner.shelf, "error -2");
	as(XAVIER);
	assert_int_equal(file_move(s.db, photo, THEME, "x.jpg"), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(file_move(s.db, photo, THEME, "x.jpg"), E_OK);
	assert_int_equal(db_one(s.db, used_by, 0, T("area", nimes)), 0);
	assert_int_equal(db_one(s.db, used_by, 0, T("area", "d30")), 4);
	as(XAVIER);
	assert_holds(photo, "jpeg");
	assert_int_equal(file_move(s.db, photo, THEME, "y.jpg"), E_DENIED);
	file_free(&folder);
	file_free(&inner);
	assert_clean();
}

static void
binned(void **state)
{
	(void)state;
	struct file folder;
	struct seen seen = { 0 };
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "Jardins", &folder), E_OK);
	item_id a = put(ALBA, folder.shelf, "a.txt", "aaa"), his = put(BRUNO, folder.shelf, "secret.txt", "chut");
	assert_int_equal(file_set_level(s.db, his, "me", NULL, 0), E_OK);
	as(ALBA);
	assert_int_equal(file_bin(s.db, folder.item, false), E_NOT_EMPTY);
	assert_int_equal(file_bin(s.db, folder.item, true), E_OK);
	assert_lists(ALBA, THEME, "");
	/* What she did not see is where the folder was. */
	assert_lists(BRUNO, THEME, "secret.txt|");
	as(ALBA);
	assert_int_equal(bin_page(s.db, NULL, (item_id){ 0 }, 1, 10, note_file, &seen), 2);
	assert_string_equal(seen.names, "a.txt|Jardins|");
	assert_int_equal(read_now(a, 0, seen.names, 10), E_NOT_FOUND);
	as(XAVIER);
	assert_int_equal(file_restore(s.db, folder.item), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(file_restore(s.db, folder.item), E_OK);
	assert_lists(ALBA, THEME, "Jardins|");
	assert_lists(ALBA, folder.shelf, "a.txt|");
	assert_holds(a, "aaa");
	as(XAVIER);
	assert_int_equal(file_bin(s.db, a, false), E_DENIED);
	as(ALBA);
	assert_int_equal(file_bin(s.db, a, false), E_OK);
	assert_clean();
	set_clock(T0 + 31 * DAY);
	as(SYSOP);
	assert_int_equal(file_sweep(s.db), 2); /* the entry, and its bytes */
	assert_int_equal(db_one(s.db, used_by, 0, T("area", "d30")), 4);
	as(ALBA);
	assert_int_equal(file_restore(s.db, a), E_NOT_FOUND);
	assert_clean();
	set_clock(T0);
	file_free(&folder);
}

SQL_WRITE(change_council, "UPDATE member SET council = :council WHERE id = :id");

/* Whoever has left a council puts nothing back into its area. */
static void
gone_elsewhere(void **state)
{
	(void)state;
	char nimes[SHELF_MAX + 1];
	snprintf(nimes, sizeof nimes, "c%lld", (long long)s.nimes.n);
	item_id item = put(ALBA, nimes, "a.txt", "a");
	assert_int_equal(file_bin(s.db, item, false), E_OK);
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, change_council, I("council", s.trelaze.n), I("id", s.who[ALBA].n));
	assert_int_equal(db_commit(s.db), E_OK);
	assert_int_equal(file_restore(s.db, item), E_DENIED);
	assert_lists(BRUNO, nimes, "membres|public|");
	assert_clean();
}

static bool
count_hit(void *ctx, const struct hit *hit)
{
	(void)hit;
	++*(int *)ctx;
	return true;
}

static int
found_by(enum who who, const char *words)
{
	struct search search = { .words = words, .kind = SEARCH_FILES };
	int count = 0;
	as(who);
	int n = search_page(s.db, &search, (item_id){ 0 }, 1, 10, count_hit, &count);
	assert_int_equal(n, count);
	return count;
}

/* By name and by what is said of it; as it is called now, and no longer when it is gone; by whom it is for. */
static void
found(void **state)
{
	(void)state;
	item_id item = put(ALBA, THEME, "Comptes_rendus-2024.odt", "x");
	assert_int_equal(found_by(BRUNO, "compte rendu"), 1);
	assert_int_equal(found_by(BRUNO, "fontaines"), 0);
	as(ALBA);
	assert_int_equal(file_describe(s.db, item, "La fontaine de la place."), E_OK);
	assert_int_equal(found_by(BRUNO, "fontaines"), 1);
	assert_int_equal(found_by(VISITOR, "fontaines"), 0);
	as(ALBA);
	assert_int_equal(file_move(s.db, item, THEME, "Bilan.odt"), E_OK);
	assert_int_equal(found_by(BRUNO, "compte rendu"), 0);
	assert_int_equal(found_by(BRUNO, "bilan"), 1);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, item, "me", NULL, 0), E_OK);
	assert_int_equal(found_by(BRUNO, "bilan"), 0);
	assert_int_equal(found_by(ALBA, "bilan"), 1);
	as(ALBA);
	assert_int_equal(file_bin(s.db, item, false), E_OK);
	assert_int_equal(found_by(ALBA, "bilan"), 0);
	assert_clean();
}

struct parts {
	int files;
};

static void
note_part(void *ctx, const char *part, const char *const *columns, int count, const char *const *cells)
{
	struct parts *p = ctx;
	(void)columns;
	(void)count;
	p->files += cells && !strcmp(part, "files");
}

/* Another's file never goes where one person alone can reach it, not even by the machine, nor when the author has left. */
static void
never_one_person_s_alone(void **state)
{
	(void)state;
	char own[SHELF_MAX + 1], machine[SHELF_MAX + 1];
	item_id a = put(ALBA, THEME, "a.txt", "1");
	snprintf(own, sizeof own, "m%lld", (long long)s.who[GARD].n);
	snprintf(machine, sizeof machine, "m%lld", (long long)s.who[SYSOP].n);
	as(GARD);
	assert_int_equal(file_move(s.db, a, own, NULL), E_DENIED);
	assert_int_equal(file_set_level(s.db, a, "me", NULL, 0), E_DENIED);
	as(SYSOP);
	assert_int_equal(file_set_level(s.db, a, "me", NULL, 0), E_DENIED);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, a, "me", NULL, 0), E_OK);
	assert_int_equal(file_set_level(s.db, a, "members", NULL, 0), E_OK);
	as(SYSOP);
	assert_int_equal(member_erase(s.db, s.who[ALBA], "alba"), E_OK);
	as(GARD);
	assert_int_equal(file_move(s.db, a, own, NULL), E_DENIED);
	assert_int_equal(file_set_level(s.db, a, "me", NULL, 0), E_DENIED);
	assert_int_equal(file_bin(s.db, a, false), E_OK);
	assert_clean();
}

/* Who is suspended is not among the names that are shown, and is still named. */
static void
suspended_among_named(void **state)
{
	(void)state;
	struct buf named = { 0 };
	struct file f;
	item_id a = put(ALBA, THEME, "a.txt", "1");
	const member_id two[] = { s.who[BRUNO], s.who[ROSA] }, other[] = { s.who[XAVIER] };
	as(ALBA);
	assert_int_equal(file_set_level(s.db, a, "named", two, 2), E_OK);
	as(SYSOP);
	assert_int_equal(member_suspend(s.db, s.who[ROSA], "x"), E_OK);
	as(ALBA);
	file_named(s.db, a, &named);
	assert_string_equal(buf_text(&named), "bruno Martin");
	assert_int_equal(file_set_level(s.db, a, "named", other, 1), E_OK);
	as(SYSOP);
	assert_int_equal(member_reinstate(s.db, s.who[ROSA]), E_OK);
	as(ROSA);
	assert_int_equal(file_get(s.db, a, &f), E_OK);
	file_free(&f);
	as(BRUNO);
	assert_int_equal(file_get(s.db, a, &f), E_NOT_FOUND);
	buf_free(&named);
	assert_clean();
}

/* Another name changes no date; another folder does, also of what lies in what was moved to others. */
static void
dates_of_what_is_moved(void **state)
{
	(void)state;
	struct file folder, f;
	char to_all[SHELF_MAX + 1];
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "Dossier", &folder), E_OK);
	item_id a = put(ALBA, folder.shelf, "un.txt", "1");
	snprintf(to_all, sizeof to_all, "c%lld.public", (long long)s.nimes.n);
	set_clock(T0 + DAY);
	as(ALBA);
	assert_int_equal(file_move(s.db, a, folder.shelf, "deux.txt"), E_OK);
	assert_int_equal(file_get(s.db, a, &f), E_OK);
	assert_int_equal(f.changed, T0);
	file_free(&f);
	assert_int_equal(file_move(s.db, folder.item, to_all, NULL), E_OK);
	assert_int_equal(file_get(s.db, a, &f), E_OK);
	assert_int_equal(f.changed, T0 + DAY);
	assert_int_equal(f.sent, T0);
	assert_string_equal(buf_text(&f.name), "deux.txt");
	file_free(&f);
	file_free(&folder);
	set_clock(T0);
}

/* A folder's readers are those of what will come; what is there already takes them where that is wanted and allowed. */
static void
level_of_what_lies_within(void **state)
{
	(void)state;
	struct file folder, inner, f;
	int left;
	const member_id bruno[] = { s.who[BRUNO] };
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "Dossier", &folder), E_OK);
	assert_int_equal(folder_make(s.db, folder.shelf, "Dedans", &inner), E_OK);
	item_id a = put(ALBA, inner.shelf, "a.txt", "1"), his = put(BRUNO, folder.shelf, "b.txt", "2");
	as(ALBA);
	assert_int_equal(file_level_differs(s.db, folder.item), 0);
	assert_int_equal(file_set_level(s.db, folder.item, "named", bruno, 1), E_OK);
	assert_int_equal(file_level_differs(s.db, folder.item), 3);
	assert_int_equal(file_level_within(s.db, folder.item, &left), 2);
	assert_int_equal(left, 1);
	assert_int_equal(file_level_differs(s.db, folder.item), 1);
	as(XAVIER);
	assert_int_equal(file_get(s.db, a, &f), E_NOT_FOUND);
	assert_int_equal(file_get(s.db, his, &f), E_OK);
	file_free(&f);
	as(BRUNO);
	assert_int_equal(file_get(s.db, a, &f), E_OK);
	file_free(&f);
	file_free(&folder);
	file_free(&inner);
	assert_clean();
}

/* All that is one's own to change goes, with the room it took. */
static void
bin_emptied(void **state)
{
	(void)state;
	struct file folder;
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "Dossier", &folder), E_OK);
	put(ALBA, folder.shelf, "a.txt", "1");
	item_id b = put(ALBA, THEME, "b.txt", "22"), his = put(BRUNO, THEME, "c.txt", "333");
	as(ALBA);
	assert_int_equal(file_bin(s.db, folder.item, true), E_OK);
	assert_int_equal(file_bin(s.db, b, false), E_OK);
	as(GARD);
	assert_int_equal(file_bin(s.db, his, false), E_OK);
	as(ALBA);
	struct seen seen = { 0 };
	assert_int_equal(bin_page(s.db, NULL, (item_id){ 0 }, 1, 10, note_file, &seen), 3);
	assert_string_equal(seen.names, "b.txt|a.txt|Dossier|");
	set_clock(T0 + 60);
	as(ALBA);
	item_id early = put(ALBA, THEME, "d.txt", "4");
	assert_int_equal(file_bin(s.db, early, false), E_OK);
	assert_int_equal(file_restore(s.db, b), E_OK);
	set_clock(T0 + 120);
	as(ALBA);
	assert_int_equal(file_bin(s.db, b, false), E_OK);
	seen = (struct seen){ 0 };
	assert_int_equal(bin_page(s.db, NULL, (item_id){ 0 }, 1, 10, note_file, &seen), 4);
	assert_string_equal(seen.names, "b.txt|d.txt|a.txt|Dossier|");
	set_clock(T0);
	as(ALBA);
	assert_int_equal(file_purge_all(s.db), 4);
	assert_int_equal(file_purge_all(s.db), 0);
	assert_int_equal(db_one(s.db, used_by, 0, T("area", "d30")), 3);
	as(BRUNO);
	assert_int_equal(file_restore(s.db, his), E_OK);
	file_free(&folder);
	assert_clean();
}

/* What came meanwhile keeps its name. */
static void
restored_beside(void **state)
{
	(void)state;
	struct file f;
	item_id a = put(ALBA, THEME, "guide.txt", "1");
	as(ALBA);
	assert_int_equal(file_bin(s.db, a, false), E_OK);
	item_id his = put(BRUNO, THEME, "guide.txt", "2");
	as(ALBA);
	assert_int_equal(file_restore(s.db, a), E_OK);
	assert_lists(BRUNO, THEME, "guide (2).txt|guide.txt|");
	assert_int_equal(file_find(s.db, THEME, "guide.txt", &f), E_OK);
	assert_int_equal(f.item.n, his.n);
	file_free(&f);
	as(ALBA);
	assert_int_equal(file_bin(s.db, a, false), E_OK);
	assert_int_equal(file_restore(s.db, a), E_OK);
	assert_lists(BRUNO, THEME, "guide (2).txt|guide.txt|");
	assert_clean();
}

static void
given_and_taken_away(void **state)
{
	(void)state;
	char own[SHELF_MAX + 1], path[120];
	struct parts parts = { 0 };
	struct buf faults = { 0 };
	struct file file;
	snprintf(own, sizeof own, "m%lld", (long long)s.who[BRUNO].n);
	item_id shared = put(BRUNO, THEME, "pour tous.txt", "pour tous");
	put(BRUNO, own, "journal.txt", "à moi");
	as(BRUNO);
	assert_int_equal(own_data(s.db, note_part, &parts), E_OK);
	assert_int_equal(parts.files, 2);
	as(SYSOP);
	snprintf(path, sizeof path, "%s-extract", s.path);
	assert_int_equal(db_extract(s.db, (item_id){ 0 }, "30", true, path, &faults), E_OK);
	buf_free(&faults);
	struct db *here = s.db;
	assert_int_equal(db_open(&s.db, path, DB_EXISTING, true), E_OK);
	assert_lists(ALBA, THEME, "pour tous.txt|");
	assert_holds(shared, "pour tous");
	db_close(s.db);
	s.db = here;
	as(BRUNO);
	assert_int_equal(member_erase(s.db, s.who[BRUNO], "bruno"), E_OK);
	assert_clean();
	as(SYSOP);
	assert_int_equal(file_sweep(s.db), 2);
	as(ALBA);
	assert_holds(shared, "pour tous");
	assert_int_equal(file_get(s.db, shared, &file), E_OK);
	assert_string_equal(buf_text(&file.author_name), "");
	file_free(&file);
	assert_int_equal(db_one(s.db, used_by, -1, T("area", own)), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

static void
names_that_windows_keeps(void **state)
{
	(void)state;
	static const char *const keeps[] = { "bilan.odt", "con fus.txt", "com.txt", "COM0", "console", "nul part.txt", ".profil", "été" },
		*const not[] = { "CON", "con.txt", "Nul.tar.gz", "lpt1.txt", "COM9", "a:b", "quoi ?.txt", "fin.", "fin ", "a\\b", "<a>", "" };
	for (size_t i = 0; i < sizeof keeps / sizeof *keeps; i++)
		assert_true(file_name_travels(keeps[i]));
	for (size_t i = 0; i < sizeof not / sizeof *not; i++)
		assert_false(file_name_travels(not[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		TEST(names_that_windows_keeps),
		TEST(the_tree),
		TEST(purged),
		TEST(who_writes),
		TEST(listing_asks_once),
		TEST(who_reads),
		TEST(twins),
		TEST(moved),
		TEST(binned),
		TEST(gone_elsewhere),
		TEST(found),
		TEST(never_one_person_s_alone),
		TEST(suspended_among_named),
		TEST(dates_of_what_is_moved),
		TEST(level_of_what_lies_within),
		TEST(bin_emptied),
		TEST(restored_beside),
		TEST(given_and_taken_away),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
