import { expect, it } from 'vitest';
import { instructionReminder } from './instruction-reminder.ts';

it('stands between marks on lines of their own', () => {
  expect(instructionReminder('Be brief.\nIn French.').split('\n')).toEqual([
    '<system-reminder>',
    'Be brief.',
    'In French.',
    '</system-reminder>',
  ]);
});
