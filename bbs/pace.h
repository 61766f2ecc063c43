#ifndef BBS_PACE_H
#define BBS_PACE_H

/*
 * Wrong passwords, counted by the name that was typed and by address, over all connections: each has to
 * wait longer. The counts stand in memory that sessions share, so that guessing writes nothing to the
 * store; names that there are and names that there are not count alike. All is forgotten a quarter of an
 * hour after the last one, or when serve ends. Keys are not counted, and never wait.
 */
struct pace;

/* Made before the forks; shared by all processes that are forked afterwards, and never freed. */
struct pace *
pace_new(void);

/* For a process that is not to have it. NULL is none. */
void
pace_leave(struct pace *pace);

/*
 * A password is about to be looked at: it counts as wrong from now on, also for those who try at the
 * same moment. How many ms to wait before looking, `longest` at the most. NULL: none.
 */
int
pace_try(struct pace *pace, const char *name, const char *source, int longest);

/* It was right: nothing is held against the name any more. */
void
pace_right(struct pace *pace, const char *name, const char *source);

#endif
