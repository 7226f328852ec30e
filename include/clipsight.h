/*
 * clipsight: zero-shot object detection. Give a photograph and words, get back where those things are.
 *
 * The whole public interface of libclipsight. Rules that hold everywhere:
 *
 *  - Handles are opaque and come in create/destroy pairs. Every destroy function accepts NULL.
 *  - Every call that can fail returns a cs_status and fills the caller's cs_error (which may be NULL). On failure
 *    output parameters are left NULL or untouched; nothing has to be released.
 *  - Option structs: start from the matching *_DEFAULT initialiser or from zeros; a zero field means the default.
 *  - The library has no global state, prints nothing, and never exits or aborts. Different models may be used from
 *    different threads at the same time; one model is used by one thread at a time. Images and prompt sets are
 *    read-only once made, and may be shared.
 *  - A program that handles signals gives its handlers a stack of their own (sigaltstack(), SA_ONSTACK), or blocks
 *    signals in the threads that use a model: inside oneDNN's kernels the stack pointer can point into the heap.
 *  - Strings are UTF-8 and NUL-terminated. Strings that a function hands over are released with cs_string_free().
 *  - Units: pixels of the oriented photograph, x to the right and y downwards from its top left corner, unless a
 *    comment says patches, cosine or logit.
 */
#ifndef CLIPSIGHT_H
#define CLIPSIGHT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CS_API __attribute__((visibility("default")))
#else
#define CS_API
#endif

/* ---- Status and errors ------------------------------------------------------------------------------------- */

typedef enum cs_status {
    CS_OK = 0,
    CS_ERR_ARGUMENT,    /* the caller passed something that no input could make right */
    CS_ERR_IO,          /* a file could not be opened, read or written */
    CS_ERR_FORMAT,      /* a file is damaged or is not what its name says */
    CS_ERR_UNSUPPORTED, /* a sound file of a kind that clipsight does not handle */
    CS_ERR_LIMIT,       /* a documented limit (pixels, prompt length, ...) is exceeded */
    CS_ERR_MEMORY,      /* an allocation failed */
    CS_ERR_CANCELLED,   /* the progress callback asked to stop */
    CS_ERR_INTERNAL     /* a library that clipsight uses failed in an unforeseen way */
} cs_status;

/* Owned by the caller. `message` names the file, the tensor or the option, and says what was expected. */
typedef struct cs_error {
    cs_status code;
    char message[512];
} cs_error;

/* "0.1.0" */
CS_API const char *cs_version(void);

/* Short English name of a status ("format error"). Never NULL. */
CS_API const char *cs_status_name(cs_status status);

CS_API void cs_string_free(char *string);

/* A copy for one line on a terminal: control characters, line ends and what changes the direction of text are written
 * out
 * (\n, \x1b, \u{202e}), and U+FFFD stands for every byte that is no UTF-8, so that a file's name can neither steer the
 * terminal nor pass for another line. Released with cs_string_free(); NULL where memory is short. */
CS_API char *cs_text_visible(const char *text);

/* Called on the calling thread while long work goes on: `done` of `total` steps (windows, photographs) are finished.
 * A non-zero return cancels: the call under way returns CS_ERR_CANCELLED. */
typedef int (*cs_progress_fn)(void *context, size_t done, size_t total);

typedef struct cs_progress {
    cs_progress_fn call; /* NULL: no progress */
    void *context;
} cs_progress;

/* ---- Photographs ------------------------------------------------------------------------------------------- */

/* An RGB8 picture [height, width, 3], EXIF orientation already applied, transparency laid over white. */
typedef struct cs_image cs_image;

typedef struct cs_image_options {
    uint64_t max_pixels; /* 0: 256 megapixels (268,435,456). A larger picture is refused before it is decoded. */
} cs_image_options;

#define CS_IMAGE_OPTIONS_DEFAULT                                                                                       \
    { 0 }

/* Reads a JPEG, PNG or WebP file; the kind is told from its first bytes, not its name. */
CS_API cs_status cs_image_open(const char *path, const cs_image_options *options, cs_image **image, cs_error *error);

/* The same from memory; `name` stands for the file in error messages. */
CS_API cs_status cs_image_decode(const void *bytes, size_t size, const char *name, const cs_image_options *options,
                                 cs_image **image, cs_error *error);

/* Width and height of the picture that cs_image_decode() would give, from the file's headers alone: what is damaged
 * further on passes here. */
CS_API cs_status cs_image_measure(const void *bytes, size_t size, const char *name, int *width, int *height,
                                  cs_error *error);

