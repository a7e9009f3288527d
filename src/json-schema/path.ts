/** Where a schema stands below the root: a chain that is written out only when somebody must be told. */
export interface SchemaPath {
  readonly parent: SchemaPath | undefined;
  readonly keyword: string;
  /** A name that the client chose, or an index; undefined: the keyword's own value. */
  readonly member: string | number | undefined;
}

/** The schema itself. */
export const ROOT: SchemaPath = { parent: undefined, keyword: '', member: undefined };

/** The path of a keyword below a path. */
export function at(parent: SchemaPath, keyword: string): SchemaPath {
  return { parent, keyword, member: undefined };
}

/** The path of a member of a keyword's map or list. */
export function memberAt(parent: SchemaPath, keyword: string, member: string | number): SchemaPath {
  return { parent, keyword, member };
}

/** The path as text; names that are no words are quoted. */
export function pathText({ parent, keyword, member }: SchemaPath): string {
  const above = parent === undefined ? '' : pathText(parent);
  const own = above === '' ? keyword : `${above}.${keyword}`;
  if (member === undefined) return own;
  if (typeof member === 'number') return `${own}[${member}]`;
  return /^[\w$-]+$/.test(member) ? `${own}.${member}` : `${own}[${JSON.stringify(member)}]`;
}
