/** The transcripts in docs/guide/login.md: what differs between two runs is taken out of them. */
import type { Scene } from './cli-scenes.ts';

/** A transcript as the page shows it. */
export function shownTranscript(scene: Scene, transcript: string, home: string): string {
  const text = transcript
    .replaceAll(home, '~')
    .replaceAll(/(https:\/\/[^\s?]+)\?\S+/g, '$1?...')
    .replaceAll(/(http:\/\/localhost:\d+[^\s?)]*)\?\S+/g, '$1?code=...&state=...')
    .replaceAll(/-L (\d+):localhost:\d+/g, '-L $1:localhost:$1')
    .replaceAll(/\b[0-9A-F]{4}-[0-9A-F]{4}\b/g, 'A1B2-C3D4')
    .replaceAll(/\d+:\d\d min left/g, '15:00 min left')
    .replaceAll(/(Waiting until .*\n)(?:Waiting until .*\n)+/g, '$1')
    .replaceAll(/\d+ ms\b/g, '640 ms')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-11-23T08:00:00.000Z')
    .replaceAll(/full again .*/g, 'full again in 3 h')
    .replaceAll(/in \d\d min/g, 'in 30 min')
    .replaceAll(/\(\d+ min ago\)/g, '(1 min ago)')
    .trimEnd();
  return `$ ${scene.command}\n${text}`;
}

const MARK = /(<!-- transcript: (\w+) -->\n```text\n)[\s\S]*?(\n```)/g;

/** The page with these transcripts in their places. Throws for a place that no scene has, or a scene without one. */
export function withTranscripts(page: string, transcripts: ReadonlyMap<string, string>): string {
  const left = new Set(transcripts.keys());
  const written = page.replaceAll(MARK, (_all, head: string, name: string, tail: string) => {
    const text = transcripts.get(name);
    if (text === undefined) throw new Error(`the page has a place for "${name}", which nobody plays`);
    left.delete(name);
    return `${head}${text}${tail}`;
  });
  if (left.size > 0) throw new Error(`the page has no place for ${[...left].join(', ')}`);
  return written;
}
