/** How people log in: what a provider says of it, and what a login needs of the world. */

/** The JSON of an account's record. */
export type AccountFields = Readonly<Record<string, unknown>>;

/** The registration of an app at a provider. The ids of installed apps are public; a secret is the user's to configure. */
export interface OauthClient {
  /** Absent: the provider's own public one; `oauthClient` puts both together. */
  readonly id?: string;
  readonly secret?: string;
}

/** One of several things to choose from: a project, an organisation. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What a login needs of the world. */
export interface LoginIo {
  /** Goes through the proxy that the account will use. */
  readonly fetch: typeof fetch;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Ends with the login: the person gave up, or its time is over. */
  readonly signal: AbortSignal;
  /** What `oauth-clients.<provider>` or the environment says; absent: the provider's own public client. */
  readonly client: OauthClient | undefined;
  /** Told while it goes on, one line each; no secrets. */
  progress(line: string): void;
  /** Resolves after so many milliseconds, rejects when the signal ends; absent: real timers. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
  /** Resolves with the value of a choice; absent: nobody can be asked, the first one is taken. */
  choose?(question: string, choices: readonly Choice[]): Promise<string>;
  /** What the person said beforehand, e.g. `project`, `region`, `start-url`. */
  readonly options: Readonly<Record<string, string>>;
}

/** A login that has succeeded, ready to be kept. */
export interface NewAccount {
  /** Id of its record, which two accounts never share: `claude-a@b.example.json`. */
  readonly recordId: string;
  /** With `type` and the tokens, as the provider's {@link AccountFields} are spelled in files. */
  readonly fields: AccountFields;
  /** For people; no secret. */
  readonly label: string;
  /** What the person should know of it, one line each. */
  readonly notes?: readonly string[];
}

/** Something that can be said before a login begins. */
export interface LoginQuestion {
  /** Key in `LoginIo.options`: `region`. */
  readonly name: string;
  /** For people: `Start URL of your organisation`. */
  readonly label: string;
  /** What an answer looks like. */
  readonly example?: string;
}

interface MethodBase {
  /** Unique within the provider: `browser`, `device`, `google`. */
  readonly id: string;
  /** For people, in a list: `with the browser`. */
  readonly label: string;
  /** Which options it reads. */
  readonly asks?: readonly LoginQuestion[];
}

/** The provider sends the browser back to an address on this machine. */
export interface BrowserLogin extends MethodBase {
  readonly type: 'browser';
  /** What the provider has registered. `anyPort`: it takes another port as well. */
  readonly callback: {
    readonly host: 'localhost' | '127.0.0.1';
    readonly port: number;
    readonly path: string;
    readonly anyPort?: boolean;
  };
  /** Throws ProxyError. `state`: to be sent along; whoever calls compares it when it comes back. */
  begin(io: LoginIo, redirectUri: string, state: string): Promise<BrowserStart>;
}

/** A login that waits for the browser. */
export interface BrowserStart {
  /** Where the person is to go. */
  readonly url: string;
  /** Exchanges the code. Throws ProxyError. */
  finish(code: string): Promise<NewAccount>;
}

/** The person types a code on a page of the provider, on any device. */
export interface DeviceLogin extends MethodBase {
  readonly type: 'device';
  /** Throws ProxyError. */
  begin(io: LoginIo): Promise<DeviceStart>;
}

/** A login that waits for the person. */
export interface DeviceStart {
  readonly verificationUrl: string;
  readonly userCode: string;
  /** The same page with the code filled in. */
  readonly completeUrl?: string;
  readonly expiresAtMs: number;
  /** Asks until the person has decided. Throws ProxyError: denied, too late, `client_closed` when the signal ended it. */
  finish(): Promise<NewAccount>;
}

/** The person brings a secret, or a file, from elsewhere. */
export interface SecretLogin extends MethodBase {
  readonly type: 'secret' | 'file';
  /** What is asked for: `the token that "claude setup-token" printed`. */
  readonly prompt: string;
  /** `text`: the secret, or what is in the file. Throws ProxyError. */
  finish(io: LoginIo, text: string): Promise<NewAccount>;
}

/** One way to log in. */
export type LoginMethod = BrowserLogin | DeviceLogin | SecretLogin;

/** Where other programs keep their logins. */
export interface ImportPlaces {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** A file of another program. */
export interface ImportedFile {
  readonly path: string;
  readonly text: string;
}

/** The login of another program on this machine. */
export interface AccountImport {
  /** Unique within the provider: `claude-code`. */
  readonly id: string;
  /** Name of the program. */
  readonly label: string;
  /** Absolute paths that may hold it; a `*` in the last part stands for anything. */
  files(places: ImportPlaces): readonly string[];
  /** Files of the program itself, absolute as well: where there is a login, the first one in which the words are is read too. */
  readonly program?: { files(places: ImportPlaces): readonly string[]; readonly words: string };
  /** `files`: those that are there. None: no login is in them. Throws ProxyError for a login that cannot be used. */
  read(files: readonly ImportedFile[], io: LoginIo): Promise<readonly NewAccount[]>;
}

/** What is left of a plan's allowance. */
export interface QuotaReading {
  /** `5 hours`, `premium requests`, `gemini-2.5-pro`. */
  readonly name: string;
  /** 0 to 1; absent: unknown. */
  readonly remaining?: number;
  /** In the plan's own unit. */
  readonly used?: number;
  readonly limit?: number;
  readonly unit?: string;
  /** Milliseconds since the epoch. */
  readonly resetsAtMs?: number;
  readonly unlimited?: boolean;
}
