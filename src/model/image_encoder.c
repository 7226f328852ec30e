#include "model/image_encoder.h"

#include <string.h>

#include "base/error.h"
#include "base/strbuf.h"

/* "sc-clip, naclip" */
static void list_variants(const cs_image_encoder *encoder, cs_strbuf *out) {
    for (const char *const *name = encoder->dense_variants; *name; name++)
        cs_strbuf_printf(out, "%s%s", name == encoder->dense_variants ? "" : ", ", *name);
}

static cs_status refuse_variant(const cs_image_encoder *encoder, const char *variant, cs_error *error) {
    cs_strbuf names = {0};
    list_variants(encoder, &names);
    cs_status status = cs_fail(error, CS_ERR_ARGUMENT, "option variant: this model has no \"%s\", only %s", variant,
                               names.data ? names.data : "others");
    cs_strbuf_free(&names);
    return status;
}

cs_status cs_dense_check(const cs_image_encoder *encoder, const cs_dense_input *input, int *variant, cs_error *error) {
    int step = encoder->dense_step, found = 0;
    if (input->height < step || input->width < step || input->height % step != 0 || input->width % step != 0)
        return cs_fail(error, CS_ERR_ARGUMENT, "a dense pass of this model takes sides in multiples of %d, not %d x %d",
                       step, input->width, input->height);
    if (input->variant) {
        while (encoder->dense_variants[found] && strcmp(encoder->dense_variants[found], input->variant) != 0)
            found++;
        if (!encoder->dense_variants[found]) return refuse_variant(encoder, input->variant, error);
    }
    if (variant) *variant = found;
    return CS_OK;
}

cs_status cs_masks_check(const unsigned char *masks, int k, size_t cells, cs_error *error) {
    for (int i = 0; i < k; i++) {
        const unsigned char *mask = masks + (size_t)i * cells;
        size_t at = 0;
        while (at < cells && !mask[at])
            at++;
        if (at == cells) return cs_fail(error, CS_ERR_ARGUMENT, "region %d of %d holds no cell", i + 1, k);
    }
    return CS_OK;
}
