"""Makes tests/data/image: small pictures of every kind, and what Pillow makes of them.

    pip install -r tests/references/requirements.txt
    python tests/references/make_image.py

decode.tsv    file, width, height, CRC-32 of the RGB pixels: upright, transparency laid over white
resample.tsv  filter, crop of source.png (x, y, width, height), new width, new height, CRC-32 of the RGB pixels
normalize.tsv mean and deviation of each channel, CRC-32 of all 256 samples normalised in turn (float32, [256, 3])
*.rgb         the pixels themselves for a few of the files, so that a difference can be seen
"""

import pathlib
import random
import struct
import zlib

import numpy
import PIL
from PIL import Image, ImageOps

assert PIL.__version__ == "13.0.0", "the order of the resampling passes is Pillow 13.0.0's"

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "data" / "image"
RAW = {"small.jpg", "cmyk.jpg", "palette_alpha.png", "alpha.webp"}


def photo(width, height, seed=1):
    """Smooth colours, an edge, and some grain: exercises clamping and rounding alike."""
    rng = numpy.random.default_rng(seed)
    y, x = numpy.mgrid[0:height, 0:width] / max(width, height)
    smooth = numpy.stack([x, y, 1 - (x + y) / 2], axis=-1) * 255
    smooth[(x - 0.5) ** 2 + (y - 0.3) ** 2 < 0.03] = [250, 5, 128]
    smooth += rng.normal(0, 12, smooth.shape)
    return Image.fromarray(smooth.clip(0, 255).astype(numpy.uint8))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def packed_rows(samples, bits):
    """samples: [height, width, channels] -> bytes with filter type 0 before each row."""
    rows = b""
    for row in samples.reshape(samples.shape[0], -1):
        if bits == 16:
            data = row.astype(">u2").tobytes()
        else:
            ones = numpy.unpackbits(row.astype(numpy.uint8)[:, None], axis=1)[:, 8 - bits:]
            data = numpy.packbits(ones).tobytes()
        rows += b"\0" + data
    return rows


def write_png(name, samples, colour, bits, interlaced=False, extra=b""):
    """What Pillow cannot write: 16-bit colour, small bit depths, interlacing."""
    height, width = samples.shape[:2]
    if interlaced:
        parts = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        pixels = b"".join(packed_rows(part, bits) for part in parts if part.size)
    else:
        pixels = packed_rows(samples, bits)
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced))
    (FOLDER / name).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
                                + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b""))


def over_white(picture):
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture.convert("RGBA"))
    return white.convert("RGB")


def exif(orientation, order="II", kind=3):
    """A TIFF header with one directory of one entry."""
    mark = "<" if order == "II" else ">"
    value = struct.pack(mark + {1: "Bxxx", 3: "Hxx", 4: "I"}[kind], orientation)
    return order.encode() + struct.pack(mark + "HIHHHI", 42, 8, 1, 0x0112, kind, 1) + value + bytes(4)


def make_jpegs():
    picture = photo(45, 31)
    picture.crop((0, 0, 16, 12)).save(FOLDER / "small.jpg", quality=85)
    for name, options in {
        "444.jpg": {"subsampling": "4:4:4"},
        "422.jpg": {"subsampling": "4:2:2"},
        "420.jpg": {"subsampling": "4:2:0"},
        "progressive.jpg": {"progressive": True},
        "progressive_444.jpg": {"progressive": True, "subsampling": "4:4:4"},
        "restart.jpg": {"restart_marker_rows": 1},
        "rgb.jpg": {"keep_rgb": True},
        "poor.jpg": {"quality": 5},
    }.items():
        picture.save(FOLDER / name, **({"quality": 80} | options))
    picture.convert("L").save(FOLDER / "grey.jpg")
    picture.convert("L").save(FOLDER / "grey_progressive.jpg", progressive=True)
    photo(1, 1).save(FOLDER / "one.jpg")
    # In place of convert("CMYK"), which never uses black.
    ink = numpy.dstack([numpy.asarray(picture), numpy.asarray(picture.convert("L"))])
    Image.fromarray(ink, "CMYK").save(FOLDER / "cmyk.jpg", quality=80)
    # The Adobe marker's last byte says how the colours are stored: 2 makes the same numbers YCCK.
    data = bytearray((FOLDER / "cmyk.jpg").read_bytes())
    data[data.index(b"Adobe") + 11] = 2
    (FOLDER / "ycck.jpg").write_bytes(data)


