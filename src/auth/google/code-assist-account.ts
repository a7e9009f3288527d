/** Setting up accounts of Google's Code Assist: which tier they have, in which project they are served. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ProxyError } from '../../errors.ts';
import { askVendor, isVendorFields, type VendorFields, vendorList, vendorNumber, vendorText } from '../vendor-api.ts';

/** A service that speaks Code Assist. */
export interface CodeAssistService {
  /** No trailing slash. */
  readonly baseUrl: string;
  /** As what it is asked. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The tier of accounts to which none is offered. */
  readonly usualTier: string;
  /** How often it is asked whether an account is ready, and how long each time waits. */
  readonly attempts: number;
  readonly waitMs: number;
}

/** What asking it needs of the world. */
export interface CodeAssistIo {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** Absent: real timers. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
}

/** Credits that pay for what a plan does not allow any more. */
export interface Credits {
  readonly type: string;
  readonly amount: number;
  /** Below it none can be spent. */
  readonly minimum: number;
}

/** What it knows of an account. */
export interface CodeAssistStatus {
  /** Served there; undefined: none yet, or one of the user's own is needed. */
  readonly project: string | undefined;
  /** That it has now; undefined: it has to be set up. */
  readonly tier: string | undefined;
  /** That it would get. */
  readonly offeredTier: string | undefined;
  /** Paid for, if any; for people. */
  readonly plan: string | undefined;
  /** Why it gets none, in Google's words. */
  readonly refusals: readonly string[];
  readonly credits: readonly Credits[];
}

/** An account that is served. */
export interface ReadyAccount {
  readonly project: string;
  readonly status: CodeAssistStatus;
}

/** Calls a method of the service; throws ProxyError. */
export function callCodeAssist(
  service: Pick<CodeAssistService, 'baseUrl'>,
  method: string,
  token: string,
  json: VendorFields,
  io: CodeAssistIo,
): Promise<VendorFields> {
  const headers = { authorization: `Bearer ${token}` };
  return askVendor({ url: `${service.baseUrl}/v1internal:${method}`, headers, json, secrets: [token] }, io);
}

/** Asks what an account is. Throws ProxyError. */
export async function codeAssistStatus(
  service: CodeAssistService,
  token: string,
  project: string | undefined,
  io: CodeAssistIo,
): Promise<CodeAssistStatus> {
  const body = { ...projectMember(project), metadata: metadataOf(service, project) };
  const answer = await callCodeAssist(service, 'loadCodeAssist', token, body, io);
  const [current, paid] = [fieldsOf(answer['currentTier']), fieldsOf(answer['paidTier'])];
  const offered = vendorList(answer['allowedTiers']).find((tier) => tier['isDefault'] === true);
  return {
    project: projectIn(answer),
    tier: vendorText(current['id']) ?? (isVendorFields(answer['currentTier']) ? service.usualTier : undefined),
    offeredTier: vendorText(offered?.['id']),
    plan: vendorText(paid['name']) ?? vendorText(paid['id']) ?? vendorText(current['name']),
    refusals: vendorList(answer['ineligibleTiers']).flatMap((tier) => refusalOf(tier) ?? []),
    credits: vendorList(paid['availableCredits']).flatMap((credit) => creditsOf(credit) ?? []),
  };
}

/**
 * Makes sure that an account is served, in that project of the user's or, without one, in a project that Google provides.
 * Throws ProxyError: `upstream_forbidden` with Google's words for an account that is not served at all.
 */
export async function readyAccount(
  service: CodeAssistService,
  token: string,
  project: string | undefined,
  io: CodeAssistIo,
): Promise<ReadyAccount> {
  const status = await codeAssistStatus(service, token, project, io);
  const known = project ?? status.project;
  if (status.tier !== undefined && known !== undefined) return { project: known, status };
  if (status.offeredTier === undefined && status.refusals.length > 0) throw ineligible(status);
  const tier = status.offeredTier ?? status.tier ?? service.usualTier;
  const made = await onboard(service, token, tier, project, io);
  const ready = project ?? made ?? status.project;
  if (ready !== undefined) return { project: ready, status: { ...status, tier } };
  if (status.refusals.length > 0) throw ineligible(status);
  throw new ProxyError(
    'upstream_forbidden',
    `Google serves accounts of the tier "${tier}" only in a Google Cloud project of their own: name one`,
  );
}

/** Resolves with the project that the account got, when it is ready. */
async function onboard(
  service: CodeAssistService,
  token: string,
  tierId: string,
  project: string | undefined,
  io: CodeAssistIo,
): Promise<string | undefined> {
  // The free tier takes no project of the user's.
  const own = tierId === 'free-tier' ? undefined : project;
  const body = { tierId, ...projectMember(own), metadata: metadataOf(service, own) };
  for (let attempt = 0; attempt < service.attempts; attempt++) {
    if (attempt > 0) await (io.wait ?? realWait)(service.waitMs, io.signal);
    const answer = await callCodeAssist(service, 'onboardUser', token, body, io);
    if (answer['done'] === true) return projectIn(fieldsOf(answer['response']));
  }
  const seconds = Math.round((service.attempts * service.waitMs) / 1000);
  throw new ProxyError(
    'upstream_timeout',
    `Google did not set the account up within ${seconds} seconds; try again later`,
  );
}

function ineligible({ refusals }: CodeAssistStatus): ProxyError {
  return new ProxyError('upstream_forbidden', `Google does not serve this account: ${refusals.join(' ')}`);
}

function metadataOf({ metadata }: CodeAssistService, project: string | undefined): VendorFields {
  return project === undefined ? metadata : { ...metadata, duetProject: project };
}

function projectMember(project: string | undefined): VendorFields {
  return project === undefined ? {} : { cloudaicompanionProject: project };
}

/** `cloudaicompanionProject` is an id, or an object with it. */
function projectIn(answer: VendorFields): string | undefined {
  const project = answer['cloudaicompanionProject'];
  return vendorText(isVendorFields(project) ? project['id'] : project);
}

function refusalOf(tier: VendorFields): string | undefined {
  const words = vendorText(tier['reasonMessage']) ?? vendorText(tier['reasonCode']);
  const url = vendorText(tier['validationUrl']);
  return words === undefined || url === undefined ? words : `${words} (${url})`;
}

function creditsOf(credit: VendorFields): Credits | undefined {
  const type = vendorText(credit['creditType']);
  const amount = vendorNumber(credit['creditAmount']);
  if (type === undefined || amount === undefined) return undefined;
  return { type, amount, minimum: vendorNumber(credit['minimumCreditAmountForUsage']) ?? 0 };
}

function fieldsOf(value: unknown): VendorFields {
  return isVendorFields(value) ? value : {};
}

async function realWait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