/* Copies an RGB8 picture; `stride` is the distance between rows in bytes, 0 for width * 3. */
CS_API cs_status cs_image_from_rgb(const uint8_t *pixels, int width, int height, size_t stride, cs_image **image,
                                   cs_error *error);

CS_API void cs_image_close(cs_image *image);
CS_API int cs_image_width(const cs_image *image);
CS_API int cs_image_height(const cs_image *image);

/* [height, width, 3], owned by the image. */
CS_API const uint8_t *cs_image_pixels(const cs_image *image);

/* True for a file name whose ending clipsight reads (.jpg .jpeg .png .webp in any case). */
CS_API int cs_image_is_supported_name(const char *path);

/* Copies the part of the picture that a box covers: its edges rounded to whole pixels, moved into the picture where
 * they lie outside, and at least one pixel apart. The box may be that of a cs_detection. */
CS_API cs_status cs_image_crop(const cs_image *image, float x, float y, float width, float height, cs_image **crop,
                               cs_error *error);

/* A copy, smaller where needed, that fits into width x height with the picture's proportions; never larger than it. */
CS_API cs_status cs_image_fit(const cs_image *image, int width, int height, cs_image **copy, cs_error *error);

/* Writes PNG, JPEG (quality 92) or WebP (quality 92) as the name ends in .png, .jpg, .jpeg or .webp; another ending is
 * CS_ERR_ARGUMENT. Goes to a temporary name first and is then renamed. */
CS_API cs_status cs_image_save(const cs_image *image, const char *path, cs_error *error);

/* The bytes of a PNG, JPEG (quality 92) or WebP (quality 92) file: kind is "png", "jpg" or "webp". *bytes is released
 * with cs_string_free(). */
CS_API cs_status cs_image_encode(const cs_image *image, const char *kind, char **bytes, size_t *size, cs_error *error);

/* ---- Models ------------------------------------------------------------------------------------------------ */

typedef struct cs_model cs_model;

/* What the large matrix products are computed in. docs/speed.md says how far maps and boxes agree with those of f32. */
typedef enum cs_precision {
    CS_PRECISION_FP32 = 0,
    CS_PRECISION_BF16, /* CS_ERR_UNSUPPORTED where the processor has no instructions for it */
    CS_PRECISION_INT8, /* likewise */
    CS_PRECISION_AUTO  /* bf16 where the processor has it, else fp32 */
} cs_precision;

typedef struct cs_model_options {
    int threads;         /* 0: as many as the process may use */
    const char *backend; /* NULL: "onednn"; "reference" is the plain C rendering that defines the results */
    int batch;           /* windows per encoder call; 0: chosen by the model */
    cs_precision precision;
} cs_model_options;

#define CS_MODEL_OPTIONS_DEFAULT                                                                                       \
    { 0 }

/* Opens a model folder (config.json, model.safetensors, tokenizer.json or vocab.json + merges.txt,
 * preprocessor_config.json). NULL opens the starter model; see cs_model_find(). */
CS_API cs_status cs_model_open(const char *folder, const cs_model_options *options, cs_model **model, cs_error *error);
CS_API void cs_model_close(cs_model *model);

/* Turns a model name or folder into the folder that cs_model_open() takes. NULL or "starter" is the embedded model:
 * looked for in $CLIPSIGHT_MODELS, next to and above the running program, then below the install prefix.
 * *folder is released with cs_string_free(). */
CS_API cs_status cs_model_find(const char *name, char **folder, cs_error *error);

/* Writes the tensors of a checkpoint as one safetensors file, as they are. source: a checkpoint (safetensors, the index
 * of a sharded one, or a file of torch.save such as pytorch_model.bin) or a model folder; target: a file name that ends
 * in .safetensors. Nothing is left behind on failure. */
CS_API cs_status cs_model_convert(const char *source, const char *target, cs_error *error);

/* What a model is, read from its files without loading the weights. */
typedef struct cs_model_info {
    char model_type[64];    /* "clip", "open_clip", "clipsight_starter" */
    char layout[32];        /* "transformers", "OpenCLIP", "starter" */
    char image_encoder[96]; /* "ViT, patch 32, 12 layers of 768, 12 heads" */
    char text_encoder[96];  /* "12 layers of 512, 8 heads" */
    int image_size, dim, context;
    uint64_t parameters, image_parameters, text_parameters; /* numbers in the checkpoint that the encoders use */
    double image_gmac, text_gmac; /* thousand million multiply-adds for one picture, and for one text of full length */
    uint64_t checkpoint_bytes;    /* the weights on disk */
    uint64_t memory_bytes;        /* about what a process with this model needs: weights in f32 and a batch at work */
} cs_model_info;

CS_API cs_status cs_model_inspect(const char *folder, cs_model_info *info, cs_error *error);

