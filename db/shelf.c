/*
 * Shelves that nobody made: the top of the tree of file areas, départements and their five folders, councils',
 * members' own. Who may put something where.
 */
#include "db/shelf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "db/forum.h"
#include "db/people.h"

SQL_READ(get_department, "SELECT name FROM territory WHERE code = :code AND kind = 'department'");
SQL_WHOLE(all_departments, "SELECT code, name FROM territory WHERE kind = 'department' ORDER BY code");
SQL_READ(department_of, "SELECT t.code, t.name FROM council_v c JOIN territory t ON t.code = c.department"
    " WHERE c.id = :id");
SQL_READ(get_council_name, "SELECT name FROM council_v WHERE id = :id");
SQL_READ(get_folder, "SELECT e.place, e.area, e.level, coalesce(e.council, 0), e.name FROM entry_v e"
    " WHERE e.id = :id AND e.folder = 1");
#define PUBLICATION "SELECT c.id, c.name, c.town, c.name_sort FROM publication_v c WHERE "
SQL_LIST(publications_down, PUBLICATION "(c.name_sort, c.id) > (:sort, :from)"
    " ORDER BY c.name_sort, c.id LIMIT :n");
SQL_LIST(publications_up, PUBLICATION "(c.name_sort, c.id) < (:sort, :from)"
    " ORDER BY c.name_sort DESC, c.id DESC LIMIT :n");
SQL_READ(publications_named, PUBLICATION "c.name_sort = :sort ORDER BY c.name_sort, c.id");
SQL_READ(is_file, "SELECT 1 FROM entry_v WHERE id = :id AND folder = 0");
SQL_READ(may_read_post, "SELECT 1 FROM readable_v WHERE id = :id");
SQL_LIST(attached_to, "SELECT e.id, e.place, e.name, e.folder, e.size, e.changed, coalesce(e.author, 0),"
    " coalesce(m.name, ''), e.level, e.sort, coalesce(e.content, 0), 0, 0, e.area, coalesce(e.author, 0),"
    " coalesce(m.name, '') FROM attached_v a CROSS JOIN entry_v e"
    " LEFT JOIN member m ON m.id = e.author WHERE a.post = :post AND e.id = a.item ORDER BY a.number LIMIT :n");
SQL_READ(lies_in, "SELECT 1 FROM reach_v WHERE council = :council AND territory = :territory LIMIT 1");
SQL_READ(part_of, "SELECT 1 FROM territory WHERE code = :code AND parent = :above");

/* The folders of a département, as the councils of the Gard have named them; the last is made. */
static const struct theme {
	const char *name, *title;
} themes[] = {
	{ "1-echanges-de-bonnes-pratiques", N_("1 Good practice") },
	{ "2-formations-supports-pedagogiques", N_("2 Training and teaching aids") },
	{ "3-modeles-administratifs", N_("3 Administrative templates") },
	{ "4-cadre-juridique", N_("4 The legal frame") },
	{ "5-annuaire", N_("5 Directory of the councils") },
};
enum { THEMES = sizeof themes / sizeof themes[0] };

static const char *const made[] = { "annuaire.csv", "annuaire.xlsx", "annuaire.vcf" };
enum { MADE = sizeof made / sizeof made[0] };

/* Those with a key that says all. */
static const struct fixed {
	const char *key, *name, *title;
	enum shelf_kind kind;
	const char *above;
} fixed[] = {
	{ "departements", "departements", N_("Départements"), SHELF_DEPARTMENTS, "" },
	{ "groupes", "groupes", N_("Groups"), SHELF_GROUPS, "" },
	{ "ressources", "ressources", N_("Resources"), SHELF_RESOURCES, "" },
	{ "r1", "boite-a-outils", N_("Toolbox"), SHELF_TOOLBOX, "ressources" },
	{ "r2", "publications-des-conseils", N_("What councils have made public"), SHELF_PUBLICATIONS, "ressources" },
	{ "partages", "partages", N_("Shared with me"), SHELF_SHARED, "" },
	/* Below no other, so that it is listed nowhere. */
	{ "messages", "messages", N_("Attached to messages"), SHELF_POSTS, "-" },
	{ "fichiers", "fichiers", N_("By short addresses"), SHELF_NUMBERS, "-" },
};
enum { FIXED = sizeof fixed / sizeof fixed[0] };

