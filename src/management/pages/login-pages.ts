/** The pages on which people log in, as text. */
import type { ManagementAnswer } from '../answer.ts';
import type { SavedLogin, WebLogin, WebMethod, WebProvider } from '../logins/web-logins.ts';
import { type Html, html, pageAnswer } from './html.ts';
import { PAGES_ROOT } from './page-keys.ts';

/** How often a page looks whether its login has gone on, in seconds. */
const REFRESH_S = 3;

/** Address of a step of a provider's login. */
export function stepPath({ name }: WebProvider, step = '', state = ''): string {
  const path = `${PAGES_ROOT}/${name}${step === '' ? '' : `/${step}`}`;
  return state === '' ? path : `${path}?state=${encodeURIComponent(state)}`;
}

/** Says what went wrong. */
export function problemPage(status: number, problem: string, back?: WebProvider): ManagementAnswer {
  const link = back === undefined ? html`` : html`<p><a href="${stepPath(back)}">Back</a></p>`;
  return pageAnswer({ status, title: 'That did not work', body: html`<p class="problem">${problem}</p>${link}` });
}

/** Asks for the management key. */
export function keyPage(
  target: string,
  problem?: { readonly status: number; readonly text: string },
): ManagementAnswer {
  const said = problem === undefined ? html`` : html`<p class="problem">${problem.text}</p>`;
  return pageAnswer({
    status: problem?.status ?? 401,
    title: 'Management key',
    body: html`${said}<form method="post" action="${target}">
<label>The key of remote-management.secret-key
<input type="password" name="key" autocomplete="current-password" autofocus required></label>
<button>Continue</button></form>`,
  });
}

/** Lists the providers. */
export function providersPage(providers: readonly WebProvider[]): ManagementAnswer {
  const rows = providers.map((one) => html`<li><a href="${stepPath(one)}">${one.label}</a></li>`);
  return pageAnswer({ title: 'Log in', body: html`<ul>${rows}</ul>` });
}

/** Offers the ways to log in to a provider. */
export function startPage(provider: WebProvider, formToken: string): ManagementAnswer {
  const notices = provider.notices.map((text) => html`<p class="note">${text}</p>`);
  const methods = provider.methods.map((method) => methodForm(provider, method, formToken));
  const imports = provider.imports.map(
    ({ id, label }) => html`<section><h2>with the login of ${label} on this machine</h2>
${form(stepPath(provider, 'take-over'), formToken, html`${hidden('import', id)}<button>Take it over</button>`)}</section>`,
  );
  return pageAnswer({ title: `Log in to ${provider.label}`, body: html`${notices}${methods}${imports}` });
}

function methodForm(provider: WebProvider, method: WebMethod, formToken: string): Html {
  const asks = method.asks.map(
    ({ name, label, example = '' }) =>
      html`<label>${label}<input type="text" name="option-${name}" placeholder="${example}" autocomplete="off"></label>`,
  );
  const begins = method.type === 'browser' || method.type === 'device';
  const brought = begins
    ? html``
    : html`<label>${method.prompt ?? 'Secret'}<textarea name="text" rows="4" autocomplete="off" required></textarea></label>`;
  const fields = html`${hidden('method', method.id)}${asks}${brought}<button>${begins ? 'Begin' : 'Save'}</button>`;
  const step = stepPath(provider, begins ? 'start' : 'import');
  return html`<section><h2>${method.label}</h2>${form(step, formToken, fields)}</section>`;
}

function form(action: string, formToken: string, fields: Html): Html {
  return html`<form method="post" action="${action}">${hidden('form-token', formToken)}${fields}</form>`;
}

function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

/** Shows how far a login is, and looks again by itself while it goes on. */
export function statusPage(login: WebLogin, formToken: string): ManagementAnswer {
  const { provider, now } = login;
  const again = html`<p><a href="${stepPath(provider)}">Log in with another account</a></p>`;
  switch (now.stage) {
    case 'saved':
      return savedPage(provider, [now.saved]);
    case 'failed':
      return pageAnswer({
        title: 'The login failed',
        body: html`<p class="problem">${now.error}</p>${again}`,
      });
    case 'taken':
      return pageAnswer({
        title: `Logging in to ${provider.label}`,
        body: html`<p>The account is being fetched.</p>${cancelForm(login, formToken)}`,
        refreshS: REFRESH_S,
      });
    case 'waiting':
      return pageAnswer({
        title: `Logging in to ${provider.label}`,
        body: html`${waiting(login)}${cancelForm(login, formToken)}`,
        refreshS: REFRESH_S,
      });
  }
}

function waiting({ provider, state, url, userCode, flow }: WebLogin): Html {
  const link = isWeb(url)
    ? html`<p><a href="${url}" target="_blank" rel="noopener noreferrer">${flow === 'device' ? url : `Open the page of ${provider.label}`}</a></p>`
    : html`<p>${url}</p>`;
  if (flow === 'device') {
    return html`<p>Open this page and enter the code:</p>${link}<p class="code">${userCode ?? ''}</p>
<p class="note">This page goes on by itself.</p>`;
  }
  return html`${link}<p class="note">This page goes on by itself once you have agreed there.</p>
<p><a href="${stepPath(provider, 'paste', state)}">The browser was sent to a page that cannot be shown</a></p>`;
}

function cancelForm({ provider, state }: WebLogin, formToken: string): Html {
  return form(stepPath(provider, 'cancel'), formToken, html`${hidden('state', state)}<button>Give up</button>`);
}

/** Takes the address that the browser was sent to; this page does not refresh itself under the hands of who types. */
export function pastePage({ provider, state }: WebLogin, formToken: string): ManagementAnswer {
  const fields = html`${hidden('state', state)}<label>The whole address of that page, or the code that is shown
<textarea name="address" rows="3" autocomplete="off" required></textarea></label><button>Continue</button>`;
  return pageAnswer({
    title: `Logging in to ${provider.label}`,
    body: html`<p>Copy the address from the browser's address line:</p>${form(stepPath(provider, 'paste'), formToken, fields)}
<p><a href="${stepPath(provider, 'status', state)}">Back</a></p>`,
  });
}

/** Says what was saved. */
export function savedPage(provider: WebProvider, saved: readonly SavedLogin[]): ManagementAnswer {
  const rows = saved.map(
    ({ label, file, notes }) =>
      html`<p><strong>${label}</strong> is saved in ${file}, and serves from now on.</p>${notes.map((note) => html`<p class="note">${note}</p>`)}`,
  );
  return pageAnswer({
    title: saved.length === 0 ? 'There was no login' : 'You are logged in',
    body: html`${rows}<p><a href="${stepPath(provider)}">Log in with another account</a></p>`,
  });
}

function isWeb(url: string): boolean {
  return /^https?:\/\//i.test(url);
}
