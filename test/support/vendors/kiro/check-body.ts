/** What Kiro's service refuses as improperly formed. Written from its known refusals, without the product's encoder. */

type Fields = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f-]{36}$/;

/** Everything that is wrong with a body. */
export function faultsOf(body: Fields, models: readonly string[]): string[] {
  const state = fieldsOf(body['conversationState']);
  const history = listOf(state['history']);
  const current = fieldsOf(state['currentMessage']);
  const turns = [...history, current];
  return [
    ...('user' in body ? ['a top-level user'] : []),
    ...(state['chatTriggerType'] === 'MANUAL' ? [] : ['no chatTriggerType']),
    ...(UUID.test(String(state['conversationId'])) ? [] : ['no conversationId']),
    ...('history' in state && history.length === 0 ? ['an empty history'] : []),
    ...turns.flatMap((turn, index) => turnFaults(turn, index, turns.length, models)),
    ...resultFaults(turns),
    ...toolFaults(listOf(contextOf(current)['tools'])),
    ...undeclared(turns, listOf(contextOf(current)['tools'])),
  ];
}

function turnFaults(turn: Fields, index: number, count: number, models: readonly string[]): string[] {
  const isUser = index % 2 === 0;
  const key = isUser ? 'userInputMessage' : 'assistantResponseMessage';
  const message = fieldsOf(turn[key]);
  if (Object.keys(turn).join() !== key) return [`turn ${index} is not ${key} alone`];
  const content = message['content'];
  const faults = typeof content === 'string' && content.trim() !== '' ? [] : [`turn ${index} is empty`];
  if (index === count - 1 && !isUser) faults.push('the last turn is not the user');
  if (!isUser) return faults;
  if (!models.includes(String(message['modelId']))) faults.push(`turn ${index} has the model ${message['modelId']}`);
  if (index < count - 1 && 'tools' in contextOf(turn)) faults.push(`turn ${index} of the history has tools`);
  for (const image of listOf(message['images'])) {
    const bytes = fieldsOf(image['source'])['bytes'];
    const isGood = ['png', 'jpeg', 'gif', 'webp'].includes(String(image['format'])) && typeof bytes === 'string';
    if (!isGood) faults.push(`turn ${index} has an image that is none`);
  }
  return faults;
}

/** Each call is answered by the next turn, and nothing else is. */
function resultFaults(turns: readonly Fields[]): string[] {
  const faults: string[] = [];
  const seen = new Set<unknown>();
  let waiting = new Set<unknown>();
  for (const [index, turn] of turns.entries()) {
    for (const result of listOf(contextOf(turn)['toolResults'])) {
      if (!waiting.delete(result['toolUseId'])) faults.push(`turn ${index} has a result without a call`);
      const [text] = listOf(result['content']);
      if (typeof text?.['text'] !== 'string' || !['success', 'error'].includes(String(result['status'])))
        faults.push(`turn ${index} has a result without text or status`);
    }
    if (waiting.size > 0) faults.push(`turn ${index} leaves a call without a result`);
    waiting = new Set();
    for (const use of listOf(fieldsOf(turn['assistantResponseMessage'])['toolUses'])) {
      if (seen.has(use['toolUseId'])) faults.push(`turn ${index} has a toolUseId again`);
      if (typeof use['input'] !== 'object' || use['input'] === null)
        faults.push(`turn ${index} has a call without input`);
      if (!/^[\w-]{1,64}$/.test(String(use['toolUseId']))) faults.push(`turn ${index} has a toolUseId that is none`);
      seen.add(use['toolUseId']);
      waiting.add(use['toolUseId']);
    }
  }
  return faults;
}

/** Every tool that was called is one that is offered. */
function undeclared(turns: readonly Fields[], tools: readonly Fields[]): string[] {
  const names = new Set(tools.map((tool) => fieldsOf(tool['toolSpecification'])['name']));
  const uses = turns.flatMap((turn) => listOf(fieldsOf(turn['assistantResponseMessage'])['toolUses']));
  return uses.filter(({ name }) => !names.has(name)).map(({ name }) => `a call of ${String(name)}, which is no tool`);
}

function toolFaults(tools: readonly Fields[]): string[] {
  return tools.flatMap((tool) => {
    const { name, description, inputSchema } = fieldsOf(tool['toolSpecification']);
    const schema = fieldsOf(inputSchema)['json'];
    return [
      ...(/^[\w-]{1,64}$/.test(String(name)) ? [] : [`the tool name ${String(name)}`]),
      ...(typeof description === 'string' && description !== '' ? [] : ['a tool without a description']),
      ...(Buffer.byteLength(String(description)) <= 10_240 ? [] : ['a description that is too long']),
      ...(typeof schema === 'object' && schema !== null ? [] : ['a tool without a schema']),
    ];
  });
}

function contextOf(turn: Fields): Fields {
  return fieldsOf(fieldsOf(turn['userInputMessage'])['userInputMessageContext']);
}

/** The members of an object; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The objects of a list. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}
