/** A process that changes records until it is told to stop or dies; started by the tests of this folder. */
import { createRecordCipher } from '../../src/storage/files/cipher.ts';
import { createFileRecords } from '../../src/storage/files/records.ts';
import { parseSecretKey } from '../../src/storage/files/secret-key.ts';

const [task = '', directory = '', count = '0'] = process.argv.slice(2);
const encryption = process.env['TEST_SECRET_KEY']
  ? { encryption: createRecordCipher(await parseSecretKey(process.env['TEST_SECRET_KEY'])) }
  : {};
const records = createFileRecords({ directory, warn: (message) => console.error(message), ...encryption });

/** A token of a size that a write does not do in one page, and that shows whether it is whole. */
export function tokenFields(round: number): Record<string, unknown> {
  const letter = String.fromCharCode(97 + (round % 26));
  return { type: 'claude', round, access_token: letter.repeat(6000 + (round % 7) * 1000), note: 'kept' };
}

const tasks: Readonly<Record<string, () => Promise<void>>> = {
  /** Writes the same files over and over; tells which writes are done. */
  async rewrite() {
    for (let round = Number(count); ; round++) {
      const id = `account-${round % 5}.json`;
      await records.write(id, tokenFields(round));
      process.stdout.write(`${round}\n`);
    }
  },
  /** Adds one to the counter of every file, so often; loses no addition of anybody. */
  async increment() {
    let conflicts = 0;
    for (let round = 0; round < Number(count); round++) {
      const id = `counter-${round % 3}.json`;
      for (;;) {
        const record = await records.read(id);
        const n = typeof record?.fields['n'] === 'number' ? record.fields['n'] : 0;
        if ((await records.write(id, { ...record?.fields, n: n + 1 }, record?.revision ?? null)) !== undefined) break;
        conflicts++;
      }
    }
    process.stdout.write(`${conflicts}\n`);
  },
  /** Writes larger and larger records until it fails; prints the error. */
  async fill() {
    try {
      for (let round = 1; round < 200; round++) {
        await records.write('growing.json', { round, secret_token: 'fake-secret'.repeat(round * 200) });
      }
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      process.stdout.write(JSON.stringify({ code, message }));
    }
    const record = await records.read('growing.json');
    process.stdout.write(`\n${JSON.stringify({ round: record?.fields['round'], ...(await records.list()).problems })}`);
  },
  /** Writes one record as a user who may not; prints the error. */
  async refused() {
    if (process.env['TEST_UID']) process.setuid?.(Number(process.env['TEST_UID']));
    try {
      await records.write('a.json', { n: 2, secret_token: 'fake-secret' });
      process.stdout.write('written');
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      process.stdout.write(JSON.stringify({ code, message }));
    }
    process.stdout.write(`\n${JSON.stringify((await records.list()).records.map(({ fields }) => fields))}`);
  },
};

await tasks[task]?.();
await records.close();
