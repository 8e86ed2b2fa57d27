// Scripts on Windows are started with the interpreter that they name.
import t from 'tap';
import { interpreterIn, startable } from '../../runners/windows.ts';

t.test('the interpreter in a script’s first line', async (t) => {
  const table: [line: string, words: string[] | undefined][] = [
    ['#!/bin/sh', ['sh']],
    ['#!/usr/bin/env python3', ['python3']],
    ['#! /usr/bin/env -S deno run ', ['deno', 'run']],
    ['#!/usr/bin/perl -w', ['perl', '-w']],
    ['#!', undefined],
    ['#!/usr/bin/env', undefined],
    ['MZ', undefined],
    ['', undefined],
  ];
  for (const [line, words] of table) t.same(interpreterIn(line), words, line);
});

t.test('elsewhere the system reads it', async (t) => {
  t.same(await startable(['./x.sh', 'a'], 'linux'), { words: ['./x.sh', 'a'], hidden: false });
  t.same(await startable(['node', 'a'], 'win32'), { words: ['node', 'a'], hidden: true });
  t.same(await startable(['C:\\nowhere\\x.sh'], 'win32'), { words: ['C:\\nowhere\\x.sh'], hidden: true });
});
