import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing, for the owner only; throws when it cannot. Node's own recursive
 * `mkdir` never returns where a folder that exists takes no new one and says that it is not there, as `/proc` does.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let current = folder;
  while (!existsSync(current) && dirname(current) !== current) {
    missing.push(current);
    current = dirname(current);
  }
  for (const one of missing.reverse()) {
    try {
      mkdirSync(one, { mode: 0o700 });
    } catch (error) {
      // Another process may have been faster.
      if (statSync(one, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
    }
  }
}
