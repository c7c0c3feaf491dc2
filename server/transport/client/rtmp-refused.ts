/** A server said no, or ended what it had granted. `code` is its status code, the message its sentence. */
export class RtmpRefused extends Error {
  override readonly name = 'RtmpRefused';
  readonly code: string;
  /** Where the server wants us to go instead, if it said so. */
  readonly redirect: string | undefined;

  constructor(refusal: {
    readonly code: string;
    readonly description: string;
    readonly redirect?: string | undefined;
  }) {
    super(refusal.description);
    this.code = refusal.code;
    this.redirect = refusal.redirect;
  }
}
