import { accessSync, closeSync, constants, openSync, statSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../make-folder.ts';

// Without NONBLOCK a pipe that nobody reads would be waited for.
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** Throws when a database cannot be written there. Leaves the folder, and no file that was not there before. */
export function requireWritable(file: string): void {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) throw new Error('it is no regular file');
  makeFolder(dirname(file));
  // SQLite writes side files.
  accessSync(dirname(file), constants.W_OK);
  closeSync(openSync(file, FLAGS, 0o600));
  if (before === undefined) unlinkSync(file);
}
