// Owns recognising files that hold keys or passwords by their names.

const SECRET_NAMES = [
  /^id_(?:rsa|dsa|ecdsa|ed25519)$/,
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk)$/,
  /^\.(?:netrc|pgpass|htpasswd|git-credentials|dockercfg)$/,
  /^(?:credentials|secrets?)(?:\.(?:json|ya?ml|toml|ini|txt|env))?$/,
  /^service[-_]?account.*\.json$/,
];

/** True for a path with a name typical of secrets. A guess, good enough only for a warning. */
export function looksSecret(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return SECRET_NAMES.some((pattern) => pattern.test(name));
}
