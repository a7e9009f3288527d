import { answerOf } from '../../auth/callback-answer.ts';
import { isState } from '../../auth/login-sessions.ts';
import type { ManagementAnswer, ManagementRequest } from '../answer.ts';
import type { WebLogins, WebReturnResult } from '../logins/web-logins.ts';
import { html, pageAnswer } from './html.ts';

const texts: Readonly<Record<WebReturnResult | 'invalid', readonly [status: number, title: string, text: string]>> = {
  taken: [200, 'Back from the provider', 'The login goes on where it was begun. You can close this page.'],
  unknown: [404, 'No such login', 'There is no login under way that this belongs to, or its time is over. Begin anew.'],
  over: [409, 'This login is over', 'What the provider said was taken before. You can close this page.'],
  'other-provider': [400, 'Not this login', 'The login that this belongs to is one of another provider. Begin anew.'],
  invalid: [400, 'Not an answer to a login', 'The address lacks what a provider adds to it. Begin anew.'],
};

/** `GET /<name>/callback`: where forwarders send the browser. Shows nothing of what the address says. */
export function callbackPage(logins: WebLogins, callbackName: string, request: ManagementRequest): ManagementAnswer {
  const [status, title, text] = texts[take(logins, callbackName, request)];
  return pageAnswer({ status, title, body: html`<p>${text}</p>` });
}

function take(logins: WebLogins, callbackName: string, { query }: ManagementRequest): WebReturnResult | 'invalid' {
  const names = ['state', 'code', 'error', 'error_description'];
  const answer = answerOf(new URLSearchParams(names.map((name): [string, string] => [name, query?.(name) ?? ''])));
  const { state = '', code, error } = answer;
  if (!isState(state) || (code === undefined && error === undefined)) return 'invalid';
  return logins.comeBack(state, answer, (provider) => provider.callbackName === callbackName);
}
