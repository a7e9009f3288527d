/** What the web side of logins needs of the gateway. */
import type { CallbackAnswer } from '../../auth/callback-answer.ts';

/** A way to log in, as a form offers it. */
export interface WebMethod {
  readonly id: string;
  /** For people, in a list: `with the browser`. */
  readonly label: string;
  readonly type: 'browser' | 'device' | 'secret' | 'file';
  /** What is to be brought; of methods where something is. */
  readonly prompt?: string;
  /** What can be said beforehand. */
  readonly asks: readonly WebQuestion[];
}

/** Something that can be said before a login begins. */
export interface WebQuestion {
  /** Of the option: `region`. */
  readonly name: string;
  readonly label: string;
  /** What an answer looks like. */
  readonly example?: string;
}

/** A provider that people can log in to. */
export interface WebProvider {
  /** Of the manifest. */
  readonly id: string;
  /** In addresses: `anthropic` in `anthropic-auth-url`. */
  readonly name: string;
  readonly label: string;
  /** Other names that programs send for it. */
  readonly aliases: readonly string[];
  /** First part of the address that forwarders send the browser to. */
  readonly callbackName: string;
  /** Before a login, one sentence each. */
  readonly notices: readonly string[];
  readonly methods: readonly WebMethod[];
  /** Logins of other programs on this machine. */
  readonly imports: readonly { readonly id: string; readonly label: string }[];
  /** Its auth-url tells only how the login goes; address and code come with the status. Methods by what programs call them. */
  readonly namedMethods?: Readonly<Record<string, string>>;
}

/** What is to begin. */
export interface WebLoginWish {
  /** Name of the provider. */
  readonly name: string;
  /** Id of the method; absent: the usual one that begins with an address to go to. */
  readonly method?: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  /** The browser is on this machine: what comes back to the provider's callback port is taken. */
  readonly forward: boolean;
}

/** A login that has been kept. */
export interface SavedLogin {
  /** Path of its file. */
  readonly file: string;
  readonly type: string;
  /** For people; no secret. */
  readonly label: string;
  readonly email?: string;
  readonly projectId?: string;
  readonly location?: string;
  /** When its token ends, as the file says. */
  readonly expired?: string;
  /** What the person should know of it, one line each. */
  readonly notes: readonly string[];
}

/** How far a login is. `taken`: the browser came back, and the account is being fetched. */
export type WebLoginStage =
  | { readonly stage: 'waiting' | 'taken' }
  | { readonly stage: 'saved'; readonly saved: SavedLogin }
  | { readonly stage: 'failed'; readonly error: string };

/** A login under way, or over for less than a minute. */
export interface WebLogin {
  /** Names it, and is known to nobody but those who began it and the provider. */
  readonly state: string;
  readonly provider: WebProvider;
  readonly flow: 'browser' | 'device';
  /** Where the person is to go. */
  readonly url: string;
  /** What the person types there. */
  readonly userCode?: string;
  readonly expiresAtMs: number;
  readonly now: WebLoginStage;
}

/** What became of an answer that a browser brought back. */
export type WebReturnResult = 'taken' | 'unknown' | 'over' | 'other-provider';

/** Logins for people who are not at the terminal. */
export interface WebLogins {
  readonly providers: readonly WebProvider[];
  /** Throws ProxyError. */
  begin(wish: WebLoginWish): Promise<WebLogin>;
  /** Undefined: there is none, or none any more. */
  find(state: string): WebLogin | undefined;
  /** `isOf`: whether it may be a login of this provider. */
  comeBack(state: string, answer: CallbackAnswer, isOf: (provider: WebProvider) => boolean): WebReturnResult;
  /** Ends one under way; false when there is none. */
  cancel(state: string): boolean;
  /** Logs in with something that the person brings: a token, a cookie, a file. Throws ProxyError. */
  bring(wish: Omit<WebLoginWish, 'forward'>, text: string): Promise<SavedLogin>;
  /** Takes over the logins of another program. Throws ProxyError. */
  takeOver(name: string, importId: string): Promise<readonly SavedLogin[]>;
}
