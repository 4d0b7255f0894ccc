// The bill of materials of a release: the program on Linux, and the part of its pages that the browser runs. Crates that only
// tests need are not in it. One that only another feature needs may be; none that is built in is missing.
// CycloneDX 1.6 (ECMA-424), package URLs (ECMA-427), licences as SPDX expressions.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cargoPackages } from './locks.mjs';

/** Members that a release consists of. */
const RELEASED = ['server', 'frontend'];
const TARGETS = ['x86_64-unknown-linux-gnu', 'aarch64-unknown-linux-gnu', 'wasm32-unknown-unknown'];

const run = (program, ...words) => execFileSync(program, words, { encoding: 'utf8', maxBuffer: 1 << 28 }).trim();

// A release has the pages within it: `embedded`, as bin/build turns it on.
const FEATURES = '--features=server/embedded';
const platforms = TARGETS.flatMap((target) => ['--filter-platform', target]);
const metadata = JSON.parse(run('cargo', 'metadata', '--locked', '--format-version=1', FEATURES, ...platforms));
const packages = new Map(metadata.packages.map((one) => [one.id, one]));
const edges = new Map(
  metadata.resolve.nodes.map(({ id, deps }) => [
    id,
    deps.filter(({ dep_kinds }) => dep_kinds.some(({ kind }) => kind !== 'dev')).map(({ pkg }) => pkg),
  ]),
);
const checksums = new Map(
  cargoPackages(readFileSync('Cargo.lock', 'utf8')).map(({ name, version, checksum }) => [`${name}@${version}`, checksum]),
);

const roots = [...packages.values()].filter(({ id, name }) => RELEASED.includes(name) && metadata.workspace_members.includes(id));
const built = new Set();
for (const waiting = roots.map(({ id }) => id); waiting.length > 0; ) {
  const id = waiting.pop();
  if (built.has(id)) continue;
  built.add(id);
  waiting.push(...edges.get(id));
}

const reference = ({ name, version }) => `pkg:cargo/${name}@${encodeURIComponent(version)}`;
const inOrder = [...built].map((id) => packages.get(id)).sort((a, b) => (reference(a) < reference(b) ? -1 : 1));

/** Before SPDX, a choice was written with a stroke. */
const expression = (license) => license.split('/').map((part) => part.trim()).join(' OR ');

function component(one) {
  const checksum = checksums.get(`${one.name}@${one.version}`);
  return {
    type: 'library',
    'bom-ref': reference(one),
    name: one.name,
    version: one.version,
    ...(one.description && { description: one.description.trim().replace(/\s+/g, ' ') }),
    scope: 'required',
    ...(checksum && { hashes: [{ alg: 'SHA-256', content: checksum }] }),
    ...(one.license && { licenses: [{ expression: expression(one.license) }] }),
    purl: reference(one),
    ...(one.source && one.repository && { externalReferences: [{ type: 'vcs', url: one.repository }] }),
  };
}

const program = roots.find(({ name }) => name === 'server');
const product = {
  type: 'application',
  'bom-ref': `keywright@${program.version}`,
  name: 'keywright',
  version: program.version,
  licenses: [{ expression: program.license }],
};
const components = inOrder.map(component);
const dependencies = [
  { ref: product['bom-ref'], dependsOn: roots.map(reference).sort() },
  ...inOrder.map((one) => ({
    ref: reference(one),
    dependsOn: [...new Set(edges.get(one.id).map((id) => reference(packages.get(id))))].sort(),
  })),
];

// The time of the commit, and a number that follows from the content: whoever builds the same release writes the same file.
const timestamp = new Date(Number(run('git', 'log', '-1', '--format=%ct')) * 1000).toISOString();
const digest = createHash('sha256').update(JSON.stringify([timestamp, components, dependencies])).digest('hex');
const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;

process.stdout.write(
  `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      serialNumber: `urn:uuid:${uuid}`,
      version: 1,
      metadata: { timestamp, lifecycles: [{ phase: 'build' }], component: product },
      components,
      dependencies,
    },
    null,
    2,
  )}\n`,
);
