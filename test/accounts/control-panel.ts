/** A control panel of the reference, as far as it logs in. */
import { vi } from 'vitest';

/** What the gateway answers. */
export interface PanelAnswer {
  /** Of HTTP. */
  readonly http: number;
  readonly status?: string;
  readonly state: string;
  readonly url?: string;
  readonly flow?: string;
  readonly user_code?: string;
  readonly expires_in?: number;
  readonly verification_url?: string;
  readonly error?: string;
}

/** Someone with the management key. */
export interface ControlPanel {
  begin(name: string, query?: Readonly<Record<string, string>>): Promise<PanelAnswer>;
  status(state: string): Promise<PanelAnswer>;
  /** Brings the address that the browser ended at; needs no key. */
  bring(provider: string, redirectUrl: string): Promise<PanelAnswer>;
  /** Brings a cookie or a token. */
  sendSecret(name: string, secret: string): Promise<PanelAnswer>;
  /** Brings a file, as forms in browsers do. */
  sendFile(name: string, text: string): Promise<PanelAnswer>;
  cancel(state: string): Promise<PanelAnswer>;
  /** Polls as panels do, until nobody waits any more. */
  untilOver(state: string): Promise<void>;
}

const headers = { authorization: 'Bearer fake-management-key' };
const GOES_ON = ['wait', 'device_code', 'auth_url'];

/** Talks to a gateway. */
export function controlPanel(origin: string): ControlPanel {
  const ask = async (path: string, init: RequestInit = { headers }): Promise<PanelAnswer> => {
    const response = await fetch(`${origin}/v0/management/${path}`, init);
    return { http: response.status, ...JSON.parse(await response.text()) };
  };
  const panel: ControlPanel = {
    begin: (name, query = {}) => ask(`${name}-auth-url?${new URLSearchParams(query)}`),
    status: (state) => ask(`get-auth-status?${new URLSearchParams({ state })}`),
    bring: (provider, redirectUrl) =>
      ask('oauth-callback', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ provider, redirect_url: redirectUrl }),
      }),
    sendSecret: (name, cookie) =>
      ask(`${name}-auth-url`, { method: 'POST', headers, body: JSON.stringify({ cookie }) }),
    sendFile(name, text) {
      const body = new FormData();
      body.set('file', new Blob([text], { type: 'application/json' }), 'key.json');
      return ask(`${name}/import`, { method: 'POST', headers, body });
    },
    cancel: (state) => ask(`oauth-session?${new URLSearchParams({ state })}`, { method: 'DELETE', headers }),
    untilOver: (state) =>
      vi.waitFor(
        async () => {
          const { status, http } = await panel.status(state);
          if (http !== 200 || GOES_ON.includes(status ?? '')) throw new Error(`the login is at ${http} ${status}`);
        },
        { timeout: 20_000, interval: 100 },
      ),
  };
  return panel;
}
