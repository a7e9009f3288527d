import type { DialectId, Signature } from '../../ir/index.ts';
import type { Target } from '../../routing/target.ts';
import { isOwnServer, type MakerSource, makerOf } from './maker.ts';
import { SignatureIndex } from './signature-index.ts';
import { SignatureScanner, scanSignatures } from './signature-scan.ts';

/**
 * Knows who made a signature that a client gives back bare, as clients of the maker's own dialect do. It only looks at
 * anything where two who could not read each other's signatures speak the same dialect.
 */
export class Provenance {
  readonly #makers = new Map<DialectId, Set<string>>();
  readonly #contested = new Set<DialectId>();
  readonly #index: SignatureIndex;

  /** `sources`: every credential with its provider. `index`: what was learned before. */
  constructor(sources: Iterable<MakerSource>, index: SignatureIndex = new SignatureIndex()) {
    this.#index = index;
    for (const source of sources) this.know(source);
  }

  /** One more credential; one that leaves is not forgotten, as its signatures are still about. */
  know(source: MakerSource): void {
    const maker = makerOf(source);
    for (const { dialect } of source.provider.endpoints) {
      const known = this.#makers.get(dialect);
      if (known === undefined) this.#makers.set(dialect, new Set([maker]));
      else if (known.add(maker).size > 1) this.#contested.add(dialect);
    }
  }

  /** Records the signatures in a passed-through answer; undefined where nobody needs to know. */
  watch(dialect: DialectId, members: readonly string[], target: Target): SignatureScanner | undefined {
    if (!this.#contested.has(dialect) || members.length === 0) return undefined;
    const maker = makerOf(target);
    return new SignatureScanner(members, (signature) => this.#index.add(signature, maker));
  }

  /** Records a signature that goes bare to a client of its dialect. */
  add(signature: Signature, maker: string, members: readonly string[]): void {
    if (!this.#contested.has(signature.origin)) return;
    for (const proof of proofsOf(signature, members)) this.#index.add(proof, maker);
  }

  /** Whether a body in the target's own dialect holds a signature that the target cannot read. */
  holdsForeign(body: Buffer, dialect: DialectId, members: readonly string[], target: Target): boolean {
    if (!this.#contested.has(dialect) || members.length === 0) return false;
    const prefix = prefixOf(target);
    if (prefix === undefined && this.#index.size === 0) return false;
    const maker = makerOf(target);
    const hasLength = (length: number): boolean => prefix !== undefined || this.#index.hasLength(length);
    for (const proof of scanSignatures(body, members, hasLength))
      if (this.#isForeign(proof, maker, prefix)) return true;
    return false;
  }

  /** Whether a signature of the target's dialect must not be sent to the target. Unknown ones may. */
  isForeign(signature: Signature, members: readonly string[], target: Target): boolean {
    const maker = makerOf(target);
    if (signature.maker !== undefined) return signature.maker !== maker;
    if (!this.#contested.has(signature.origin)) return false;
    const prefix = prefixOf(target);
    return proofsOf(signature, members).some((proof) => this.#isForeign(proof, maker, prefix));
  }

  #isForeign(proof: string, maker: string, prefix: string | undefined): boolean {
    const known = this.#index.makerOf(proof);
    return known === undefined ? prefix !== undefined && !proof.startsWith(prefix) : known !== maker;
  }
}

/** A server of somebody else may write signatures as it likes. */
function prefixOf(target: Target): string | undefined {
  return isOwnServer(target) ? target.provider.signatures?.prefix : undefined;
}

/** What the wire calls the signature: the value, or what is in it where the value is a whole JSON entry (Chat). */
function proofsOf({ value }: Signature, members: readonly string[]): string[] {
  if (!value.startsWith('{')) return [value];
  return [...scanSignatures(Buffer.from(value), members)];
}
