// The copy of the advisories: of all crates that are in Cargo.lock today.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { cargoPackages } from '../locks.mjs';

const root = new URL('../../', import.meta.url);
const text = (path) => readFileSync(new URL(path, root), 'utf8');
const packages = cargoPackages(text('Cargo.lock'));

test('every crate of others was looked up', () => {
  const lookedUp = new Set(text('supply/advisories/looked_up.txt').trim().split('\n'));
  const forgotten = packages.filter(({ name, source }) => source && !lookedUp.has(name)).map(({ name }) => name);
  assert.ok(lookedUp.size > 400);
  assert.deepEqual(forgotten, [], 'these came in later: run bin/advisories');
});

test('each file is an advisory about the crate of its folder', () => {
  const folder = new URL('supply/advisories/crates/', root);
  const names = readdirSync(folder);
  assert.ok(names.length > 50);
  for (const name of names) {
    for (const file of readdirSync(new URL(`${name}/`, folder))) {
      const advisory = readFileSync(new URL(`${name}/${file}`, folder), 'utf8');
      assert.match(advisory, new RegExp(`^id = "${file.replace('.md', '')}"$`, 'm'), file);
      assert.match(advisory, new RegExp(`^package = "${name}"$`, 'm'), file);
    }
  }
});

test('every crate of others is of crates.io, one version, with its digest', () => {
  const others = packages.filter(({ source }) => source);
  assert.ok(others.length > 500);
  for (const { name, source, checksum } of others) {
    assert.equal(source, 'registry+https://github.com/rust-lang/crates.io-index', name);
    assert.match(checksum ?? '', /^[0-9a-f]{64}$/, name);
  }
  const own = packages.filter(({ source }) => !source).map(({ name }) => name);
  for (const name of own) assert.ok(existsSync(new URL(`${name}/Cargo.toml`, root)), `${name} is none of ours`);
});