/* Never CS_PRECISION_AUTO. */
CS_API cs_precision cs_model_precision(const cs_model *model);

/* Length of the embeddings that both encoders give. */
CS_API int cs_model_dim(const cs_model *model);

/* Side in pixels of the square picture that the image encoder sees. */
CS_API int cs_model_image_size(const cs_model *model);

/* Factor between cosine and logit. */
CS_API float cs_model_logit_scale(const cs_model *model);

/* Name as in config.json's model_type, owned by the model. */
CS_API const char *cs_model_type(const cs_model *model);

/* Embeds n texts as they stand (no template). out: [n, dim], unit length. */
CS_API cs_status cs_model_embed_texts(cs_model *model, const char *const *texts, size_t n, float *out, cs_error *error);

/* Embeds n whole photographs (short side to the model's size, centre crop). out: [n, dim], unit length. */
CS_API cs_status cs_model_embed_images(cs_model *model, const cs_image *const *images, size_t n, float *out,
                                       cs_error *error);

/* A rectangle of whole pixels of the oriented photograph. */
typedef struct cs_rect {
    int x, y, width, height;
} cs_rect;

/* A part of a photograph; all of it lies inside. */
typedef struct cs_photo_part {
    const cs_image *image;
    cs_rect rect;
} cs_photo_part;

/* Embeds n parts, each as if it was a photograph by itself. Parts of one photograph should follow each other: they
 * share work. progress may be NULL. out: [n, dim], unit length. */
CS_API cs_status cs_model_embed_parts(cs_model *model, const cs_photo_part *parts, size_t n,
                                      const cs_progress *progress, float *out, cs_error *error);

enum { CS_MOST_WINDOWS = 64 };

/* The windows that a search looks into beside the whole photograph, so that it finds small things: squares of two
 * thirds of the short side, half overlapping, row by row; in a photograph more than 11 times as long as wide they lie
 * further apart. Returns their number: 4 in a square, 8 in a photograph of 3 : 2, none in one that is less than 96
 * pixels wide or high. windows may be NULL. */
CS_API size_t cs_search_windows(int width, int height, cs_rect windows[CS_MOST_WINDOWS]);

/* ---- Prompts ----------------------------------------------------------------------------------------------- */

/* Labels with their text embeddings, encoded once and used for any number of photographs. */
typedef struct cs_prompts cs_prompts;

/* `text_template` holds "{}" where the label goes ("a photo of a {}"); NULL uses the labels as they are. */
CS_API cs_status cs_prompts_create(cs_model *model, const char *const *labels, size_t n, const char *text_template,
                                   cs_prompts **prompts, cs_error *error);
CS_API void cs_prompts_destroy(cs_prompts *prompts);
CS_API size_t cs_prompts_count(const cs_prompts *prompts);
CS_API const char *cs_prompts_label(const cs_prompts *prompts, size_t index);

/* [count, dim], unit length, owned by the prompt set. */
CS_API const float *cs_prompts_embeddings(const cs_prompts *prompts);

/* ---- Classification ---------------------------------------------------------------------------------------- */

/* logits, probabilities: [cs_prompts_count()], either may be NULL. logit = scale * cosine; softmax over the labels. */
CS_API cs_status cs_classify(cs_model *model, const cs_prompts *prompts, const cs_image *image, float *logits,
                             float *probabilities, cs_error *error);

/* The same for a photograph that is embedded already: embedding [cs_model_dim()], of cs_model_embed_images(). Computes
 * without the encoders, so any number of threads may call it for one model. */
CS_API cs_status cs_classify_embedding(const cs_model *model, const cs_prompts *prompts, const float *embedding,
                                       float *logits, float *probabilities, cs_error *error);

/* ---- Localization ------------------------------------------------------------------------------------------ */

typedef enum cs_recipe {
    CS_RECIPE_DEFAULT = 0, /* what works best; docs/methods.md says how it differs */
    CS_RECIPE_CHAPTER      /* the chapter's arithmetic to the letter */
} cs_recipe;

/* Ways from a photograph to relevance maps; docs/methods.md says what each does, what it costs and when to take it. */
typedef enum cs_method {
    CS_METHOD_AUTO = 0,  /* dense where a variant is given, else cs_localize: window; cs_detect: dense with the starter,
                            unless the recipe is the chapter's or patch, window or stride is given; else window */
    CS_METHOD_WINDOW,    /* a window slides over the photograph, and each is encoded */
    CS_METHOD_OCCLUSION, /* a black square slides over the photograph: where the cosine drops, the object was hidden */
    CS_METHOD_DENSE,     /* one pass over the whole photograph gives a cosine at every position */
    CS_METHOD_REGION     /* one pass gives a cosine for each of many regions of like pixels */
} cs_method;

