/** The proxy variables every command line tool obeys. https://about.gitlab.com/blog/we-need-to-talk-no-proxy/ */

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY (either case) name for an origin, if any. */
export function proxyFromEnvironment(origin: string, environment: Environment): string | undefined {
  const url = new URL(origin);
  const names = url.protocol === 'https:' ? ['https_proxy', 'all_proxy'] : ['http_proxy', 'all_proxy'];
  const proxy = names.map((name) => readVariable(environment, name)).find((value) => value !== undefined);
  if (proxy === undefined || isExcluded(url, readVariable(environment, 'no_proxy') ?? '')) return undefined;
  return withScheme(proxy);
}

/** Every proxy that the environment names; its passwords must not be logged. */
export function proxiesOfEnvironment(environment: Environment): readonly string[] {
  return ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => {
    const proxy = readVariable(environment, name);
    return proxy === undefined ? [] : [withScheme(proxy)];
  });
}

function withScheme(proxy: string): string {
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function readVariable(environment: Environment, name: string): string | undefined {
  return environment[name] || environment[name.toUpperCase()] || undefined;
}

function isExcluded(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const parts = /^(.*?)(?::(\d+))?$/.exec(entry);
  // A bare IPv6 address ends in something that looks like a port.
  const isAddress = entry.split(':').length > 2 && !entry.startsWith('[');
  const name = (isAddress ? entry : (parts?.[1] ?? entry)).replace(/^\[(.*)\]$/, '$1').replace(/^\*?\./, '');
  const entryPort = isAddress ? undefined : parts?.[2];
  return (entryPort === undefined || entryPort === port) && (host === name || host.endsWith(`.${name}`));
}
