// Controls of deny.toml: made-up workspaces with one thing that must not be in ours. Their crates are empty ones in a folder
// that stands in for crates.io, so that nothing is downloaded. bin/test says in CARGO_DENY which program judges.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';

const root = fileURLToPath(new URL('../../', import.meta.url));
const deny = process.env.CARGO_DENY;
assert.ok(deny, 'CARGO_DENY names no cargo-deny; bin/test supply does');

const folders = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A workspace whose one package needs these crates: [name, version, licence]. */
function workspace(crates, { source = 'crates-io' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'keywright-supply-'));
  folders.push(folder);
  const registry = source === 'crates-io' ? '' : `, registry = "${source}"`;
  const needs = crates.map(
    ([name, version], place) => `need-${place} = { package = "${name}", version = "=${version}"${registry} }`,
  );
  write(join(folder, 'Cargo.toml'), `[package]
name = "control"
version = "0.1.0"
edition = "2024"
publish = false
[dependencies]
${needs.join('\n')}
[workspace]
`);
  write(join(folder, 'src/lib.rs'), '');
  for (const [name, version, license] of crates) {
    const at = join(folder, 'vendored', `${name}-${version}`);
    const manifest = `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\nlicense = "${license}"\n`;
    write(join(at, 'Cargo.toml'), manifest);
    write(join(at, 'src/lib.rs'), '');
    const checksum = createHash('sha256').update(`${name} ${version}`).digest('hex');
    write(join(at, '.cargo-checksum.json'), JSON.stringify({ files: {}, package: checksum }));
  }
  const address = `sparse+https://${source}.example.com/`;
  const replaced =
    source === 'crates-io'
      ? '[source.crates-io]'
      : `[registries.${source}]\nindex = "${address}"\n[source."${address}"]\nregistry = "${address}"`;
  write(
    join(folder, '.cargo/config.toml'),
    `${replaced}\nreplace-with = "vendored"\n[source.vendored]\ndirectory = "vendored"\n`,
  );
  execFileSync('cargo', ['generate-lockfile', '--offline', '--quiet'], { cwd: folder });
  return folder;
}

/** What cargo-deny says of a workspace, by our deny.toml and our copy of the advisories, as if that were so many days old. */
function judged(folder, part, days = 0) {
  const database = join(folder, 'target/advisory-dbs/advisory-db-3157b0e258782691');
  cpSync(join(root, 'supply/advisories/crates'), join(database, 'crates'), { recursive: true });
  const fetched = join(database, '.git/FETCH_HEAD');
  write(fetched, '');
  const then = new Date(Date.now() - days * 86_400_000);
  utimesSync(fetched, then, then);
  cpSync(join(root, 'deny.toml'), join(folder, 'deny.toml'));
  // What is not in a made-up workspace is not missed there.
  const allowed = ['license-not-encountered', 'advisory-not-detected'].flatMap((code) => ['--allow', code]);
  const { status, stderr } = spawnSync(
    deny,
    ['--offline', '--locked', '--color', 'never', 'check', ...allowed, part],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, said: stderr };
}

test('a workspace with nothing wrong is accepted', () => {
  const folder = workspace([['serde', '1.0.228', 'MIT OR Apache-2.0']]);
  for (const part of ['advisories', 'bans', 'licenses', 'sources']) {
    const { status, said } = judged(folder, part);
    assert.equal(status, 0, `${part}: ${said}`);
  }
});

for (const name of ['openssl', 'openssl-sys', 'openssl-src', 'native-tls', 'git2']) {
  test(`control: ${name} is found`, () => {
    const { status, said } = judged(workspace([[name, '1.0.0', 'MIT']]), 'bans');
    assert.notEqual(status, 0);
    assert.match(said, new RegExp(`error\\[banned\\]: crate '${name} = 1.0.0' is explicitly banned`));
  });
}

test('control: two versions of what guards secrets are found', () => {
  const two = ['0.22.0', '0.23.0'].map((version) => ['rustls', version, 'MIT']);
  const { status, said } = judged(workspace(two), 'bans');
  assert.notEqual(status, 0);
  assert.match(said, /error\[duplicate\]: found 2 duplicate entries for crate 'rustls'/);
});

for (const license of ['GPL-3.0-only', 'AGPL-3.0-or-later', 'LGPL-2.1-only', 'SSPL-1.0', 'MIT AND GPL-2.0-only']) {
  test(`control: a crate under ${license} is found`, () => {
    const { status, said } = judged(workspace([['copied', '1.0.0', license]]), 'licenses');
    assert.notEqual(status, 0);
    assert.match(said, /error\[rejected\]/);
  });
}

test('a choice of licences with one that is allowed is accepted', () => {
  assert.equal(judged(workspace([['copied', '1.0.0', 'GPL-3.0-only OR MIT']]), 'licenses').status, 0);
});

for (const [name, version, id] of [
  ['time', '0.1.43', 'RUSTSEC-2020-0071'],
  ['hyper', '0.14.9', 'RUSTSEC-2021-0078'],
  ['sqlx', '0.8.0', 'RUSTSEC-2024-0363'],
]) {
  test(`control: ${name} ${version} is found by ${id}`, () => {
    const { status, said } = judged(workspace([[name, version, 'MIT']]), 'advisories');
    assert.notEqual(status, 0);
    assert.ok(said.includes(id), said);
  });
}

test('control: a copy of the advisories that is too old says nothing', () => {
  const folder = workspace([['serde', '1.0.228', 'MIT OR Apache-2.0']]);
  assert.equal(judged(folder, 'advisories', 179).status, 0);
  const { status, said } = judged(folder, 'advisories', 181);
  assert.notEqual(status, 0);
  assert.match(said, /repository is stale/);
});

test('control: a crate of another registry is found', () => {
  const { status, said } = judged(workspace([['copied', '1.0.0', 'MIT']], { source: 'elsewhere' }), 'sources');
  assert.notEqual(status, 0);
  assert.match(said, /error\[source-not-allowed\]/);
});