def make_pngs():
    picture = photo(21, 14)
    rgb = numpy.asarray(picture)
    grey = numpy.asarray(picture.convert("L"))[..., None]
    alpha = numpy.arange(21 * 14, dtype=numpy.uint8).reshape(14, 21, 1)
    picture.save(FOLDER / "rgb.png")
    picture.convert("L").save(FOLDER / "grey.png")
    picture.convert("1").save(FOLDER / "bits_1.png")
    picture.quantize(13).save(FOLDER / "palette.png")
    picture.quantize(200).save(FOLDER / "palette_alpha.png", transparency=bytes(range(0, 200, 3)))
    Image.fromarray(numpy.dstack([rgb, alpha])).save(FOLDER / "rgba.png")
    picture.save(FOLDER / "rgb_key.png", transparency=tuple(int(v) for v in rgb[3, 4]))
    picture.convert("L").save(FOLDER / "grey_key.png", transparency=int(grey[3, 4, 0]))
    every = numpy.mgrid[0:256, 0:256].astype(numpy.uint8)
    Image.fromarray(numpy.dstack([every[0], every[1]]), "LA").save(FOLDER / "every_alpha.png", optimize=True)
    write_png("grey_2.png", grey >> 6, 0, 2)
    write_png("grey_4.png", grey >> 4, 0, 4)
    wide = rgb.astype(numpy.uint16) * 256 + rgb[::-1]
    write_png("rgb_16.png", wide, 2, 16)
    write_png("rgba_16.png", numpy.dstack([wide, alpha.astype(numpy.uint16) * 257]), 6, 16)
    write_png("interlaced_rgb.png", rgb, 2, 8, True)
    write_png("interlaced_rgba.png", numpy.dstack([rgb, alpha]), 6, 8, True)
    write_png("interlaced_bits_1.png", grey >> 7, 0, 1, True)
    write_png("interlaced_1x3.png", rgb[:3, :1], 2, 8, True)
    write_png("grey_16.png", wide[..., :1], 0, 16)


def make_webps():
    picture = photo(33, 22)
    alpha = Image.fromarray(numpy.mgrid[0:22, 0:33][1].astype(numpy.uint8) * 8)
    clear = picture.copy()
    clear.putalpha(alpha)
    picture.save(FOLDER / "lossy.webp", quality=70)
    picture.save(FOLDER / "lossless.webp", lossless=True)
    clear.save(FOLDER / "alpha.webp", quality=70)
    clear.save(FOLDER / "alpha_lossless.webp", lossless=True)
    picture.save(FOLDER / "animated.webp", save_all=True, append_images=[photo(33, 22, 2)])


def make_oriented():
    picture = photo(13, 8)
    for orientation in range(1, 9):
        order = "MM" if orientation % 2 else "II"
        data = exif(orientation, order)
        picture.save(FOLDER / f"orientation_{orientation}.jpg", exif=b"Exif\0\0" + data, quality=60)
        picture.save(FOLDER / f"orientation_{orientation}.png", exif=data)
        picture.save(FOLDER / f"orientation_{orientation}.webp", exif=data, lossless=True)
    picture.save(FOLDER / "orientation_long.jpg", exif=b"Exif\0\0" + exif(6, kind=4), quality=60)
    picture.save(FOLDER / "orientation_9.jpg", exif=b"Exif\0\0" + exif(9), quality=60)
    rgb = (FOLDER / "orientation_6.png").read_bytes()
    # eXIf behind the pixels, as the PNG specification allows.
    start = rgb.index(b"eXIf") - 4
    piece = rgb[start:start + 12 + struct.unpack(">I", rgb[start:start + 4])[0]]
    (FOLDER / "orientation_late.png").write_bytes(rgb.replace(piece, b"")[:-12] + piece + rgb[-12:])


