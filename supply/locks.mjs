// What lock files say, read as far as it is needed here.

/** The packages of a Cargo.lock: name, version, source, checksum. Cargo alone writes it, one value a line. */
export function cargoPackages(text) {
  return text
    .split('[[package]]')
    .slice(1)
    .map((block) => {
      const value = (name) => block.match(new RegExp(`^${name} = "(.*)"$`, 'm'))?.[1];
      return { name: value('name'), version: value('version'), source: value('source'), checksum: value('checksum') };
    });
}

const DIGEST = /^sha512-[A-Za-z0-9+/]{86}==$/;
const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/**
 * What is wrong with the lock file of npm packages and its package.json, as sentences.
 *
 * Each package has the digest of one version and comes from the registry that npm is set to: a lock file that names an
 * address could name any. Nothing runs when it is installed, unless `mayRunScripts` names it.
 */
export function npmFaults(lock, manifest, mayRunScripts = []) {
  const faults = [];
  if (lock.lockfileVersion !== 3) faults.push(`its version is ${lock.lockfileVersion} and not 3`);
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const [name, wanted] of Object.entries(manifest[kind] ?? {})) {
      if (!EXACT.test(wanted)) faults.push(`${name}: package.json wants "${wanted}" and no exact version`);
      const locked = lock.packages?.[`node_modules/${name}`]?.version;
      if (locked !== wanted) faults.push(`${name}: package.json wants ${wanted}, the lock file has ${locked}`);
    }
  }
  for (const [path, entry] of Object.entries(lock.packages ?? {})) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (!path.startsWith('node_modules/') || entry.link) faults.push(`${path}: it is of no registry`);
    if (entry.name && entry.name !== name) faults.push(`${path}: it is "${entry.name}" under another name`);
    if (!DIGEST.test(entry.integrity ?? '')) faults.push(`${path}: it has no SHA-512`);
    if (!EXACT.test(entry.version ?? '')) faults.push(`${path}: it has no exact version`);
    if (entry.resolved) faults.push(`${path}: it names the address ${entry.resolved}`);
    if (entry.hasInstallScript && !mayRunScripts.includes(name)) faults.push(`${path}: it runs a script when it is installed`);
  }
  return faults;
}
