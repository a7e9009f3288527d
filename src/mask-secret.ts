/** First and last four characters of a long secret, less of a short one: enough to recognise, not to use. */
export function maskSecret(secret: string): string {
  const show = secret.length >= 16 ? 4 : secret.length >= 8 ? 2 : 0;
  if (show === 0) return '...';
  return `${secret.slice(0, show)}...${secret.slice(-show)}`;
}
