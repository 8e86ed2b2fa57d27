// Owns standing in for Sigstore's list of keys, which npm asks over the internet before it verifies signatures: it has none
// for this registry, so that npm takes the keys that the registry lists. Given to npm with NODE_OPTIONS=--require.
const Module = require('node:module');

const load = Module._load;
const initTUF = async () => ({
  async getTarget() {
    throw Object.assign(new Error('There is no such target'), { code: 'TUF_FIND_TARGET_ERROR' });
  },
});

Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  return request === '@sigstore/tuf' ? { ...loaded, initTUF } : loaded;
};
