#!/usr/bin/env node
// Owns starting progy: from its sources in the repository, from the built files in the package.
// Plain JavaScript that old versions of Node can read, so that they can say what is wrong.
// Of Node's modules it imports none: an ES module that does gets all that they could ever load.
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
  start(process.getBuiltinModule('node:module'));
}

function start(nodeModule) {
  const require = nodeModule.createRequire(import.meta.url);
  if (process.argv.length === 3 && /^(?:--version|-V)$/.test(process.argv[2])) {
    // Scripts ask for it often, and nothing needs to be loaded to answer.
    process.stdout.write(`${require('./package.json').version}\n`);
  } else if (process.getBuiltinModule('node:fs').existsSync(source)) {
    import(source.href);
  } else {
    keepCompiledCode(nodeModule);
    require('./dist/main.cjs');
  }
}

/** Beside the downloads, because others may write in the system's temporary folder, where Node would keep it. Bun has none. */
function keepCompiledCode(nodeModule) {
  const { HOME, LOCALAPPDATA } = process.env;
  const folder = process.platform === 'win32' ? LOCALAPPDATA && `${LOCALAPPDATA}/progy` : HOME && `${HOME}/.progy`;
  if (folder) nodeModule.enableCompileCache?.(`${folder}/cache/code`);
}
