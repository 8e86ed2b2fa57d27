#!/usr/bin/env node
// Owns starting progy: from its sources in the repository, from the built files in the package.
// Plain JavaScript that old versions of Node can read, so that they can say what is wrong.
// Of Node's modules it imports none at its top: an ES module that does gets all that they could ever load.
const NEEDED = [22, 22];
const [major, minor] = process.versions.node.split('.').map(Number);
const source = new URL('./bin.ts', import.meta.url);

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.exitCode = 1;
  import('node:fs').then(sayHowToGetNode);
} else {
  start(process.getBuiltinModule('node:module'));
}

/** Debian's and Fedora's own packages of Node are often too old. */
function sayHowToGetNode(fs) {
  const has = (path) => fs.existsSync(path);
  const source = (kind, install) =>
    `curl -fsSL https://${kind}.nodesource.com/setup_24.x | sudo -E bash - && ${install}`;
  const ways = [
    [process.platform === 'win32', 'winget install OpenJS.NodeJS.LTS'],
    [process.env.NVM_DIR, 'nvm install --lts'],
    [has('/opt/homebrew/bin/brew') || has('/usr/local/bin/brew'), 'brew install node'],
    [has('/usr/bin/apt-get'), source('deb', 'sudo apt-get install -y nodejs')],
    [has('/usr/bin/dnf'), source('rpm', 'sudo dnf install -y nodejs')],
    [has('/usr/bin/pacman'), 'sudo pacman -S nodejs npm'],
    [true, 'install a current Node from https://nodejs.org/en/download'],
  ];
  process.stderr.write(
    `error progy needs Node ${NEEDED.join('.')} or newer, and this is ${process.versions.node}.\n` +
      `Next: ${ways.find(([applies]) => applies)[1]}\n`,
  );
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
