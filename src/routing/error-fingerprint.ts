import type { ProxyError } from '../errors.ts';

/** Say that something failed, and not what: two such messages have nothing in common. */
const emptyWords: ReadonlySet<string> = new Set(
  (
    'about access again an and anthropic api backend bad been can cannot capacity center closed code com complete ' +
    'connect connection contact could currently demand denied due email encountered error errors exceeded exception ' +
    'experiencing fail failed failure fault for forbidden from gateway google had handle handling happened has have ' +
    'help high http https include internal issue issues its keep later limit limits load may message minutes moment ' +
    'not occured occurred openai our out overloaded permission please problem problems process processed processing ' +
    'provider quota rate refused request requests reset response retry retrying returned seconds seeing server ' +
    'servers service services something sorry status support system temporarily temporary that the this through timed ' +
    'timeout try unable unavailable unexpected unexpectedly unknown upstream via was went when while with wrong www ' +
    'you your'
  ).split(' '),
);

/** How many words must be left for a message to say what is wrong. */
const ENOUGH_WORDS = 3;

/** Longer messages are compared by their beginnings. */
const MOST_LENGTH = 2000;

/** Of the provider itself: all other 5xx come from gateways, or mean the moment. */
const statuses: ReadonlySet<number> = new Set([500, 501]);

/** About the network behind the provider, or a page from whoever stands before it. */
const ABOUT_WAY =
  /a page of html|\b(?:dial tcp|no such host|socket|econn\w+|enotfound|etimedout|eof|broken pipe|dns|tls|deadline)\b/i;
/** Another credential may be another account. */
const ABOUT_CREDENTIAL = /\b(?:api[ _-]?key|credential|account|organi[sz]ation|subscription|project|billing)/i;

/**
 * What two failures have in common when they are the same one; undefined for a failure that says nothing of the request.
 * Only a plain 500 can: other statuses and kinds blame the request already, or the key, its limits, the load, the way.
 */
export function fingerprintOf({ kind, upstream }: ProxyError): string | undefined {
  if (kind !== 'failed' || upstream === undefined || !statuses.has(upstream.status)) return undefined;
  if (ABOUT_CREDENTIAL.test(upstream.message) || ABOUT_WAY.test(upstream.message)) return undefined;
  const words = normalized(upstream.message);
  if (tellingWords(words) < ENOUGH_WORDS) return undefined;
  return [upstream.status, upstream.code ?? upstream.type ?? '', words].join('\n');
}

function tellingWords(text: string): number {
  return (text.match(/\p{L}{3,}/gu) ?? []).filter((word) => !emptyWords.has(word)).length;
}

/** Without what differs from one answer to the next: ids, numbers, times. */
function normalized(message: string): string {
  return message
    .slice(0, MOST_LENGTH)
    .toLowerCase()
    .replace(/[\w-]+/g, (word) => (/\d/.test(word) ? '#' : word))
    .replace(/\s+/g, ' ')
    .trim();
}
