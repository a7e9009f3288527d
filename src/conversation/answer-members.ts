import { findMember, type ScannedObject, scanObject, spliceMembers } from '../json-splice.ts';

/** Members of a response object that only llmproxy knows, as raw JSON. */
export type AnswerMembers = Readonly<Record<string, string>>;

// Inside a JSON string the quotes would be escaped, so this only matches a real member.
const RESPONSE = /"response"\s*:\s*\{/;

/** A whole answer with these members; as it was when it has them, or is no response object. */
export function setBodyMembers(body: Buffer, members: AnswerMembers): Buffer {
  const object = scanObject(body);
  if (object === undefined || findMember(object, 'output') === undefined) return body;
  return hasMembers(object, members) ? body : spliceMembers(object, { set: members });
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
  const event = scanObject(Buffer.from(line.slice('data:'.length)));
  const member = event === undefined ? undefined : findMember(event, 'response');
  if (event === undefined || member === undefined) return line;
  const response = scanObject(event.bytes.subarray(member.valueStart, member.valueEnd));
  if (response === undefined || hasMembers(response, members)) return line;
  const changed = spliceMembers(response, { set: members }).toString('utf8');
  return `data: ${spliceMembers(event, { set: { response: changed } }).toString('utf8')}`;
}

function hasMembers(object: ScannedObject, members: AnswerMembers): boolean {
  return Object.entries(members).every(([key, text]) => {
    const member = findMember(object, key);
    return member !== undefined && object.bytes.toString('utf8', member.valueStart, member.valueEnd) === text;
  });
}