static const struct part {
	const char *end, *name, *title, *level;
	enum shelf_kind kind;
} parts[] = {
	{ ".membres", "membres", N_("For all members"), "members", SHELF_TO_MEMBERS },
	{ ".public", "public", N_("For everybody"), "public", SHELF_TO_ALL },
};
enum { PARTS = sizeof parts / sizeof parts[0] };

/* ---- keys ---- */

void
shelf_write(char *field, size_t size, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(field, size, format, args); // NOLINT(clang-analyzer-valist.Uninitialized)
	va_end(args);
}

/* The number behind a letter; what follows it in *rest; 0: none. */
static int64_t
number_of(const char *key, const char **rest)
{
	char *end;
	int64_t n = key[1] >= '1' && key[1] <= '9' ? strtoll(key + 1, &end, 10) : 0;
	*rest = n ? end : key;
	return n;
}

static int
open_department(struct db *db, const char *key, struct shelf *out)
{
	const char *dot = strchr(key, '.');
	size_t n = dot ? (size_t)(dot - key - 1) : strlen(key + 1);
	if (n == 0 || n >= sizeof out->department)
		return E_NOT_FOUND;
	shelf_set(out->department, "%.*s", (int)n, key + 1);
	struct query *q = db_query(db, get_department, T("code", out->department));
	if (!db_next(q))
		return E_NOT_FOUND;
	db_end(q);
	out->kind = SHELF_DEPARTMENT;
	if (!dot)
		return E_OK;
	if (dot[1] < '1' || dot[1] > '0' + THEMES || dot[2])
		return E_NOT_FOUND;
	out->theme = dot[1] - '0';
	out->kind = out->theme == THEMES ? SHELF_MADE : SHELF_THEME;
	if (out->kind == SHELF_THEME) {
		shelf_set(out->area, "d%s", out->department);
		shelf_set(out->level, "members");
	}
	return E_OK;
}

