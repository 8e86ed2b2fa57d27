#!/bin/sh
# Installs progy, which starts programming courses, for this user only. It comes from @ORIGIN@.
# With a current Node.js: the package, in ~/.progy/cli. Without: a standalone program, if there is one for this system.
# To update progy, run this again. To remove it: rm -r ~/.progy/cli ~/.local/bin/progy
set -eu

ORIGIN='@ORIGIN@'
VERSION='@VERSION@'
# Hex sha512 of the package.
SHA512='@SHA512@'
# One line for each system: its name, the file, its hex sha256.
PROGRAMS='@PROGRAMS@'

# Called by the last line, so that a script that arrives in part does nothing.
main() {
  [ -n "${HOME:-}" ] || fail 'HOME is not set, so there is no place to install progy.'
  home="$HOME/.progy"
  bin="$HOME/.local/bin"
  if has_current_node; then
    begin
    install_package
  elif find_program; then
    begin
    install_program
  else
    say_how_to_get_node
    exit 1
  fi
  say_what_is_next
}

fail() {
  printf 'error %s\n' "$1" >&2
  exit 1
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# 22.22 or newer, as progy itself checks.
has_current_node() {
  has node && node -e 'var v = process.versions.node.split("."); process.exit(+v[0] > 22 || (+v[0] === 22 && +v[1] >= 22) ? 0 : 1)'
}

# What is half done lies in here, and goes when the script ends. Beside its target, so that moving it is one step.
begin() {
  mkdir -p "$home" "$bin"
  work=$(mktemp -d "$home/install.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP
}

install_package() {
  has tar || fail 'Unpacking progy needs tar, which is not installed.'
  fetch "$ORIGIN/progy.tgz" "$work/cli.tgz"
  check 512 "$work/cli.tgz" "$SHA512"
  tar -xzf "$work/cli.tgz" -C "$work"
  replace "$work/package" "$home/cli"
  printf '%s\n' '#!/bin/sh' 'exec node "$HOME/.progy/cli/progy.js" "$@"' >"$work/progy"
  chmod 755 "$work/progy"
  mv -f "$work/progy" "$bin/progy"
}

install_program() {
  has gzip || fail 'Unpacking progy needs gzip, which is not installed.'
  fetch "$ORIGIN/executables/$program" "$work/progy.gz"
  check 256 "$work/progy.gz" "$sha256"
  gzip -dc "$work/progy.gz" >"$work/progy"
  chmod 755 "$work/progy"
  mv -f "$work/progy" "$bin/progy"
}

# Sets program and sha256 for this system; false if there is none.
find_program() {
  system=$(system_name) || return 1
  while read -r name program sha256; do
    if [ "$name" = "$system" ]; then return 0; fi
  done <<LINES
$PROGRAMS
LINES
  return 1
}

# linux-x64 and the like. The programs need glibc.
system_name() {
  case "$(uname -m)" in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) return 1 ;;
  esac
  case "$(uname -s)" in
    Linux) if ls /lib/ld-musl-* >/dev/null 2>&1; then return 1; else echo "linux-$arch"; fi ;;
    Darwin) echo "darwin-$arch" ;;
    *) return 1 ;;
  esac
}

# fetch URL FILE
fetch() {
  printf 'Getting progy %s from %s\n' "$VERSION" "$ORIGIN"
  if has curl; then
    curl -fsSL --retry 2 -o "$2" "$1" || fail "$1 cannot be downloaded."
  elif has wget; then
    wget -q -O "$2" "$1" || fail "$1 cannot be downloaded."
  elif has node; then
    node -e 'fetch(process.argv[1]).then(async (r) => { if (!r.ok) throw new Error("status " + r.status); require("fs").writeFileSync(process.argv[2], Buffer.from(await r.arrayBuffer())) }).catch(() => process.exit(1))' "$1" "$2" ||
      fail "$1 cannot be downloaded."
  else
    fail 'Downloading progy needs curl or wget, and neither is installed.'
  fi
}

# check 256|512 FILE HEX
check() {
  found=$(sha "$1" "$2")
  [ "${found%% *}" = "$3" ] || fail 'What arrived is not what the registry has. Nothing was installed. Try again.'
}

sha() {
  if has "sha${1}sum"; then
    "sha${1}sum" <"$2"
  elif has shasum; then
    shasum -a "$1" <"$2"
  else
    node -e 'console.log(require("crypto").createHash("sha" + process.argv[1]).update(require("fs").readFileSync(process.argv[2])).digest("hex"))' "$1" "$2"
  fi
}

# replace NEW TARGET
replace() {
  if [ -e "$2" ]; then mv "$2" "$work/old"; fi
  mv "$1" "$2"
}

say_how_to_get_node() {
  if has node; then found="this is $(node --version)"; else found='it is not installed'; fi
  printf 'error progy needs Node.js 22.22 or newer, and %s.\n' "$found" >&2
  printf 'Next: %s\n' "$(how_to_get_node)" >&2
}

# Debian's and Fedora's own packages of Node.js are often too old.
how_to_get_node() {
  if has brew; then
    echo 'brew install node'
  elif has apt-get; then
    echo 'curl -fsSL https://deb.nodesource.com/setup_24.x | sudo -E bash - && sudo apt-get install -y nodejs'
  elif has dnf; then
    echo 'curl -fsSL https://rpm.nodesource.com/setup_24.x | sudo bash - && sudo dnf install -y nodejs'
  elif has pacman; then
    echo 'sudo pacman -S nodejs npm'
  elif has apk; then
    echo 'sudo apk add nodejs npm'
  else
    echo 'install Node.js from https://nodejs.org/en/download, then run this again'
  fi
}

say_what_is_next() {
  printf 'progy %s is installed: %s\n' "$VERSION" "$bin/progy"
  case ":$PATH:" in
    *":$bin:"*) echo 'Next: progy --help' ;;
    *) printf 'Next: %s\n' "$(how_to_add_to_path)" ;;
  esac
}

how_to_add_to_path() {
  case "${SHELL:-}" in
    */fish) echo 'fish_add_path ~/.local/bin' ;;
    */zsh) echo "echo 'export PATH=\"\$HOME/.local/bin:\$PATH\"' >> ~/.zshrc && . ~/.zshrc" ;;
    */bash) echo "echo 'export PATH=\"\$HOME/.local/bin:\$PATH\"' >> ~/.bashrc && . ~/.bashrc" ;;
    *) echo "echo 'export PATH=\"\$HOME/.local/bin:\$PATH\"' >> ~/.profile && . ~/.profile" ;;
  esac
}

main