/* "auto", "window", "occlusion", "dense", "region"; NULL for another number. */
CS_API const char *cs_method_name(cs_method method);

typedef struct cs_localize_options {
    cs_recipe recipe;
    cs_method method;    /* the chapter's recipe goes with CS_METHOD_WINDOW and CS_METHOD_OCCLUSION only */
    const char *variant; /* of the dense method where a model has several (docs/methods.md); NULL: the best known */
    int patch;           /* side of a patch in pixels; 0: 256, less for photographs in which a window would not fit */
    int window;          /* side of a window, or of the black square, in patches; 0: 6 */
    int stride;          /* step of the window or square in patches; 0: 1 */
    cs_progress progress;
} cs_localize_options;

#define CS_LOCALIZE_OPTIONS_DEFAULT                                                                                    \
    {                                                                                                                  \
        CS_RECIPE_DEFAULT, CS_METHOD_AUTO, NULL, 0, 0, 0, {                                                            \
            NULL, NULL                                                                                                 \
        }                                                                                                              \
    }

/* One relevance map per prompt. */
typedef struct cs_maps cs_maps;

/* The geometry and the numbers of one map; pointers are owned by the cs_maps. */
typedef struct cs_map {
    cs_method method;              /* never CS_METHOD_AUTO */
    float cell_width, cell_height; /* of a cell in pixels; the first cell lies at the photograph's top left corner */
    int rows, cols;                /* size of the grid of cells (of patches, where there are windows) */
    const float *cells;            /* [rows, cols] in [0, 1]: where the object is */
    const float *raw;              /* [rows, cols], logits: the mean of the windows over a patch before clipping, the
                                      drop under the black square, or the position's own */
    /* Of the methods that move a window or a square; 0 and NULL with the others. */
    int patch, window, stride;    /* pixels, patches, patches */
    int window_rows, window_cols; /* size of the grid of windows */
    const float *logits;          /* [window_rows, window_cols]; of the photograph with the square, in occlusion */
} cs_map;

/* Finds out early what cs_localize() and cs_detect() would refuse: options that do not go together (CS_ERR_ARGUMENT)
 * and, unless `model` is NULL, a method or a variant that the model lacks. */
CS_API cs_status cs_localize_check(const cs_model *model, const cs_localize_options *options, cs_error *error);

/* A map per prompt by the method of the options. Whatever the number of prompts, everything is encoded once. */
CS_API cs_status cs_localize(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                             const cs_localize_options *options, cs_maps **maps, cs_error *error);
CS_API void cs_maps_destroy(cs_maps *maps);
CS_API size_t cs_maps_count(const cs_maps *maps);
CS_API cs_map cs_maps_get(const cs_maps *maps, size_t prompt);

/* ---- Detection --------------------------------------------------------------------------------------------- */

typedef struct cs_detection {
    size_t prompt; /* index into the prompt set */
    float score;   /* [0, 1], higher is surer */
    float x, y, width, height;
} cs_detection;

typedef struct cs_detect_options {
    cs_localize_options localize;
    float threshold; /* on the normalised map, (0, 1); 0: 0.5 for the chapter's recipe, else see docs/methods.md */
    float min_score; /* boxes with a lower score are dropped; 0 keeps all */
    int single;      /* non-zero: one box per prompt around everything above the threshold, as in the chapter */
    float overlap;   /* of two boxes of a prompt with a higher IoU than this the surer one stays; 0: 0.5; 1 keeps all */
    const cs_prompts *negatives; /* distractors: what fits one of them better than the prompt is doubted; NULL: none */
} cs_detect_options;

#define CS_DETECT_OPTIONS_DEFAULT                                                                                      \
    { CS_LOCALIZE_OPTIONS_DEFAULT, 0, 0, 0, 0, NULL }

/* What the command drops boxes below unless it is told otherwise: with a calibration its min_score; without one 0.2
 * for the starter and 0.5 for any other model. */
CS_API float cs_model_default_min_score(const cs_model *model);

/* True where a calibration for these weights was found: the user's own, else the one that lies with the model. Scores
 * of its method are then probabilities. Without one they are evidence: with the starter the share of what is seen at
 * the place that is the prompt, with other models the prompt's share of a softmax over itself and background prompts
 * (sky, a wall, an animal, ...). docs/methods.md has all of it. */
CS_API int cs_model_is_calibrated(const cs_model *model);

/* 16 hexadecimal digits by which the model's weights are told from others, wherever they lie. Owned by the model. */
CS_API const char *cs_model_weights_id(const cs_model *model);

