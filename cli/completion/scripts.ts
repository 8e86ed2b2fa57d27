// Owns the completion scripts of four shells. Each holds the whole table: completing starts no progy.
import type { Place, Word } from './table.ts';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script that completes the places of a program in a shell. */
export function completionScript(shell: Shell, places: readonly Place[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript }[shell](places);
}

/** Quoted for bash and zsh. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function paths(places: readonly Place[]): string[] {
  return places.slice(1).map(({ path }) => path);
}

function allAt({ words, options }: Place): Word[] {
  return [...words, ...options];
}

function textsAt(place: Place): string[] {
  return allAt(place).map(({ text }) => text);
}

function bashScript(places: readonly Place[]): string {
  return [
    '# Completes progy in bash. To use it: eval "$(progy completion bash)"',
    '_progy() {',
    "  local at=progy word found=''",
    `  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do`,
    '    case "$at $word" in',
    `      ${paths(places).map(shellQuoted).join(' | ')}) at="$at $word" ;;`,
    '    esac',
    '  done',
    '  case "$at" in',
    ...places.map((place) => `    ${shellQuoted(place.path)}) found=${shellQuoted(textsAt(place).join(' '))} ;;`),
    '  esac',
    `  COMPREPLY=($(compgen -W "$found" -- "\${COMP_WORDS[COMP_CWORD]}"))`,
    '}',
    'complete -o default -F _progy progy',
  ].join('\n');
}

function zshScript(places: readonly Place[]): string {
  const described = (place: Place) =>
    allAt(place).map(({ text, summary }) => shellQuoted(`${text.replaceAll(':', '\\:')}:${summary}`));
  return [
    '#compdef progy',
    '# Completes progy in zsh. To use it, after compinit: eval "$(progy completion zsh)"',
    '_progy() {',
    '  local at=progy word',
    '  local -a found',
    `  for word in "\${(@)words[2,CURRENT-1]}"; do`,
    '    case "$at $word" in',
    `      ${paths(places).map(shellQuoted).join(' | ')}) at="$at $word" ;;`,
    '    esac',
    '  done',
    '  case "$at" in',
    ...places.map((place) => `    ${shellQuoted(place.path)}) found=(${described(place).join(' ')}) ;;`),
    '  esac',
    "  _describe 'progy' found || _files",
    '}',
    `if [[ "\${funcstack[1]}" == _progy ]]; then _progy "$@"; else compdef _progy progy; fi`,
  ].join('\n');
}

/** fish quotes like bash, but escapes quotes inside. */
function fishQuoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

function fishScript(places: readonly Place[]): string {
  return [
    '# Completes progy in fish. To use it: progy completion fish | source',
    'function __progy_at',
    '  set -l at progy',
    '  for word in (commandline -opc)[2..-1]',
    '    switch "$at $word"',
    `      case ${paths(places).map(fishQuoted).join(' ')}`,
    '        set at "$at $word"',
    '    end',
    '  end',
    '  test "$at" = "$argv[1]"',
    'end',
    ...places.flatMap(fishLines),
  ].join('\n');
}

function fishLines(place: Place): string[] {
  const begin = `complete -c progy -n ${fishQuoted(`__progy_at '${place.path}'`)}`;
  return [
    ...place.words.map(({ text, summary }) => `${begin} -a ${text} -d ${fishQuoted(summary)}`),
    ...place.options.map(({ text, summary }) => `${begin} ${fishOption(text)} -d ${fishQuoted(summary)}`),
  ];
}

function fishOption(text: string): string {
  return text.startsWith('--') ? `-l ${text.slice(2)}` : `-s ${text.slice(1)}`;
}

function powershellQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function powershellScript(places: readonly Place[]): string {
  const line = (place: Place) =>
    `    ${powershellQuoted(place.path)} = @(${textsAt(place).map(powershellQuoted).join(', ')})`;
  return [
    '# Completes progy in PowerShell. To use it: progy completion powershell | Out-String | Invoke-Expression',
    'Register-ArgumentCompleter -Native -CommandName progy -ScriptBlock {',
    '  param($wordToComplete, $commandAst, $cursorPosition)',
    '  $found = @{',
    ...places.map(line),
    '  }',
    "  $at = 'progy'",
    '  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {',
    '    if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete) { break }',
    '    if ($found.ContainsKey("$at $element")) { $at = "$at $element" }',
    '  }',
    '  $found[$at] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {',
    "    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)",
    '  }',
    '}',
  ].join('\n');
}
