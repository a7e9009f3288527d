import { findMember, type ScannedObject, scanNested, scanObject, spliceMembers } from '../json-splice.ts';

/** Members of a response object that only llmproxy knows, as raw JSON. */
export interface AnswerMembers {
  /** Are there afterwards, whatever was before. */
  readonly set: Readonly<Record<string, string>>;
  /** Are put right where they are there and wrong; an answer that is not wrong keeps its bytes. */
  readonly correct: Readonly<Record<string, string>>;
}

// Inside a JSON string the quotes would be escaped, so this only matches a real member.
const RESPONSE = /"response"\s*:\s*\{/;

/** A whole answer with these members; as it was when it has them, or is no response object. */
export function setBodyMembers(body: Buffer, members: AnswerMembers): Buffer {
  const object = scanObject(body);
  if (object === undefined || findMember(object, 'output') === undefined) return body;
  const needed = neededMembers(object, members);
  return needed === undefined ? body : spliceMembers(object, { set: needed });
}

/** Whole events, with these members in every response object that one of them carries. */
export function setEventMembers(events: string, members: AnswerMembers): string {
  if (!RESPONSE.test(events)) return events;
  return events
    .split('\n')
    .map((line) => (line.startsWith('data:') && RESPONSE.test(line) ? setLineMembers(line, members) : line))
    .join('\n');
}

function setLineMembers(line: string, members: AnswerMembers): string {
  const event = scanNested(Buffer.from(line.slice('data:'.length)), 'response');
  const needed = event === undefined ? undefined : neededMembers(event.inner, members);
  if (event === undefined || needed === undefined) return line;
  const response = spliceMembers(event.inner, { set: needed }).toString('utf8');
  return `data: ${spliceMembers(event.outer, { set: { response } }).toString('utf8')}`;
}

/** What must change in an object; undefined: nothing. */
function neededMembers(
  object: ScannedObject,
  { set, correct }: AnswerMembers,
): Readonly<Record<string, string>> | undefined {
  const said = (key: string): string | undefined => {
    const member = findMember(object, key);
    return member === undefined ? undefined : object.bytes.toString('utf8', member.valueStart, member.valueEnd);
  };
  const needed = [
    ...Object.entries(set).filter(([key, text]) => said(key) !== text),
    ...Object.entries(correct).filter(([key, text]) => said(key) !== undefined && said(key) !== text),
  ];
  return needed.length === 0 ? undefined : Object.fromEntries(needed);
}