typedef struct cs_detections cs_detections;

/* Boxes of every prompt, sorted by prompt, then by falling score. */
CS_API cs_status cs_detect(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                           const cs_detect_options *options, cs_detections **detections, cs_error *error);
CS_API void cs_detections_destroy(cs_detections *detections);
CS_API size_t cs_detections_count(const cs_detections *detections);
CS_API const cs_detection *cs_detections_get(const cs_detections *detections);

/* ---- Several photographs at once --------------------------------------------------------------------------- */

/* Work on several photographs with one model, done step by step. Of the methods window and occlusion, and of embeddings
 * of whole photographs, a step is one batch of the model's size that takes pictures of any number of jobs, so that
 * small photographs fill batches together; of the methods dense and region it is one job. Where both wait, they take
 * turns. A result is what the job gives by itself, to the bit unless a layer's arithmetic depends on the size of the
 * batch (in fp32 the last digits, of a vision transformer with several threads, and of every model on processors
 * without AVX-512; in int8 cosines of about 0.9995 between embeddings).
 *
 * Of a batch's places one in four goes to the oldest job, the others to whichever has the fewest pictures left, the
 * older first where they have as many. So small jobs are not held up by large ones, jobs of one size are done in the
 * order in which they came, and every job is done however many smaller ones keep coming.
 *
 * Used by the thread that uses the model; between two steps the model may be used for anything else. */
typedef struct cs_jobs cs_jobs;

CS_API cs_status cs_jobs_create(cs_model *model, cs_jobs **jobs, cs_error *error);

/* Drops what is not taken. */
CS_API void cs_jobs_destroy(cs_jobs *jobs);

/* Add a job: cs_localize() or cs_detect(), or the embedding [dim] of a whole photograph as cs_model_embed_images()
 * gives it, which goes to `embedding`. At any time; the job takes part from the next step on. What the options would be
 * refused for is refused here, and then nothing was added. Prompts, image, embedding, and what the options point to
 * have to stay until the job is taken; the options themselves are copied. Their progress counts the job's own pictures.
 * With a method that shares batches it is called here and after every batch, so that a job can be cancelled while it
 * waits; the others go on. */
CS_API cs_status cs_jobs_add_localize(cs_jobs *jobs, const cs_prompts *prompts, const cs_image *image,
                                      const cs_localize_options *options, void *tag, cs_error *error);
CS_API cs_status cs_jobs_add_detect(cs_jobs *jobs, const cs_prompts *prompts, const cs_image *image,
                                    const cs_detect_options *options, void *tag, cs_error *error);
CS_API cs_status cs_jobs_add_embed(cs_jobs *jobs, const cs_image *image, float *embedding, void *tag, cs_error *error);

/* What a step worked on. */
typedef struct cs_step {
    size_t jobs;     /* that took part */
    size_t pictures; /* that were encoded in one batch; 0 where the step was a whole job */
} cs_step;

/* Does a step, if there is anything to do. *step (may be NULL) says what it was. Only jobs can fail: one whose pictures
 * cannot be made by itself, all of a batch that cannot be encoded together. */
CS_API void cs_jobs_step(cs_jobs *jobs, cs_step *step);

typedef struct cs_job_result {
    void *tag;        /* as it was given */
    cs_status status; /* other than CS_OK: as `error` says, and there is no result */
    cs_error error;
    cs_maps *maps;             /* of a localization; the caller's from now on, and NULL in any other case */
    cs_detections *detections; /* of a detection; likewise */
} cs_job_result;

/* Takes out a job that is done, in the order in which they were done. 0: there is none. */
CS_API int cs_jobs_take(cs_jobs *jobs, cs_job_result *result);

/* Jobs that are not done yet. */
CS_API size_t cs_jobs_waiting(const cs_jobs *jobs);

/* Memory that they hold for their maps, about. */
CS_API size_t cs_jobs_bytes(const cs_jobs *jobs);

/* ---- Speed ------------------------------------------------------------------------------------------------- */

/* What a model has done since it was opened. */
typedef struct cs_work {
    double prepare_seconds; /* cropping, resampling and normalising what the image encoder sees */
    double image_seconds;   /* in the image encoder */
    double text_seconds;    /* in the text encoder */
    double gmac; /* thousand million multiply-adds that were really executed, by both encoders and what follows
                    them: of matrix products, convolutions and attention */
} cs_work;

CS_API cs_work cs_model_work(const cs_model *model);

typedef struct cs_machine {
    char processor[128];   /* "AMD EPYC 9R14" */
    char instructions[64]; /* the sets that matter here, by spaces: "avx2 fma avx512f avx512_vnni" */
    char compiler[64];     /* of this library: "gcc 12.2.0" */
    char onednn[32];       /* "2.6.3" */
    int processors;        /* that this process may use */
    uint64_t memory_bytes;
} cs_machine;

