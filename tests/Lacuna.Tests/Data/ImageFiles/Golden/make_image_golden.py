#!/usr/bin/python3
"""Makes image_golden.zip: small synthetic JPEG and PNG files of every form, and what Pillow and torchvision make of them.

Run with Debian's python3-pil (9.4.0 over libjpeg-turbo 2.1.5) and python3-torchvision (0.14.1):  python3 make_image_golden.py
NAME.jpg|png is a file; NAME.rgb its pixels by Image.convert('RGB'), [H, W, 3]; NAME.luma those by convert('L'), [H, W];
NAME.R.S.rgb what transforms.Resize(R) and CenterCrop(S) make of convert('RGB'), [S, S, 3]; NAME.bad a file that Pillow refuses.
"""
import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image
from torchvision import transforms

out = {}
random = np.random.RandomState(7)


def picture(height, width, channels=3):
    """Smooth waves with noise and an edge: what every step of a codec sees in photographs."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = [127 + 90 * np.sin(x / (3 + c) + y / (7 - c)) + random.randint(-25, 26, (height, width)) for c in range(channels)]
    image = np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)
    image[height // 3:, width // 2:] //= 2
    return image


def save(image, form, **options):
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def add(name, ending, data, luma=False):
    out[f'{name}.{ending}'] = data
    with Image.open(io.BytesIO(data)) as image:
        out[f'{name}.rgb'] = np.asarray(image.convert('RGB')).tobytes()
        if luma:
            out[f'{name}.luma'] = np.asarray(image.convert('L')).tobytes()


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def png(width, height, depth, colour, rows, extra=b'', interlace=0):
    """A PNG file whose rows, with their filter bytes, are given."""
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, depth, colour, 0, 0, interlace)) + extra
            + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


# JPEG: subsampling, quality, progressive, restart markers, greyscale, CMYK with and without a colour transform, odd sizes, one pixel.
colour = Image.fromarray(picture(37, 45))
add('jpeg-420', 'jpg', save(colour, 'JPEG', quality=90), luma=True)
add('jpeg-422', 'jpg', save(colour, 'JPEG', quality=75, subsampling=1))
add('jpeg-444', 'jpg', save(colour, 'JPEG', quality=95, subsampling=0))
add('jpeg-low', 'jpg', save(colour, 'JPEG', quality=10))
add('jpeg-progressive', 'jpg', save(colour, 'JPEG', quality=80, progressive=True))
add('jpeg-grey', 'jpg', save(colour.convert('L'), 'JPEG', quality=85), luma=True)
for name in ('jpeg-420', 'jpeg-progressive'):
    # Stray bytes before the end marker: libjpeg warns, and every pixel is there.
    add(name + '-trailing', 'jpg', out[name + '.jpg'][:-2] + b'\x12\x34\x56\x78\x9a\xbc\xde\x12\x34\x56\xff\xd9')
cmyk = Image.fromarray(picture(19, 23, 4), 'CMYK')
add('jpeg-cmyk', 'jpg', save(cmyk, 'JPEG', quality=90))
add('jpeg-one', 'jpg', save(Image.fromarray(picture(1, 1)), 'JPEG'))
exif = Image.Exif()
exif[0x112] = 6
add('jpeg-turned', 'jpg', save(colour, 'JPEG', exif=exif.tobytes()))
# A photograph's size in small: several iMCU rows, two-stage upsampling across their borders.
add('jpeg-wide', 'jpg', save(Image.fromarray(picture(66, 130)), 'JPEG', quality=88))
# Components without a colour transform, with one, and with nothing said: Adobe's marker is 14 bytes behind its code, and its last one decides.
tall = save(Image.fromarray(picture(16, 16)), 'JPEG', quality=90, subsampling=0)
after_jfif = 4 + struct.unpack('>H', tall[4:6])[0]
add('jpeg-rgb', 'jpg', tall[:2] + b'\xff\xee\x00\x0eAdobe\x00\x64\0\0\0\0\0' + tall[after_jfif:])
inks = out['jpeg-cmyk.jpg']
adobe = inks.index(b'\xff\xee\x00\x0eAdobe')
add('jpeg-ycck', 'jpg', inks[:adobe + 15] + b'\x02' + inks[adobe + 16:])
add('jpeg-cmyk-plain', 'jpg', inks[:adobe] + inks[adobe + 16:])

# PNG: every colour type and depth that there is, interlacing, transparent colours, gamma that must be ignored.
add('png-rgb', 'png', save(colour, 'PNG'), luma=True)
add('png-grey', 'png', save(colour.convert('L'), 'PNG'), luma=True)
add('png-bits', 'png', save(colour.convert('1'), 'PNG'), luma=True)
add('png-palette', 'png', save(colour.quantize(200), 'PNG'), luma=True)
add('png-palette-4', 'png', save(colour.quantize(13), 'PNG', bits=4))
add('png-palette-2', 'png', save(colour.quantize(4), 'PNG', bits=2))
add('png-palette-alpha', 'png', save(colour.quantize(100), 'PNG', transparency=bytes(range(100))))
add('png-rgba', 'png', save(Image.fromarray(picture(21, 18, 4), 'RGBA'), 'PNG'))
add('png-grey-alpha', 'png', save(Image.fromarray(picture(21, 18, 2), 'LA'), 'PNG'))
rgb = picture(9, 11)
rows = b''.join(b'\0' + row.tobytes() for row in rgb)
add('png-gamma', 'png', png(11, 9, 8, 2, rows, chunk(b'gAMA', struct.pack('>I', 100000))))
add('png-transparent-colour', 'png', png(11, 9, 8, 2, rows, chunk(b'tRNS', b'\0\x05\0\x05\0\x05')))
for depth in (2, 4):
    add(f'png-grey-{depth}', 'png', png(16, 5, depth, 0, b''.join(b'\0' + random.bytes(16 * depth // 8) for _ in range(5))), luma=True)
adam = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
passes = b''.join(b'\0' + rgb[y, x::dx].tobytes() for x, y0, dx, dy in adam for y in range(y0, 9, dy) if x < 11)
add('png-interlaced', 'png', png(11, 9, 8, 2, passes, interlace=1))
# 16 bits: Pillow takes the upper byte of colours.
deep = random.randint(0, 65536, (9, 11, 3)).astype('>u2')
add('png-rgb-16', 'png', png(11, 9, 16, 2, b''.join(b'\0' + row.tobytes() for row in deep)))
deep = random.randint(0, 65536, (9, 11, 4)).astype('>u2')
add('png-rgba-16', 'png', png(11, 9, 16, 6, b''.join(b'\0' + row.tobytes() for row in deep)))
# Of greyscale it would make white; the samples themselves are kept.
deep = random.randint(0, 65536, (9, 11)).astype('>u2')
out['png-grey-16.png'] = png(11, 9, 16, 0, b''.join(b'\0' + row.tobytes() for row in deep))
out['png-grey-16.rgb'] = np.repeat((deep >> 8).astype(np.uint8)[..., None], 3, -1).tobytes()

# Resizing, down, up, by little, by much, to the same size; wide, tall, odd remainders.
sizes = {'size-wide': (40, 61), 'size-tall': (67, 33), 'size-large': (90, 131), 'size-small': (9, 7), 'size-thin': (120, 5)}
for name, (height, width) in sizes.items():
    image = Image.fromarray(picture(height, width))
    add(name, 'png', save(image, 'PNG'))
    for resize, crop in ((32, 32), (36, 32), (33, 32), (17, 10), (48, 47), (5, 5), (9, 8), (1, 1)):
        done = transforms.CenterCrop(crop)(transforms.Resize(resize)(image))
        out[f'{name}.{resize}.{crop}.rgb'] = np.asarray(done).tobytes()

# Refused by Pillow too.
whole = out['jpeg-420.jpg']
out['truncated-half.jpg.bad'] = whole[:len(whole) // 2]
out['truncated-header.jpg.bad'] = whole[:100]
out['text.jpg.bad'] = b'This is no image.\n'
out['empty.jpg.bad'] = b''
out['truncated.png.bad'] = out['png-rgb.png'][:-200]
out['crc.png.bad'] = out['png-rgb.png'].replace(b'IDAT', b'IDAT', 1)[:60] + b'\x55' + out['png-rgb.png'][61:]
out['bomb.png.bad'] = png(200000, 200000, 8, 2, b'\0' * 100)
bomb = bytearray(whole)
frame = whole.index(b'\xff\xc0')
bomb[frame + 5:frame + 9] = struct.pack('>HH', 65000, 65000)
out['bomb.jpg.bad'] = bytes(bomb)
for name, data in out.items():
    if name.endswith('.bad'):
        try:
            Image.open(io.BytesIO(data)).convert('RGB')
        except Exception:
            continue
        raise SystemExit(f'Pillow reads {name}')

# Pillow would read it; we say what it is.
out['gif.jpg.bad'] = save(colour.quantize(16), 'GIF')

with zipfile.ZipFile('image_golden.zip', 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for name in sorted(out):
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), out[name], zipfile.ZIP_DEFLATED)
print(len(out), 'entries')
