// What bin/release asks of the Debian package (bin/lib/debian_package.sh), held against small packages: one as it should be, and
// one for each fault.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const packed = { skip: spawnSync('dpkg-deb', ['--version']).error && 'dpkg-deb is not there: no Debian' };
const folder = mkdtempSync(join(tmpdir(), 'keywright-package-'));
after(() => rmSync(folder, { recursive: true }));
// Folders of a package are not written to by others, whatever this user's files are like.
process.umask(0o022);

const CONTROL = `Package: keywright
Version: 1.2.3-1
Architecture: amd64
Maintainer: Keywright <keywright@example.com>
Installed-Size: 40000
Depends: libc6 (>= 2.36), ca-certificates, systemd | systemd-standalone-sysusers
Description: accounts and access
`;
const POSTINST = `#!/bin/sh
set -e
systemd-sysusers keywright.conf
if [ -n "$2" ]; then deb-systemd-invoke try-restart keywright.service >/dev/null || true; fi
`;
const SCRIPT = '#!/bin/sh\nset -e\nsystemctl --system daemon-reload >/dev/null || true\n';

/** Makes a package, spoils it before it is packed, and has it looked into. */
function lookedInto(spoil = () => {}) {
  const files = mkdtempSync(join(folder, 'files-'));
  // It is the root of what is packed.
  chmodSync(files, 0o755);
  const write = (path, text, mode = 0o644) => {
    mkdirSync(join(files, dirname(path)), { recursive: true });
    writeFileSync(join(files, path), text);
    chmodSync(join(files, path), mode);
  };
  write('DEBIAN/control', CONTROL);
  write('DEBIAN/conffiles', '/etc/keywright/keywright.toml\n');
  write('DEBIAN/postinst', POSTINST, 0o755);
  write('DEBIAN/prerm', SCRIPT, 0o755);
  write('DEBIAN/postrm', SCRIPT, 0o755);
  write('usr/bin/keywright', 'the program', 0o755);
  write('usr/lib/systemd/system/keywright.service', 'the unit');
  write('usr/lib/sysusers.d/keywright.conf', 'the user');
  write('etc/keywright/keywright.toml', 'the settings');
  for (const page of ['copyright', 'LICENSE-APACHE']) write(`usr/share/doc/keywright/${page}`, 'a page');
  for (const part of ['docs', 'docs/operations', 'docs/providers', 'docs/second-factors']) {
    const pages = readdirSync(join(root, part)).filter((page) => page.endsWith('.md'));
    for (const page of pages) write(`usr/share/doc/keywright/${part}/${page}`, 'a page');
  }
  spoil({ files, write });
  const path = `${files}.deb`;
  const built = spawnSync('dpkg-deb', ['--root-owner-group', '--build', '-Znone', files, path], { encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
  const script = 'set -euo pipefail; source bin/lib/say.sh; source bin/lib/debian_package.sh; check_debian_package "$1" 1.2.3';
  const env = { PATH: process.env.PATH, TMPDIR: folder, KEYWRIGHT_ROOT: root };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', path], { cwd: root, env, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

test('a package as it should be has no fault', packed, () => {
  const { status, said } = lookedInto();
  assert.equal(status, 0, said);
});

const FAULTS = {
  'or with other rights: -rwxr-xr-x root/root ./usr/bin/keywright': ({ files }) => chmodSync(join(files, 'usr/bin/keywright'), 0o775),
  'does not belong there, or with other rights: -rw-rw-rw-': ({ write }) => write('usr/share/doc/keywright/docs/settings.md', 'a page', 0o666),
  'does not belong there, or with other rights: -rw-r--r-- root/root ./opt/more': ({ write }) => write('opt/more', 'more'),
  'does not belong there, or with other rights: l': ({ files }) => symlinkSync('/etc/passwd', join(files, 'usr/bin/other')),
  'docs/settings.md is not in it': ({ files }) => rmSync(join(files, 'usr/share/doc/keywright/docs/settings.md')),
  'this is not in it, or with other rights: -rw-r--r-- root/root ./usr/lib/sysusers.d': ({ files }) => rmSync(join(files, 'usr/lib/sysusers.d'), { recursive: true }),
  'is not its only conffile': ({ files }) => rmSync(join(files, 'DEBIAN/conffiles')),
  'its version is not 1.2.3-1': ({ write }) => write('DEBIAN/control', CONTROL.replace('1.2.3', '1.2.4')),
  'it does not depend on libc6': ({ write }) => write('DEBIAN/control', CONTROL.replace('libc6 (>= 2.36), ', '')),
  'what dpkg is told names /home/': ({ write }) => write('DEBIAN/prerm', `${SCRIPT}# /home/somebody/keywright\n`, 0o755),
  'postrm cannot be read by sh': ({ write }) => write('DEBIAN/postrm', `${SCRIPT}if true\n`, 0o755),
  'in the place of #DEBHELPER# in postrm': ({ write }) => write('DEBIAN/postrm', `${SCRIPT}#DEBHELPER#\n`, 0o755),
  'postinst does not make the user': ({ write }) => write('DEBIAN/postinst', POSTINST.replace(/^systemd-sysusers.*$/m, ''), 0o755),
  'postinst starts the service': ({ write }) => write('DEBIAN/postinst', `${POSTINST}deb-systemd-invoke start keywright.service\n`, 0o755),
  'postrm removes what people entrusted': ({ write }) => write('DEBIAN/postrm', `${SCRIPT}rm -rf /var/lib/keywright\n`, 0o755),
};
for (const [fault, spoil] of Object.entries(FAULTS)) {
  test(`it is a fault: ${fault}`, packed, () => {
    const { status, said } = lookedInto(spoil);
    assert.equal(status, 1, said);
    assert.ok(said.includes(fault), said);
  });
}

test('a package without its files has many faults', packed, () => {
  const { status, said } = lookedInto(({ files }) => rmSync(join(files, 'usr'), { recursive: true }));
  assert.equal(status, 1, said);
  assert.match(said, /the Debian package has faults: \d\d/);
});