/* What cannot be found out is "unknown" or 0. */
CS_API void cs_machine_describe(cs_machine *machine);

typedef struct cs_peak {
    double gflops;            /* thousand million operations a second; a multiply-add is two */
    const char *instructions; /* "avx512_vnni"; static */
} cs_peak;

/* Measures, for about a tenth of a second, the most multiply-adds that so many threads (0: all) can do in registers,
 * without touching memory. CS_ERR_UNSUPPORTED: the processor has no instructions for bf16. Matrix units (AMX) are not
 * used, so that a share of this peak can exceed 1 where a processor has them. */
CS_API cs_status cs_machine_peak(cs_precision precision, int threads, cs_peak *peak, cs_error *error);

/* "fp32", "bf16", "int8", "auto"; NULL for another number. */
CS_API const char *cs_precision_name(cs_precision precision);

/* ---- Reports ----------------------------------------------------------------------------------------------- */

typedef enum cs_format {
    CS_FORMAT_TABLE, /* for people */
    CS_FORMAT_JSON,  /* one line per photograph */
    CS_FORMAT_CSV,   /* one line per box, a heading first */
    CS_FORMAT_COCO,  /* one JSON document: images, annotations with scores, categories */
    CS_FORMAT_YOLO,  /* "class x_center y_center width height score", relative to the photograph */
    CS_FORMAT_VOC,   /* one XML document per photograph */
    CS_FORMAT_TSV    /* maps only */
} cs_format;

/* What a report says of one photograph. */
typedef struct cs_photo {
    const char *path;
    int width, height;
} cs_photo;

/* One photograph's detections as text in a format that stands per photograph (table, json, csv, yolo, voc; csv without
 * its heading). The text ends with a newline. */
CS_API cs_status cs_report_detections(cs_format format, const cs_photo *photo, const cs_prompts *prompts,
                                      const cs_detections *detections, char **text, cs_error *error);

/* The heading that precedes the first photograph in this format ("" where there is none). Never NULL. */
CS_API const char *cs_report_heading(cs_format format);

/* One COCO document over n photographs. */
CS_API cs_status cs_report_coco(const cs_photo *photos, const cs_detections *const *detections, size_t n,
                                const cs_prompts *prompts, char **text, cs_error *error);

/* Labels with logits and probabilities (table, json, csv), in the order of the prompts. */
CS_API cs_status cs_report_classes(cs_format format, const cs_photo *photo, const cs_prompts *prompts,
                                   const float *logits, const float *probabilities, char **text, cs_error *error);

/* Relevance maps (table, json, tsv). */
CS_API cs_status cs_report_maps(cs_format format, const cs_photo *photo, const cs_prompts *prompts, const cs_maps *maps,
                                char **text, cs_error *error);

/* An embedding as one line of JSON, {KIND: name, "embedding": [...]}; kind is "image" or "text". */
CS_API cs_status cs_report_embedding(const char *kind, const char *name, const float *embedding, size_t dim,
                                     char **text, cs_error *error);

/* That of a window of a photograph: {"image": name, "window": [x, y, width, height], "embedding": [...]}. */
CS_API cs_status cs_report_window(const char *name, const cs_rect *window, const float *embedding, size_t dim,
                                  char **text, cs_error *error);

/* values [rows, cols] as the bytes of a NumPy file (.npy, float32). *bytes is released with cs_string_free(). */
CS_API cs_status cs_report_npy(const float *values, size_t rows, size_t cols, char **bytes, size_t *size,
                               cs_error *error);

/* The photograph with boxes and labels, one colour per prompt. A new picture that the caller closes. */
CS_API cs_status cs_draw_detections(const cs_image *image, const cs_prompts *prompts, const cs_detections *detections,
                                    cs_image **picture, cs_error *error);

typedef enum cs_heatmap_style {
    CS_HEATMAP_BRIGHTNESS = 0, /* the chapter's: each patch's brightness multiplied by its score */
    CS_HEATMAP_OVERLAY         /* a smooth colour overlay with a legend */
} cs_heatmap_style;

CS_API cs_status cs_draw_heatmap(const cs_image *image, const cs_maps *maps, size_t prompt, cs_heatmap_style style,
                                 cs_image **picture, cs_error *error);

