#ifndef DB_SEARCH_H
#define DB_SEARCH_H

#include "db/engine.h"

/*
 * The index of what the search finds, kept by the nouns that write items, inside their transactions.
 * Whatever changes a text, title, author, place, level or state of an item takes it out before and puts
 * it in behind: what is found of it is read from the item itself (search_text_v), both times.
 */
void
search_take_out(struct db *db, item_id item);
void
search_put_in(struct db *db, item_id item);
/* The same for every message of a thread. */
void
search_take_out_thread(struct db *db, item_id thread);
void
search_put_in_thread(struct db *db, item_id thread);
/* The same for every file that has a content. */
void
search_take_out_content(struct db *db, int64_t content);
void
search_put_in_content(struct db *db, int64_t content);

#endif
