/** The forms in which a secret appears in text: as it is, in JSON, in JSON inside JSON, in a URL. */
export function secretForms(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const nested = JSON.stringify(json).slice(1, -1);
  // Some writers of JSON escape slashes as well.
  return [...new Set([secret, json, json.replaceAll('/', '\\/'), nested, encodeURIComponent(secret)])];
}
