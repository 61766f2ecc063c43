#ifndef BBS_SFTP_LIST_H
#define BBS_SFTP_LIST_H

#include "bbs/sftp_file.h"

/*
 * Adds the names that come next of what the handle lists, as SSH_FXP_NAME has them (draft-ietf-secsh-filexfer-02, 7): how
 * many, 0 at the end; an answer.
 */
int
sftp_list(struct sftp_files *o, struct sftp_handle *h, struct buf *out);

#endif
