/* Found objects as pictures of their own. */
#ifndef CLI_CROPS_H
#define CLI_CROPS_H

#include "session.h"

/* Cuts every box out of the photograph of this index, and writes it; nothing where no crops are wanted. */
cs_status crops_save(cli_session *session, size_t index, const cs_image *image, const cs_detections *detections,
                     cli_targets *targets, cs_error *error);

#endif