/* A photograph on a sheet. */
typedef struct cs_sheet_item {
    const cs_image *image; /* any size: what cs_image_fit() makes of it for cs_sheet_side() looks the same; NULL: the
                              photograph is not to be had, which is said in its place */
    int width, height;     /* of the photograph whose pixels the detections are in; 0: the image's */
    const cs_detections *detections; /* NULL: none */
    const char *caption;             /* its name, which loses its middle where there is no room; any bytes */
    float score;                     /* NaN: none is shown */
} cs_sheet_item;

/* Photographs side by side, each with its number, its name, its score and its boxes. */
typedef struct cs_sheet {
    const char *title, *note;   /* large and small letters above them; the note may be NULL */
    const cs_prompts *prompts;  /* of the detections, listed with their colours; NULL where there are no detections */
    const cs_sheet_item *items; /* [count], at most CS_SHEET_MOST */
    size_t count;
} cs_sheet;

enum { CS_SHEET_MOST = 1000 };

/* Side in pixels of the square into which each photograph of a sheet of `count` is fitted. */
CS_API int cs_sheet_side(size_t count);

/* A new picture that the caller closes. */
CS_API cs_status cs_draw_sheet(const cs_sheet *sheet, cs_image **picture, cs_error *error);

/* ---- Evaluation -------------------------------------------------------------------------------------------- */

typedef enum cs_dataset_kind {
    CS_DATASET_VOC,  /* a folder with Annotations (or annotations) of XML files and JPEGImages (or images) */
    CS_DATASET_COCO, /* a JSON document of COCO's instances, or a folder that holds one */
    CS_DATASET_YOLO  /* a folder with labels and images, and the class names in a YAML or text file */
} cs_dataset_kind;

/* Photographs with ground truth. */
typedef struct cs_dataset cs_dataset;

typedef struct cs_truth {
    size_t class_index;
    float x, y, width, height;
    int difficult; /* neither a hit nor a miss (VOC) */
    int crowd;     /* many objects in one box: any number of boxes in it are neither hits nor misses (COCO) */
} cs_truth;

/* The kind is told from what is there. */
CS_API cs_status cs_dataset_open(const char *path, cs_dataset **dataset, cs_error *error);
CS_API void cs_dataset_close(cs_dataset *dataset);
CS_API cs_dataset_kind cs_dataset_kind_of(const cs_dataset *dataset);
CS_API size_t cs_dataset_count(const cs_dataset *dataset);
CS_API const char *cs_dataset_photo(const cs_dataset *dataset, size_t index);
CS_API const cs_truth *cs_dataset_truth(const cs_dataset *dataset, size_t index, size_t *count);
CS_API size_t cs_dataset_class_count(const cs_dataset *dataset);
CS_API const char *cs_dataset_class(const cs_dataset *dataset, size_t class_index);

/* A list of boxes from elsewhere (another program's, or saved ones) as detections, which are copied and keep their
 * order. */
CS_API cs_status cs_detections_from(const cs_detection *boxes, size_t count, cs_detections **detections,
                                    cs_error *error);

/* How boxes are paired with objects, and how a curve becomes one number. docs/evaluation.md has both in full. */
typedef enum cs_metric {
    CS_METRIC_AUTO = 0, /* what the kind of the dataset is usually measured with: COCO for COCO, else VOC */
    CS_METRIC_VOC,      /* the VOC devkit's since 2010: a box belongs to the object it overlaps most; all points */
    CS_METRIC_COCO      /* pycocotools': the best object still free; 101 points, 100 boxes a photograph and class */
} cs_metric;

typedef struct cs_evaluate_options {
    cs_metric metric;
    float min_score; /* for the figures of pairs: boxes with a lower score do not count there; 0 takes all */
} cs_evaluate_options;

#define CS_EVALUATE_OPTIONS_DEFAULT                                                                                    \
    { CS_METRIC_AUTO, 0 }

/* A pair is a photograph and a class. It is present where the photograph shows an object of the class that is neither
 * difficult nor a crowd, absent where it shows none at all, and neither where it shows only such. */
typedef struct cs_pair_figures {
    size_t absent, absent_with_box; /* absent pairs, and those of them with a box */
    size_t present, kept;           /* present pairs, and those of them with a box whose centre lies in an object */
    size_t boxes, hits;             /* boxes of all pairs, and those that overlap an object of theirs, IoU 0.3 */
    size_t kept_boxes;              /* boxes of the kept pairs */
    float absent_rate;              /* absent_with_box / absent; these four are NaN where the divisor is 0 */
    float kept_rate;                /* kept / present */
    float hit_rate;                 /* hits / boxes */
    float boxes_per_kept;           /* kept_boxes / kept */
} cs_pair_figures;

/* Recall 0, 0.01, ... 1. */
enum { CS_CURVE_POINTS = 101 };

/* Figures per class; the APs and curves are NaN where a class has no object that counts (neither difficult nor a
 * crowd) in the data. */
