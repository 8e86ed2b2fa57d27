#!/usr/bin/env node
// Owns starting progy: from its sources in the repository, from the built file in the package.
// Plain JavaScript that old versions of Node can read, so that they can say what is wrong.
import { existsSync } from 'node:fs';

const NEEDED = [22, 22];
const [major, minor] = process.versions.node.split('.').map(Number);
const source = new URL('./bin.ts', import.meta.url);

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `error progy needs Node ${NEEDED.join('.')} or newer, and this is ${process.versions.node}.\n` +
      'Next: install a current Node from https://nodejs.org\n',
  );
  process.exitCode = 1;
} else {
  import(existsSync(source) ? source.href : new URL('./dist/bin.js', import.meta.url).href);
}
