import type { RequestNeeds } from '../credentials/pool.ts';
import { findMember } from '../json-splice.ts';
import type { Job } from './job.ts';
import { mayHoldImages } from './readable-media.ts';

/** Of JSON; what a body of text has at least. */
const BYTES_PER_TOKEN = 4;
const EMPTY_LIST = 2;

/** What a request needs of a model, as far as its bytes tell without being parsed. */
export function needsOf({ body, stream }: Pick<Job, 'body' | 'stream'>): RequestNeeds {
  const vision = mayHoldImages(body.bytes);
  const tools = findMember(body, 'tools');
  return {
    stream,
    tools: tools !== undefined && tools.valueEnd - tools.valueStart > EMPTY_LIST,
    vision,
    // The bytes of a picture say nothing of its tokens.
    inputTokens: vision ? 0 : Math.floor(body.bytes.length / BYTES_PER_TOKEN),
  };
}