typedef struct cs_class_figures {
    size_t objects;                 /* those that count */
    float ap30, ap50;               /* average precision of boxes at IoU 0.3 and 0.5 */
    float ap;                       /* mean of the APs at IoU 0.50, 0.55, ... 0.95 */
    float image_ap;                 /* AP of the photographs ranked by their best box's score, 0 without a box */
    float curve30[CS_CURVE_POINTS]; /* the best precision at this recall or a higher one, at IoU 0.3 */
    float curve50[CS_CURVE_POINTS]; /* the same at IoU 0.5 */
    cs_pair_figures pairs;          /* those of this class */
} cs_class_figures;

typedef struct cs_figures {
    cs_metric metric;                                         /* never CS_METRIC_AUTO */
    size_t photographs, classes, objects;                     /* that took part; classes with an object that counts */
    float ap30, ap50, ap, image_map;                          /* means over those classes; NaN where there are none */
    float curve30[CS_CURVE_POINTS], curve50[CS_CURVE_POINTS]; /* likewise */
    cs_pair_figures pairs;                                    /* over all pairs of all classes */
} cs_figures;

/* detections[i]: those of photograph i, `prompt` being the class index; NULL leaves the photograph and its objects out.
 * Boxes with equal scores rank in the order of photographs, then as they are listed. options may be NULL. per_class:
 * [cs_dataset_class_count()], may be NULL. A box of no class, or with a number that is not finite, is
 * CS_ERR_ARGUMENT. */
CS_API cs_status cs_evaluate(const cs_dataset *dataset, const cs_detections *const *detections,
                             const cs_evaluate_options *options, cs_class_figures *per_class, cs_figures *figures,
                             cs_error *error);

typedef enum cs_curve_style {
    CS_CURVE_THIN = 0, /* one of many: a thin line in a colour of its own */
    CS_CURVE_MEAN,     /* a thick black line */
    CS_CURVE_DASHED    /* the same, dashed */
} cs_curve_style;

typedef struct cs_curve {
    const char *label;
    const float *precision; /* [CS_CURVE_POINTS]; a curve that begins with NaN is left out */
    float ap;               /* stands in the legend */
    cs_curve_style style;
} cs_curve;

/* Precision over recall: axes, grid, one line per curve and a legend, the best AP first. The lines of thin curves that
 * the legend has no room for are grey. A new picture that the caller closes. */
CS_API cs_status cs_draw_curves(const char *title, const cs_curve *curves, size_t count, cs_image **picture,
                                cs_error *error);

/* A calibration of scores being made from photographs of which it is known what is in them. */
typedef struct cs_calibration_fit cs_calibration_fit;

typedef struct cs_calibration_figures {
    size_t photographs, present, absent; /* pairs of photograph and class */
    double intercept, evidence, spread;  /* the weights: src/model/calibration.h */
    double min_score;                    /* reached by one absent pair in fifty */
    double present_rate, absent_rate;    /* share of the present and absent pairs that reach it: on the photographs that
                                            it was made from, so a little better than on others */
} cs_calibration_figures;

/* model and prompts are borrowed; options (may be NULL) choose the method and the negatives, and are copied. */
CS_API cs_status cs_calibration_fit_create(cs_model *model, const cs_prompts *prompts, const cs_detect_options *options,
                                           cs_calibration_fit **fit, cs_error *error);
CS_API void cs_calibration_fit_destroy(cs_calibration_fit *fit);

/* Looks for all classes in a photograph of the dataset, `image`. Prompt i stands for class i, so their numbers must be
 * the same (else CS_ERR_ARGUMENT). A pair is left out where it is neither present nor absent (cs_pair_figures). */
CS_API cs_status cs_calibration_fit_add(cs_calibration_fit *fit, const cs_dataset *dataset, size_t photo,
                                        const cs_image *image, cs_error *error);

/* Logistic regression over all pairs so far. CS_ERR_ARGUMENT where they are all present, or all absent. figures may be
 * NULL. The model keeps the calibration that it was opened with. */
CS_API cs_status cs_calibration_fit_solve(cs_calibration_fit *fit, cs_calibration_figures *figures, cs_error *error);

/* Writes it where cs_model_open() will look for it: the user's data folder
 * ($XDG_DATA_HOME/clipsight/calibration/WEIGHTS.json, else below ~/.local/share), made if needed, or to `path`.
 * *written (unless NULL): the file's name, released with cs_string_free(). */
CS_API cs_status cs_calibration_fit_save(const cs_calibration_fit *fit, const char *path, char **written,
                                         cs_error *error);

#ifdef __cplusplus
}
#endif

#endif