static int
open_council(struct db *db, const char *key, const struct person *me, struct shelf *out)
{
	const char *rest;
	out->item.n = number_of(key, &rest);
	if (!out->item.n)
		return E_NOT_FOUND;
	out->kind = SHELF_COUNCIL;
	shelf_set(out->level, "council");
	for (int i = 0; i < PARTS; i++)
		if (!strcmp(rest, parts[i].end)) {
			out->kind = parts[i].kind;
			shelf_set(out->level, "%s", parts[i].level);
		}
	shelf_set(out->area, "c%lld", (long long)out->item.n);
	out->council = out->item;
	if (*rest && out->kind == SHELF_COUNCIL)
		return E_NOT_FOUND;
	if (out->kind == SHELF_COUNCIL)
		return me && me->council.n == out->item.n ? E_OK : E_NOT_FOUND;
	if (out->kind == SHELF_TO_MEMBERS && !me)
		return E_NOT_FOUND;
	struct query *q = db_query(db, get_council_name, I("id", out->item.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	db_end(q);
	return E_OK;
}

static int
open_folder(struct db *db, const char *key, struct shelf *out)
{
	const char *rest;
	out->item.n = number_of(key, &rest);
	if (!out->item.n || *rest)
		return E_NOT_FOUND;
	struct query *q = db_query(db, get_folder, I("id", out->item.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	out->kind = SHELF_FOLDER;
	shelf_set(out->above, "%s", db_text(q, 0));
	shelf_set(out->area, "%s", db_text(q, 1));
	shelf_set(out->level, "%s", db_text(q, 2));
	out->council.n = db_int(q, 3);
	db_end(q);
	return E_OK;
}

item_id
shelf_post(const char *key)
{
	const char *rest;
	int64_t n = *key == 'i' ? number_of(key, &rest) : 0;
	return (item_id){ n && !*rest ? n : 0 };
}

int
shelf_open(struct db *db, const char *key, struct shelf *out)
{
	struct person person, *me = person_get(db, db_viewer(db), &person) ? &person : NULL;
	const char *rest;
	*out = (struct shelf){ .kind = SHELF_TOP };
	if (strlen(key) > SHELF_MAX)
		return E_NOT_FOUND;
	shelf_set(out->key, "%s", key);
	if (!*key)
		return E_OK;
	for (int i = 0; i < FIXED; i++) {
		if (strcmp(key, fixed[i].key) != 0)
			continue;
		out->kind = fixed[i].kind;
		if (out->kind == SHELF_TOOLBOX) {
			shelf_set(out->area, "r1");
			shelf_set(out->level, "members");
			out->council.n = me ? me->council.n : 0;
		}
		bool inside = out->kind == SHELF_SHARED || out->kind == SHELF_GROUPS;
		return inside && !me ? E_NOT_FOUND : E_OK;
	}
	int r = E_NOT_FOUND;
	if (*key == 'd') {
		r = open_department(db, key, out);
		out->council.n = me ? me->council.n : 0;
	} else if (*key == 'c') {
		r = open_council(db, key, me, out);
	} else if (*key == 'f') {
		r = open_folder(db, key, out);
	} else if (*key == 'n') {
		out->kind = SHELF_SINGLE;
		out->item.n = number_of(key, &rest);
		r = !*rest && db_one(db, is_file, 0, I("id", out->item.n)) ? E_OK : E_NOT_FOUND;
	} else if (*key == 'i') {
		out->kind = SHELF_POST;
		out->item = shelf_post(key);
		r = db_one(db, may_read_post, 0, I("id", out->item.n)) ? E_OK : E_NOT_FOUND;
	} else if (*key == 'm' && me && number_of(key, &rest) == db_viewer(db).n && !*rest) {
		out->kind = SHELF_OWN;
		shelf_set(out->area, "%s", key);
		shelf_set(out->level, "me");
		out->council = me->council;
		r = E_OK;
	}
	return r;
}

/* ---- who may ---- */

/* An animator's territory reaches a département: it is that, or what lies above it. */
static bool
covers(struct db *db, const struct person *me, const char *department)
{
	const char *t = me->territory;
	return me->role == ROLE_SYSOP ||
	    (me->role == ROLE_ANIMATOR && (!*t || !strcmp(t, "FR") || !strcmp(t, department) ||
		db_one(db, part_of, 0, T("code", department), T("above", t))));
}

/* May the viewer, who is `me`, see to what others have put into that area? */
static bool
keeps(struct db *db, const struct person *me, const char *area)
{
	const char *rest;
	switch (*area) {
	case 'd':
		return covers(db, me, area + 1);
	case 'r':
		return me->role == ROLE_SYSOP || me->role == ROLE_ANIMATOR;
	case 'c':
		return me->council.n && me->council.n == number_of(area, &rest);
	case 'm':
		return number_of(area, &rest) == db_viewer(db).n;
	default:
		return false;
	}
}

/* May he bring what may help others? Who belongs to a council of that département may, or animates a part of it. */
static bool
brings(struct db *db, const struct person *me, const char *area)
{
	if (*area != 'd')
		return false;
	return (me->council.n && db_one(db, lies_in, 0, I("council", me->council.n), T("territory", area + 1))) ||
	    (me->role == ROLE_ANIMATOR && db_one(db, part_of, 0, T("code", me->territory), T("above", area + 1)));
}

bool
area_writes(struct db *db, const char *area)
{
	struct person me;
	return person_get(db, db_viewer(db), &me) && (keeps(db, &me, area) || brings(db, &me, area));
}

void
files_judge(struct db *db, struct file *file, int count)
{
	struct person me;
	bool member = person_get(db, db_viewer(db), &me), all = false, own = false;
	const char *asked = "";
	for (int i = 0; member && i < count; i++) {
		struct file *f = &file[i];
		if (strcmp(f->area, asked) != 0) {
			asked = f->area;
			all = keeps(db, &me, asked);
			own = all || brings(db, &me, asked);
		}
		bool folder = f->kind == FILE_FOLDER || f->kind == FILE_SHELF;
		bool mine = own && f->author.n && f->author.n == db_viewer(db).n, attached = shelf_post(f->shelf).n;
		/* What is attached to a message is changed with the message. */
		f->changes = (f->kind == FILE_FOLDER || f->kind == FILE_FILE) && !attached && (all || mine);
		f->writes = folder && own;
	}
}

bool
shelf_writes(struct db *db, const char *key)
{
	struct shelf shelf;
	return !shelf_open(db, key, &shelf) && *shelf.area && area_writes(db, shelf.area);
}

/* ---- what stands there though nobody put it there ---- */

/* The area of a shelf that nobody made, by its key; "" where nothing can be put. */
static void
set_area(struct file *f)
{
	const char *dot = strchr(f->shelf, '.'), *rest;
	bool theme = *f->shelf == 'd' && dot && dot[1] < '0' + THEMES;
	bool others = !strcmp(f->shelf, "r1") || ((*f->shelf == 'c' || *f->shelf == 'm') && number_of(f->shelf, &rest));
	int n = theme || (others && dot) ? (int)(dot - f->shelf) : others ? SHELF_MAX : 0;
	shelf_set(f->area, "%.*s", n, f->shelf);
}

struct file *
files_add(struct files *files)
{
	if (files->count == files->cap) {
		files->cap = files->cap ? 2 * files->cap : 16;
		files->file = mem_resize(files->file, (size_t)files->cap * sizeof *files->file);
	}
	files->file[files->count] = (struct file){ 0 };
	return &files->file[files->count++];
}

void
files_free(struct files *files)
{
	for (int i = 0; i < files->count; i++)
		file_free(&files->file[i]);
	free(files->file);
	*files = (struct files){ 0 };
}

static struct file *
add_shelf(struct files *out, const char *name, const char *title)
{
	struct file *f = files_add(out);
	f->kind = FILE_SHELF;
	buf_str(&f->name, name);
	buf_str(&f->title, title);
	return f;
}

/* "30-gard": the code, and the name in plain letters. */
static void
department_name(const char *code, const char *name, struct buf *out)
{
	struct buf folded = { 0 };
	text_fold(&folded, name);
	buf_fmt(out, "%s-", code);
	for (const char *s = buf_text(&folded); *s; s++)
		buf_char(out, (*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') ? *s : '-');
	for (char *c = out->data; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 'a' - 'A' : *c);
	buf_free(&folded);
}

static void
add_departments(struct db *db, struct files *out)
{
	struct query *q = db_query(db, all_departments);
	while (db_next(q)) {
		struct buf name = { 0 };
		department_name(db_text(q, 0), db_text(q, 1), &name);
		struct file *f = add_shelf(out, buf_text(&name), "");
		buf_fmt(&f->title, "%s %s", db_text(q, 0), db_text(q, 1));
		shelf_set(f->shelf, "d%s", db_text(q, 0));
		buf_free(&name);
	}
}

/* A short way to where one's council is, or to what one animates; its path is the one by its number. */
static void
own_department(const char *code, const char *name, struct files *out)
{
	struct file *f = add_shelf(out, OWN_DEPARTMENT, "");
	buf_fmt(&f->title, _("My département: %s"), name);
	shelf_set(f->shelf, "d%s", code);
}

static void
add_own_department(struct db *db, item_id council, struct files *out)
{
	struct query *q = db_query(db, department_of, I("id", council.n));
	while (db_next(q))
		own_department(db_text(q, 0), db_text(q, 1), out);
}

static void
add_animated_department(struct db *db, const char *territory, struct files *out)
{
	struct query *q = db_query(db, get_department, T("code", territory));
	while (db_next(q))
		own_department(territory, db_text(q, 0), out);
}

/* The fixed ones above which stands that key, in their order; what is one's own among them. */
static void
add_fixed(struct db *db, const char *above, struct files *out)
{
	struct person me;
	bool member = person_get(db, db_viewer(db), &me);
	for (int i = 0; i < FIXED; i++) {
		bool inside = fixed[i].kind == SHELF_SHARED || fixed[i].kind == SHELF_GROUPS;
		if (strcmp(fixed[i].above, above) != 0 || (inside && !member))
			continue;
		shelf_set(add_shelf(out, fixed[i].name, _(fixed[i].title))->shelf, "%s", fixed[i].key);
	}
	if (*above || !member)
		return;
	if (me.council.n)
		add_own_department(db, me.council, out);
	else if (me.role == ROLE_ANIMATOR)
		add_animated_department(db, me.territory, out);
	if (me.council.n)
		shelf_set(add_shelf(out, "mon-conseil", _("My council"))->shelf, "c%lld", (long long)me.council.n);
	shelf_set(add_shelf(out, "moi", _("My own"))->shelf, "m%lld", (long long)db_viewer(db).n);
}

static void
add_attached(struct db *db, item_id post, struct files *out)
{
	struct query *q = db_query(db, attached_to, I("post", post.n), I("n", 2 * ATTACHMENTS_MAX));
	while (db_next(q))
		entry_take(q, files_add(out));
}

void
shelf_children(struct db *db, const struct shelf *shelf, struct files *out)
{
	switch (shelf->kind) {
	case SHELF_TOP:
	case SHELF_RESOURCES:
		add_fixed(db, shelf->key, out);
		break;
	case SHELF_DEPARTMENTS:
		add_departments(db, out);
		break;
	case SHELF_DEPARTMENT:
		for (int i = 0; i < THEMES; i++)
			shelf_set(add_shelf(out, themes[i].name, _(themes[i].title))->shelf, "%s.%d", shelf->key, i + 1);
		break;
	case SHELF_COUNCIL:
		for (int i = 0; i < PARTS; i++)
			shelf_set(add_shelf(out, parts[i].name, _(parts[i].title))->shelf, "%s%s", shelf->key,
			    parts[i].end);
		break;
	case SHELF_POST:
		add_attached(db, shelf->item, out);
		break;
	case SHELF_SINGLE:
		if (file_get(db, shelf->item, files_add(out)))
			out->count--;
		return;
	case SHELF_MADE:
		for (int i = 0; i < MADE; i++) {
			struct file *f = add_shelf(out, made[i], "");
			f->kind = FILE_MADE;
			shelf_set(f->shelf, "%s", shelf->key);
		}
		break;
	default:
		break;
	}
	for (int i = 0; i < out->count; i++)
		set_area(&out->file[i]);
}

/* "Conseil citoyen des Tilleuls, Nîmes", without what a name may not have. */
static void
publication(struct query *q, struct file *f)
{
	f->kind = FILE_SHELF;
	buf_fmt(&f->name, "%s, %s", db_text(q, 1), db_text(q, 2));
	for (char *c = f->name.data; *c; c++)
		*c = (char)(*c == '/' ? '-' : *c);
	buf_str(&f->title, buf_text(&f->name));
	shelf_set(f->shelf, "c%lld.public", (long long)db_int(q, 0));
	set_area(f);
	buf_str(&f->sort, db_text(q, 3));
	f->item.n = db_int(q, 0);
}

void
shelf_publications(struct db *db, const char *from_sort, item_id from, int direction, int n, struct files *out)
{
	struct query *q = db_query_args(db, direction > 0 ? &publications_down : &publications_up,
	    ARGS_(T("sort", from_sort ? from_sort : direction > 0 ? "" : "\U0010ffff"), I("from", from.n), I("n", n)));
	while (db_next(q))
		publication(q, files_add(out));
}

int
shelf_publication(struct db *db, const char *name, struct file *out)
{
	struct buf own = { 0 }, sort = { 0 };
	int r = E_NOT_FOUND;
	const char *comma = strrchr(name, ',');
	buf_add(&own, name, comma ? (size_t)(comma - name) : 0);
	text_sort_key(&sort, buf_text(&own));
	struct query *q = db_query(db, publications_named, T("sort", buf_text(&sort)));
	while (db_next(q)) {
		struct file f = { 0 };
		publication(q, &f);
		if (!strcmp(buf_text(&f.name), name)) {
			*out = f;
			r = E_OK;
			db_end(q);
			break;
		}
		file_free(&f);
	}
	buf_free(&own);
	buf_free(&sort);
	return r;
}

/* ---- the way up ---- */

void
shelf_parent(struct db *db, const char *key, char parent[SHELF_MAX + 1])
{
	struct shelf shelf;
	struct person me;
	*parent = '\0';
	if (shelf_open(db, key, &shelf))
		return;
	bool own = person_get(db, db_viewer(db), &me) && me.council.n == shelf.item.n;
	const char *above = "";
	switch (shelf.kind) {
	case SHELF_DEPARTMENT:
		above = "departements";
		break;
	case SHELF_TOOLBOX:
	case SHELF_PUBLICATIONS:
		above = "ressources";
		break;
	case SHELF_FOLDER:
		above = shelf.above;
		break;
	case SHELF_POST:
		above = "messages";
		break;
	case SHELF_SINGLE:
		above = "fichiers";
		break;
	case SHELF_THEME:
	case SHELF_MADE:
		shelf_write(parent, SHELF_MAX + 1, "d%s", shelf.department);
		return;
	case SHELF_TO_MEMBERS:
	case SHELF_TO_ALL:
		if (!own) {
			above = "r2";
			break;
		}
		shelf_write(parent, SHELF_MAX + 1, "c%lld", (long long)shelf.item.n);
		return;
	default:
		break;
	}
	shelf_write(parent, SHELF_MAX + 1, "%s", above);
}

int
shelf_get(struct db *db, const char *key, struct file *out)
{
	struct shelf shelf, above;
	char parent[SHELF_MAX + 1];
	int r = shelf_open(db, key, &shelf);
	*out = (struct file){ .kind = FILE_SHELF };
	if (r)
		return r;
	shelf_set(out->shelf, "%s", key);
	if (shelf.kind == SHELF_TOP) {
		buf_str(&out->title, _("Shared folders"));
		return E_OK;
	}
	if (shelf.kind == SHELF_FOLDER)
		return file_get(db, shelf.item, out);
	if (shelf.kind == SHELF_POSTS || shelf.kind == SHELF_NUMBERS) {
		buf_str(&out->name, key);
		return E_OK;
	}
	if (shelf.kind == SHELF_POST || shelf.kind == SHELF_SINGLE) {
		buf_str(&out->name, key + 1);
		return E_OK;
	}
	shelf_parent(db, key, parent);
	struct files all = { 0 };
	if (!shelf_open(db, parent, &above))
		shelf_children(db, &above, &all);
	r = E_NOT_FOUND;
	for (int i = 0; i < all.count; i++)
		if (!strcmp(all.file[i].shelf, key) && all.file[i].kind == FILE_SHELF) {
			struct file found = all.file[i];
			all.file[i] = *out;
			*out = found;
			r = E_OK;
			break;
		}
	shelf_set(out->area, "%s", shelf.area);
	files_judge(db, out, 1);
	files_free(&all);
	if (!r || above.kind != SHELF_PUBLICATIONS)
		return r;
	/* Another council's: its name, whether it has anything there or not. */
	struct query *q = db_query(db, get_council_name, I("id", shelf.item.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	buf_str(&out->name, db_text(q, 0));
	buf_str(&out->title, db_text(q, 0));
	db_end(q);
	return E_OK;
}

static bool
is_fixed(const char *key)
{
	bool found = !*key;
	for (int i = 0; i < FIXED; i++)
		found = found || !strcmp(key, fixed[i].key);
	return found;
}

bool
shelf_unlisted(const char *key)
{
	bool found = false;
	for (int i = 0; i < FIXED; i++)
		found = found || (*fixed[i].above == '-' && !strcmp(key, fixed[i].key));
	return found;
}

static void
add_title(struct db *db, const char *key, const char *after, struct buf *out)
{
	struct file shelf;
	if (shelf_get(db, key, &shelf))
		return;
	buf_fmt(out, "%s%s", buf_text(shelf.title.len ? &shelf.title : &shelf.name), after);
	file_free(&shelf);
}

void
shelf_words(struct db *db, const char *key, struct buf *out)
{
	struct shelf shelf;
	char parent[SHELF_MAX + 1];
	if (shelf_open(db, key, &shelf))
		return;
	shelf_parent(db, key, parent);
	if (!is_fixed(parent))
		add_title(db, parent, " › ", out);
	add_title(db, key, "", out);
}

/* ---- readers ---- */

void
shelf_readers(struct db *db, struct readers *out)
{
	struct person me;
	bool member = person_get(db, db_viewer(db), &me);
	shelf_set(out->reader[0], "public");
	shelf_set(out->reader[1], member ? "members" : "-");
	if (member && me.council.n)
		shelf_set(out->reader[2], "c%lld", (long long)me.council.n);
	else
		shelf_set(out->reader[2], "-");
	if (member)
		shelf_set(out->reader[3], "m%lld", (long long)db_viewer(db).n);
	else
		shelf_set(out->reader[3], "-");
}
