// Owns what publishers say about a version after publishing it: that it is deprecated or yanked.
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import type { VersionNotes } from '@progy/protocol/wire/packument.ts';
import { CliError } from '../cli-error.ts';
import { type Registry, registryFlag } from './choice.ts';

/** The notes in a manifest, which may come from any registry: anything but text is ignored. */
export function notesOf(manifest: unknown): VersionNotes {
  const { deprecated, yanked } = Object(manifest) as Partial<Record<keyof VersionNotes, unknown>>;
  return {
    ...(typeof deprecated === 'string' && deprecated !== '' ? { deprecated } : {}),
    ...(typeof yanked === 'string' ? { yanked } : {}),
  };
}

/** Which versions of a packument are yanked. */
export function yankedOf(versions: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(versions).filter((version) => notesOf(versions[version]).yanked !== undefined);
}

/** One line for those who install the version; undefined without notes. For a yanked version it gives the reason for that. */
export function showNotes(spec: string, { deprecated, yanked }: VersionNotes): string | undefined {
  const note = yanked ?? deprecated;
  if (note === undefined) return undefined;
  const state = yanked === undefined ? 'deprecated' : 'yanked';
  return escapeControls(`${spec} is ${state}${note === '' ? '' : `: ${note}`}`);
}

/** The error for a spec that only yanked versions match. @param spec the best of them. */
export function onlyYanked(spec: string, notes: VersionNotes, registry: Registry): CliError {
  const message = `Every matching version is yanked. ${showNotes(spec, notes)}`;
  const next = `To start it anyway: progy init ${escapeControls(spec)}${registryFlag(registry)}`;
  return new CliError('YANKED', message, next);
}
