// The lock files of npm packages: what stands in for `npm audit signatures` without a network.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { npmFaults } from '../locks.mjs';

const root = new URL('../../', import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

/** Packages that may run a script when they are installed: none. */
const MAY_RUN_SCRIPTS = [];

const locks = execFileSync('git', ['ls-files', '*package-lock.json'], { cwd: root, encoding: 'utf8' }).trim().split('\n');

test('there are lock files, and each package.json has one', () => {
  const manifests = execFileSync('git', ['ls-files', '*package.json'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  assert.deepEqual(locks.map((path) => path.replace('-lock', '')).sort(), manifests.sort());
});

for (const path of locks) {
  test(`${path} pins every package`, () => {
    assert.deepEqual(npmFaults(read(path), read(path.replace('-lock', '')), MAY_RUN_SCRIPTS), []);
  });
}

const integrity = `sha512-${'A'.repeat(86)}==`;
const good = {
  manifest: { dependencies: { left: '1.2.3' } },
  lock: {
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { left: '1.2.3' } },
      'node_modules/left': { version: '1.2.3', integrity },
      'node_modules/left/node_modules/@scope/right': { version: '2.0.0-rc.1', integrity },
    },
  },
};

test('a lock file that is as it must be has no fault', () => {
  assert.deepEqual(npmFaults(good.lock, good.manifest), []);
});

test('a script may run where it is allowed by name', () => {
  const lock = structuredClone(good.lock);
  lock.packages['node_modules/left'].hasInstallScript = true;
  assert.deepEqual(npmFaults(lock, good.manifest, ['left']), []);
});

for (const [what, change] of Object.entries({
  'no digest': ({ left }) => delete left.integrity,
  'a digest that is broken today': ({ left }) => (left.integrity = 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk='),
  'an address': ({ left }) => (left.resolved = 'https://packages.example.com/left.tgz'),
  'git': ({ left }) => (left.resolved = 'git+ssh://git@example.com/left.git#0123456'),
  'a folder': ({ left }) => (left.link = true),
  'a script at its installation': ({ left }) => (left.hasInstallScript = true),
  'another package under its name': ({ left }) => (left.name = 'evil'),
  'another version than was wanted': ({ left }) => (left.version = '1.2.4'),
  'a range': ({ manifest }) => (manifest.dependencies.left = '^1.2.3'),
  'a package that is not locked': ({ manifest }) => (manifest.dependencies.other = '1.0.0'),
  'an old form': ({ lock }) => (lock.lockfileVersion = 1),
})) {
  test(`control: ${what} is found`, () => {
    const { lock, manifest } = structuredClone(good);
    change({ lock, manifest, left: lock.packages['node_modules/left'] });
    assert.notDeepEqual(npmFaults(lock, manifest), []);
  });
}
