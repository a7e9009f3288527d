/** True for the id of a file that Anthropic or Google keeps: no other provider can open it. */
export function isVendorFileId(id: string): boolean {
  return /^(file_01|files\/)|:\/\//.test(id);
}
