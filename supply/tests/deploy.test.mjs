// deploy/: what cannot be run where there is no Docker, no Kubernetes and no systemd is judged by their linters and schemas,
// each with a control. bin/test says in DEPLOY_LINTERS where those of PyPI are; what is missing is said, and its tests skipped.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(root + path, 'utf8');
const linters = process.env.DEPLOY_LINTERS;
const linted = { skip: !linters && 'bin/setup could not install the linters of deploy/' };
const unit = { skip: spawnSync('systemd-analyze', ['--version']).error && 'systemd-analyze is not there: it is in the package systemd' };

const folder = mkdtempSync(join(tmpdir(), 'keywright-deploy-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs a program on a text in a file of this name: its exit code and all that it says. */
function judged(program, words, name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  const { status, stdout, stderr, error } = spawnSync(program, [...words, path], { encoding: 'utf8' });
  assert.equal(error, undefined);
  return { status, said: stdout + stderr };
}

/** The documents of a YAML file. */
function yaml(path) {
  const script = 'import json, sys, yaml; json.dump(list(yaml.safe_load_all(sys.stdin)), sys.stdout)';
  const { stdout, stderr, status } = spawnSync(join(linters, 'python'), ['-c', script], { input: read(path), encoding: 'utf8' });
  assert.equal(status, 0, `${path}: ${stderr}`);
  return JSON.parse(stdout);
}

const SERVICE = read('deploy/systemd/keywright.service');
const score = (text) => {
  const { said } = judged('systemd-analyze', ['security', '--offline=true', '--no-pager'], 'keywright.service', text);
  return Number(said.match(/Overall exposure level for \S+: ([\d.]+)/)?.[1]);
};

test('systemd calls the unit well kept in', unit, () => {
  const exposure = score(SERVICE);
  assert.ok(exposure < 2, `${exposure}`);
});

test('control: without its fences the score is a bad one', unit, () => {
  const without = SERVICE.replace(/^(Protect|Private|Restrict|SystemCall|Capability|NoNewPrivileges)\w*=.*$/gm, '');
  assert.ok(score(without) > 5, `${score(without)}`);
});

test('systemd knows every line of the unit', unit, () => {
  const verified = (text) => {
    // The program is not installed here.
    const { said } = judged('systemd-analyze', ['verify', '--man=no'], 'keywright.service', text.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'));
    // Other units of this machine may have faults of their own.
    return said.split('\n').filter((line) => line.includes('keywright.service'));
  };
  assert.deepEqual(verified(SERVICE), []);
  assert.notDeepEqual(verified(SERVICE.replace('PrivateTmp=', 'PrivateTemp=')), [], 'control');
});

test('the user of the unit is made by the package', () => {
  const user = SERVICE.match(/^User=(.*)$/m)[1];
  assert.match(read('deploy/systemd/keywright.sysusers'), new RegExp(`^u ${user} `, 'm'));
});

test('the page that the unit names is in the package', () => {
  const [, page] = SERVICE.match(/^Documentation=file:\/\/\/usr\/share\/doc\/keywright\/(.*)$/m);
  assert.ok(read(page).startsWith('# '), page);
});

test('a command by hand has the folder of the unit, and leaves its rights as they are', () => {
  const [line] = read('docs/operations/install.md').match(/^systemd-run [^]*?keywright doctor$/m);
  for (const name of ['User', 'WorkingDirectory', 'StateDirectory', 'StateDirectoryMode', 'UMask']) {
    const [said] = SERVICE.match(new RegExp(`^${name}=.*$`, 'm'));
    assert.ok(line.includes(`--property=${said} `), said);
  }
});

test('what the package is made of is there', () => {
  const metadata = read('server/Cargo.toml').split('[package.metadata.deb]')[1];
  const paths = [...metadata.matchAll(/"(\.\.\/[^"]+)"/g)].map(([, path]) => path.replace('../', ''));
  assert.ok(paths.length > 5);
  for (const path of paths) {
    const [folder, end] = path.split('*');
    if (end === undefined) assert.ok(path.endsWith('/') ? readdirSync(root + path) : read(path), path);
    else assert.ok(readdirSync(root + folder).some((name) => name.endsWith(end)), path);
  }
});

const DOCKERFILE = read('deploy/container/Dockerfile');

test('hadolint finds nothing in the Dockerfile', linted, () => {
  const lint = (text) => judged(join(linters, 'hadolint'), ['--no-color'], 'Dockerfile', text);
  assert.deepEqual(lint(DOCKERFILE), { status: 0, said: '' });
  assert.match(lint(`${DOCKERFILE}USER root\n`).said, /DL3002/, 'control');
});

test('the image has no shell, no rights, and a health check', () => {
  const last = DOCKERFILE.split(/^FROM /m).at(-1);
  assert.match(last, /^scratch\n/);
  assert.match(last, /^USER 65532:65532$/m);
  assert.match(last, /^HEALTHCHECK .* CMD \["\/usr\/bin\/keywright", "health"\]$/m);
  assert.doesNotMatch(last, /^RUN /m);
});

const manifests = readdirSync(`${root}deploy/kubernetes`).filter((name) => name !== 'kustomization.yaml');

test('manifests are of the schemas of Kubernetes', linted, () => {
  assert.ok(manifests.length > 4);
  const validate = (name, text) => judged(join(linters, 'kubernetes-validate'), ['--strict', '--quiet'], name, text);
  for (const name of manifests) {
    const { status, said } = validate(name, read(`deploy/kubernetes/${name}`));
    assert.equal(status, 0, `${name}: ${said}`);
  }
  const misspelt = read('deploy/kubernetes/deployment.yaml').replace('readOnlyRootFilesystem', 'readonlyRootFilesystem');
  assert.notEqual(validate('deployment.yaml', misspelt).status, 0, 'control');
});

test('every manifest is applied, in the namespace that refuses loose pods', linted, () => {
  const [{ resources, namespace }] = yaml('deploy/kubernetes/kustomization.yaml');
  assert.deepEqual([...resources].sort(), [...manifests].sort());
  const documents = manifests.flatMap((name) => yaml(`deploy/kubernetes/${name}`));
  for (const { kind, metadata } of documents) {
    assert.equal(kind === 'Namespace' ? metadata.name : metadata.namespace, namespace, kind);
  }
  const { labels } = documents.find(({ kind }) => kind === 'Namespace').metadata;
  assert.equal(labels['pod-security.kubernetes.io/enforce'], 'restricted');
});

test('pods are as that standard demands, and write nowhere', linted, () => {
  const [{ spec }] = yaml('deploy/kubernetes/deployment.yaml');
  const pod = spec.template.spec;
  assert.equal(pod.automountServiceAccountToken, false);
  assert.equal(pod.securityContext.runAsNonRoot, true);
  assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault');
  for (const { securityContext, livenessProbe, readinessProbe } of pod.containers) {
    assert.equal(securityContext.allowPrivilegeEscalation, false);
    assert.equal(securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] });
    // A database that is gone takes no pod with it.
    assert.equal(livenessProbe.httpGet.path, '/health/live');
    assert.equal(readinessProbe.httpGet.path, '/health/ready');
  }
  // The sleep before the stop, and the 8 seconds of running requests.
  const [{ lifecycle }] = pod.containers;
  assert.ok(pod.terminationGracePeriodSeconds >= lifecycle.preStop.sleep.seconds + 10);
});

test('the composed program writes nowhere, and nobody else reaches it', linted, () => {
  const [{ services, secrets }] = yaml('deploy/container/compose.yaml');
  const { keywright, database } = services;
  assert.equal(keywright.read_only, true);
  assert.deepEqual(keywright.cap_drop, ['ALL']);
  for (const service of [keywright, database]) {
    assert.ok(service.security_opt.includes('no-new-privileges:true'));
    for (const name of service.secrets) assert.ok(secrets[name], name);
  }
  for (const port of keywright.ports) assert.match(port, /^127\.0\.0\.1:/);
  assert.equal(database.network_mode, 'none');
  // Every secret comes by a file.
  const plain = Object.keys(keywright.environment).filter((name) => /KEY|SMTP_URL|PASSWORD/.test(name.replace(/^KEYWRIGHT_/, '')));
  for (const name of plain) assert.match(name, /_FILE$/);
});
