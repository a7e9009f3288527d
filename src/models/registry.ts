import type { RegisteredModel } from './registered-model.ts';

/** One client (a credential) that serves a model name. */
export interface RegistryEntry {
  readonly clientId: string;
  readonly providerId: string;
  readonly model: RegisteredModel;
}

/** Which credentials serve which model names. */
export interface ModelRegistry {
  /** Changes with every registration: caches built on the registry compare it. */
  readonly version: number;
  /** Replaces what the client registered before. Clients that pass the same array share its index. */
  registerClient(clientId: string, providerId: string, models: readonly RegisteredModel[]): void;
  unregisterClient(clientId: string): void;
  /** In order of registration; empty when nobody serves the name. */
  lookup(name: string): readonly RegistryEntry[];
  /** One model per client-visible name, in order of registration. */
  list(): readonly RegisteredModel[];
}

/** The clients of one provider that offer exactly the same models: 2,000 keys of a provider cost one index. */
interface Group {
  readonly providerId: string;
  readonly models: readonly RegisteredModel[];
  readonly clientIds: Set<string>;
}

/** An empty registry. */
export function createModelRegistry(): ModelRegistry {
  const groups = new Map<readonly RegisteredModel[], Map<string, Group>>();
  const groupOfClient = new Map<string, Group>();
  const groupsOfName = new Map<string, Set<Group>>();
  let version = 0;

  function groupFor(providerId: string, models: readonly RegisteredModel[]): Group {
    const ofModels = groups.get(models) ?? new Map<string, Group>();
    groups.set(models, ofModels);
    const known = ofModels.get(providerId);
    if (known !== undefined) return known;
    const group: Group = { providerId, models, clientIds: new Set() };
    ofModels.set(providerId, group);
    for (const model of models) {
      const named = groupsOfName.get(model.clientName);
      if (named === undefined) groupsOfName.set(model.clientName, new Set([group]));
      else named.add(group);
    }
    return group;
  }

  function dropGroup(group: Group): void {
    const ofModels = groups.get(group.models);
    ofModels?.delete(group.providerId);
    if (ofModels?.size === 0) groups.delete(group.models);
    for (const model of group.models) {
      const named = groupsOfName.get(model.clientName);
      named?.delete(group);
      if (named?.size === 0) groupsOfName.delete(model.clientName);
    }
  }

  function leave(clientId: string): boolean {
    const group = groupOfClient.get(clientId);
    if (group === undefined) return false;
    groupOfClient.delete(clientId);
    group.clientIds.delete(clientId);
    if (group.clientIds.size === 0) dropGroup(group);
    return true;
  }

  return {
    get version() {
      return version;
    },
    registerClient(clientId, providerId, models) {
      leave(clientId);
      const group = groupFor(providerId, models);
      group.clientIds.add(clientId);
      groupOfClient.set(clientId, group);
      version++;
    },
    unregisterClient(clientId) {
      if (leave(clientId)) version++;
    },
    lookup(name) {
      const entries: RegistryEntry[] = [];
      for (const group of groupsOfName.get(name) ?? []) addEntries(entries, group, name);
      return entries;
    },
    list: () => uniqueNames([...groups.values()].flatMap((ofModels) => [...ofModels.values()])),
  };
}

/** Model by model, so that an alias with several upstream models offers the first one of every client first. */
function addEntries(entries: RegistryEntry[], { providerId, models, clientIds }: Group, name: string): void {
  for (const model of models) {
    if (model.clientName !== name) continue;
    for (const clientId of clientIds) entries.push({ clientId, providerId, model });
  }
}

function uniqueNames(groups: readonly Group[]): readonly RegisteredModel[] {
  const models = new Map<string, RegisteredModel>();
  for (const group of groups) {
    for (const model of group.models) if (!models.has(model.clientName)) models.set(model.clientName, model);
  }
  return [...models.values()];
}