def expected_pixels(path):
    picture = Image.open(path)
    if path.name == "grey_16.png":  # Pillow clips these to white; clipsight keeps the upper 8 bits
        return Image.fromarray((numpy.asarray(picture) >> 8).astype(numpy.uint8)).convert("RGB")
    return over_white(ImageOps.exif_transpose(picture))


def write_decoded():
    lines = []
    for path in sorted(FOLDER.iterdir()):
        if path.suffix not in (".jpg", ".png", ".webp") or path.name == "animated.webp":
            continue
        picture = expected_pixels(path)
        lines.append(f"{path.name}\t{picture.width}\t{picture.height}\t{zlib.crc32(picture.tobytes()):08x}\n")
        if path.name in RAW:
            path.with_suffix(path.suffix + ".rgb").write_bytes(picture.tobytes())
    (FOLDER / "decode.tsv").write_text("".join(lines))


def sizes():
    """Crops and new sizes: extremes by hand, the rest drawn."""
    cases = [((0, 0, 90, 60), size) for size in
             [(1, 1), (90, 60), (90, 7), (90, 133), (13, 60), (200, 60), (1, 60), (90, 1), (224, 149), (45, 30), (89, 61)]]
    cases += [((5, 7, 1, 1), (1, 1)), ((5, 7, 1, 1), (9, 4)), ((5, 7, 1, 40), (3, 11)), ((5, 7, 50, 1), (11, 3)),
              ((0, 0, 2, 2), (64, 64)), ((0, 0, 20, 60), (18, 10)), ((3, 0, 10, 60), (12, 30)), ((3, 0, 10, 60), (9, 57)),
              ((3, 0, 10, 60), (9, 58)), ((3, 0, 6, 60), (40, 59)), ((0, 0, 64, 48), (224, 168))]
    draw = random.Random(20)
    while len(cases) < 70:
        x, y = draw.randrange(60), draw.randrange(40)
        width, height = draw.randint(1, 90 - x), draw.randint(1, 60 - y)
        cases.append(((x, y, width, height), (draw.randint(1, 130), draw.randint(1, 130))))
    return cases


def write_resampled():
    source = photo(90, 60, 7)
    source.save(FOLDER / "source.png", optimize=True)
    lines = []
    for (x, y, width, height), size in sizes():
        crop = source.crop((x, y, x + width, y + height))
        for resample in range(4):
            crc = zlib.crc32(crop.resize(size, resample).tobytes())
            lines.append("\t".join(str(v) for v in (resample, x, y, width, height, *size)) + f"\t{crc:08x}\n")
    (FOLDER / "resample.tsv").write_text("".join(lines))


def write_normalized():
    """As transformers' CLIPImageProcessor (the PIL path) computes it: scaled in double, then float32 throughout."""
    samples = (numpy.arange(256, dtype=numpy.uint8)[:, None].repeat(3, 1).astype(numpy.float64) * (1 / 255))
    lines = []
    for mean, std in [((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)), ((0.5,) * 3,) * 2]:
        values = (samples.astype(numpy.float32) - numpy.float32(mean)) / numpy.float32(std)
        lines.append("\t".join(str(v) for v in mean + std) + f"\t{zlib.crc32(values.astype('<f4').tobytes()):08x}\n")
    (FOLDER / "normalize.tsv").write_text("".join(lines))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    make_jpegs()
    make_pngs()
    make_webps()
    make_oriented()
    write_resampled()
    write_normalized()
    write_decoded()


if __name__ == "__main__":
    main()
