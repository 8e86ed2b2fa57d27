// Owns lockfiles of one course, as each package manager writes them.

interface Written {
  readonly fileName: string;
  readonly text: string;
}

/** @param kind of lockfile: npm, npm1 (version 1), pnpm, yarn1, yarn (4) or bun. @param integrity SRI; for yarn the hex hash of its zip. */
export function lockfileOf(kind: string, name: string, version: string, integrity: string): Written {
  const written = WRITERS[kind]?.(name, version, integrity);
  if (written === undefined) throw new Error(`No lockfile of ${kind}`);
  return written;
}

const WRITERS: Record<string, (name: string, version: string, integrity: string) => Written> = {
  npm: (name, version, integrity) => ({
    fileName: 'package-lock.json',
    text: JSON.stringify({ lockfileVersion: 3, packages: { [`node_modules/${name}`]: { version, integrity } } }),
  }),
  npm1: (name, version, integrity) => ({
    fileName: 'npm-shrinkwrap.json',
    text: JSON.stringify({ lockfileVersion: 1, dependencies: { [name]: { version, integrity } } }),
  }),
  pnpm: (name, version, integrity) => ({
    fileName: 'pnpm-lock.yaml',
    text: `lockfileVersion: '9.0'\n\npackages:\n\n  '${name}@${version}':\n    resolution: {integrity: ${integrity}}\n`,
  }),
  yarn1: (name, version, integrity) => ({
    fileName: 'yarn.lock',
    text: `# yarn lockfile v1\n\n\n"${name}@${version}":\n  version "${version}"\n  integrity ${integrity}\n`,
  }),
  yarn: (name, version, integrity) => ({
    fileName: 'yarn.lock',
    text: `__metadata:\n  version: 10\n  cacheKey: 10c0\n\n"${name}@npm:${version}":\n  version: ${version}\n  resolution: "${name}@npm:${version}"\n  checksum: 10c0/${integrity}\n`,
  }),
  bun: (name, version, integrity) => ({
    fileName: 'bun.lock',
    text: `{"lockfileVersion": 1, "packages": {"${name}": ["${name}@${version}", "", {}, "${integrity}"],}}`,
  }),
};
