// Owns the minimal Worker that takes an npm publish honestly: token, both hashes, the object, and one batch of rows.
import { createHash } from 'node:crypto';

const hash = (bytes, algorithm, encoding) => createHash(algorithm).update(bytes).digest(encoding);

export default {
  async fetch(request, env) {
    const token = await hash(request.headers.get('authorization') ?? '', 'sha256', 'hex');
    const account = await env.DB.prepare('SELECT id FROM accounts WHERE token = ?').bind(token).first();
    if (account === null) return Response.json({ error: 'Sign in' }, { status: 401 });
    const { name, versions, _attachments } = await request.json();
    const [manifest] = Object.values(versions);
    const [attachment] = Object.values(_attachments);
    const tarball = Buffer.from(attachment.data, 'base64');
    const { integrity, shasum } = manifest.dist;
    if (`sha512-${hash(tarball, 'sha512', 'base64')}` !== integrity || hash(tarball, 'sha1', 'hex') !== shasum) {
      return Response.json({ error: 'Other bytes' }, { status: 400 });
    }
    await env.R2.put(`${name}/${manifest.version}`, tarball);
    await env.DB.batch([
      env.DB.prepare('INSERT OR IGNORE INTO packages (name) VALUES (?)').bind(name),
      env.DB.prepare('INSERT INTO versions (name, version, manifest) VALUES (?, ?, ?)').bind(
        name,
        manifest.version,
        JSON.stringify(manifest),
      ),
    ]);
    return Response.json({ ok: true }, { status: 201 });
  },
};
