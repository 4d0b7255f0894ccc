// Files that people choose as their picture, made here: no binary rests in the project.
import { deflateSync } from 'node:zlib';

/** A PNG of one colour, with a comment that nobody is to keep. */
export function picture({ colour = [220, 20, 20], side = 64, comment = 'taken at home' } = {}) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.concat([Buffer.of(0), ...Array(side).fill(Buffer.from(colour))]);
  const buffer = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`Comment\0${comment}`, 'latin1')),
    chunk('IDAT', deflateSync(Buffer.concat(Array(side).fill(line)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { name: 'me.png', mimeType: 'image/png', buffer };
}

/** What is called a picture, and is none. */
export function noPicture() {
  const buffer = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>window.pwned=1</script></svg>');
  return { name: 'me.png', mimeType: 'image/png', buffer };
}

/** A photograph as a telephone makes it: 3 MB. */
export function tooLarge() {
  return { name: 'me.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(3 * 1024 * 1024) };
}

/** A chunk of a PNG (PNG, 5.3). */
function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
