// Owns asking which course was meant: a person chooses, anybody else gets the command to type.
import { ERRORS, type ErrorCode, RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { chooseRegistry, type Registry, registryFlag } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { shellWord } from '../terminal/format.ts';
import { nearestCourses, type Suggestion } from './nearest.ts';
import { readTyped, type Typed } from './typed.ts';

/** What the command was told. */
export interface Asked {
  /** What was typed; undefined for nothing. */
  readonly spec?: string;
  readonly dir?: string;
  readonly registry?: string;
  /** Nothing is to be asked. */
  readonly yes?: boolean;
}

/** What a person chose. */
export interface Meant {
  readonly spec: string;
  readonly registry?: string;
}

/**
 * The course that was meant by what is not one.
 * @param code INVALID_NAME, or PACKAGE_NOT_FOUND for a name that the registry does not know.
 * @throws {RegistryError} with that code and the command to type, where nobody can be asked; {CliError} INTERRUPTED, and USAGE without anything typed.
 */
export async function courseMeantBy(asked: Asked, code: ErrorCode, context: Context): Promise<Meant> {
  const canAsk = context.talk.canAsk && asked.yes !== true;
  if (asked.spec === undefined && !canAsk) throw nothingTyped();
  const text = asked.spec ?? (await context.talk.ask('What would you like to learn?'));
  const typed = readTyped(text);
  const registry = await chooseRegistry(context, asked.registry, typed.scope);
  const suggestions = await suggestionsFor(typed, registry, code, context);
  if (!canAsk || suggestions.length === 0)
    throw unknown({ ...asked, spec: text }, typed, suggestions, { code, registry });
  const labels = suggestions.map(({ spec, title }) => ({ label: spec, hint: title }));
  const index = await context.talk.choose(`${problem(text, code)}. Which one do you mean?`, labels);
  const chosen = index === undefined ? undefined : suggestions[index];
  if (chosen === undefined) throw new CliError('INTERRUPTED', 'Interrupted');
  return chosen;
}

type Offer = Meant & { readonly title: string };

/** What needs no search comes first: a name that is only written wrongly. */
async function suggestionsFor(typed: Typed, registry: Registry, code: ErrorCode, context: Context): Promise<Offer[]> {
  const offer = ({ name, title }: Suggestion): Offer => ({ spec: name, title });
  if (code === 'INVALID_NAME' && typed.spec !== undefined) {
    const isElsewhere = typed.registry !== undefined && typed.registry !== new URL(registry.url).origin;
    return [{ spec: typed.spec, title: '', ...(isElsewhere ? { registry: typed.registry } : {}) }];
  }
  const client = createRegistryClient(registry, context.signal);
  return (await context.talk.during('Looking for similar courses', () => nearestCourses(client, typed))).map(offer);
}

function unknown(
  { spec = '', dir }: Asked,
  { words }: Typed,
  suggestions: readonly Offer[],
  { code, registry }: { code: ErrorCode; registry: Registry },
): RegistryError {
  const [best] = suggestions;
  const flag = best?.registry === undefined ? registryFlag(registry) : ` --registry ${best.registry}`;
  const start = best && ['progy init', ...[best.spec, ...(dir === undefined ? [] : [dir])].map(shellWord)].join(' ');
  const search = words.length === 0 ? ERRORS[code].next : `progy search ${words.map(shellWord).join(' ')}${flag}`;
  const hint = best === undefined ? '' : `. Did you mean ${best.spec}?`;
  return new RegistryError(code, `${problem(spec, code)}${hint}`, {
    found: quote(spec),
    next: start === undefined ? search : start + flag,
    ...(suggestions.length === 0 ? {} : { suggestions: suggestions.map(({ spec }) => spec) }),
  });
}

function problem(text: string, code: ErrorCode): string {
  return code === 'INVALID_NAME' ? `"${quote(text)}" is not the name of a course` : `There is no course ${quote(text)}`;
}

function nothingTyped(): CliError {
  return new CliError('USAGE', 'Say which course to start', 'Find one with: progy search <words>');
}
