/* Files that nobody put there: the fifth folder of a département, from the directory. */
#include "bbs/made.h"

#include <stdio.h>
#include <string.h>

#include "bbs/council_table.h"
#include "bbs/vcard.h"

static void
add_bytes(void *ctx, const char *data, size_t size)
{
	buf_add(ctx, data, size);
}

static bool
add_card(void *ctx, const struct council *council)
{
	vcard_council(ctx, council);
	return true;
}

int
made_directory(struct db *db, const char *department, enum made which, struct buf *out)
{
	int r = E_NOT_FOUND;
	switch (which) {
	case MADE_CSV:
		r = council_table_export(db, department, LISTING_CSV, add_bytes, out);
		break;
	case MADE_VCF:
		r = council_all(db, department, add_card, out);
		break;
	case MADE_XLSX:
		r = council_table_xlsx(db, department, out);
		break;
	}
	return r < 0 ? r : E_OK;
}

int
made_file(struct db *db, const struct file *file, struct buf *out)
{
	static const char *const names[] = { [MADE_CSV] = "annuaire.csv", [MADE_XLSX] = "annuaire.xlsx",
		[MADE_VCF] = "annuaire.vcf" };
	char department[SHELF_MAX + 1];
	/* "d30.5" */
	if (sscanf(file->shelf, "d%31[^.]", department) != 1)
		return E_NOT_FOUND;
	for (enum made which = MADE_CSV; which <= MADE_VCF; which++)
		if (!strcmp(names[which], buf_text(&file->name)))
			return made_directory(db, department, which, out);
	return E_NOT_FOUND;
}
