// What the scripts build is what the lock files say.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scripts = execFileSync('git', ['ls-files', 'bin', '.ci'], { cwd: root, encoding: 'utf8' }).trim().split('\n');

/** The commands of a script, one a line, without its comments. */
function commands(text) {
  return text.replace(/\\\n\s*/g, ' ').split('\n').filter((line) => !/^\s*#/.test(line));
}

/** Commands that build or ask cargo by another lock file than ours, or none. */
function unlocked(text) {
  const builds = /\bcargo(_install| install| (build|test|clippy|run|doc|tree|metadata|fetch)) /;
  return commands(text).filter((line) => builds.test(line) && !/--(locked|version)\b/.test(line));
}

test('every build is of the lock file', () => {
  assert.ok(scripts.length > 20);
  const found = scripts.flatMap((path) => unlocked(readFileSync(root + path, 'utf8')).map((line) => `${path}: ${line.trim()}`));
  // The first has "$@" for it, and tools of one version whose lock file is not always resolvable; the second builds the
  // standard library alone.
  const known = [/logged "\$name" cargo install/, /--manifest-path "\$crate/];
  assert.deepEqual(found.filter((line) => !known.some((pattern) => pattern.test(line))), []);
});

test('npm installs what is locked, and runs nothing', () => {
  const lines = scripts.flatMap((path) => commands(readFileSync(root + path, 'utf8'))).filter(
    // The optimiser of one version, which needs nothing.
    (line) => /\bnpm (ci|i|install)\b/.test(line) && !line.includes('"binaryen@$NPM_BINARYEN_VERSION"'),
  );
  assert.ok(lines.length > 0);
  for (const line of lines) assert.match(line, /npm ci .*--ignore-scripts/);
});

test('control: a build without the lock file is found', () => {
  assert.equal(unlocked('set -e\ncargo build \\\n  --release\n# cargo test -p auth\ncargo test --locked\n').length, 1);
});
