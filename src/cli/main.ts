#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// The young generation is small and half dead: helper threads that share its collection burn more CPU on handing out
// work than they save (about a tenth of a small request).
setFlagsFromString('--no-parallel-scavenge');

// Compiled code is kept in a folder of the user's own: the next start takes half as long.
const configured = process.env['XDG_CACHE_HOME'] ?? '';
const cache = isAbsolute(configured) ? configured : join(homedir(), '.cache');
enableCompileCache(join(cache, 'llmproxy', 'compile'));

// Only what is loaded after this point is cached.
await import('./run.ts');
