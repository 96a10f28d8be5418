#ifndef PREFLIGHT_SUPPORT_CODE_VERDICTS_H
#define PREFLIGHT_SUPPORT_CODE_VERDICTS_H

#include <stdint.h>

#include "plan.h"
#include "support_code_coder.h"

#define SUPPORT_CODE_LEFT_OUT VERDICT_COUNT /* a check that --only or --skip left out */

/*
 * Encodes or decodes the verdict of every check of whole profiles; `verdicts` are parallel to the
 * universe's items.
 */
void code_verdicts(struct coder *c, const struct plan *universe, uint8_t *verdicts);

#endif
