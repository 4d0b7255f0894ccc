// The tests that SECURITY.md names are there.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const root = fileURLToPath(new URL('../../', import.meta.url));
const policy = readFileSync(`${root}SECURITY.md`, 'utf8');
const sources = execFileSync('git', ['ls-files', '*.rs'], { cwd: root, encoding: 'utf8' }).trim().split('\n');

/** A file of this name, or a folder of it, has a function of this name. */
function isThere(file, name) {
  const ofFile = sources.filter((path) => basename(path, '.rs') === file || basename(dirname(path)) === file);
  return ofFile.some((path) => new RegExp(`fn ${name}\\(`).test(readFileSync(root + path, 'utf8')));
}

const named = [...policy.matchAll(/`([a-z_]+)::([a-z_0-9]+)`/g)];

test('there are names', () => assert.ok(named.length > 25));

for (const [text, file, name] of named) {
  test(`${text} is there`, () => assert.ok(isThere(file, name)));
}

test('so are the files that it leads to', () => {
  const links = [...policy.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path);
  const paths = [...policy.matchAll(/`((?:supply|bin)\/[^`]+|deny\.toml)`/g)].map(([, path]) => path);
  for (const path of [...links, ...paths]) assert.ok(existsSync(root + path), path);
});

test('each threat of STRIDE has lines', () => {
  for (const threat of ['Spoofing', 'Tampering', 'Repudiation', 'Information disclosure', 'Denial of service', 'Elevation of privilege']) {
    assert.ok(policy.includes(`| **${threat}**`), threat);
  }
});

test('control: a test that is not there is missed', () => {
  assert.ok(!isThere('cross_site', 'nobody_wrote_this') && !isThere('nowhere', 'nothing_is_accepted_from_another_site'));
});
