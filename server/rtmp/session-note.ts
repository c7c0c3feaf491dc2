/** What the operator should know at once: the log warns and the dashboard shows it. The rest is for whoever reads the log closely. */
export type NoteWeight = 'worth-knowing' | 'detail';

interface NoteEntry {
  readonly weight: NoteWeight;
  /** What happened; `{braces}` are filled in. */
  readonly sentence: string;
  /** What to change, where somebody should. */
  readonly advice?: string;
}

/** Everything that is noted of a session beside its events: what is taken otherwise than it was sent, dropped, or not obeyed. */
export const sessionNotes = {
  'media-elsewhere': {
    weight: 'detail',
    sentence:
      'Media comes on message stream {given}, and the publish is on {own}. It is taken, because nothing else on this connection can be meant.',
  },
  'media-without-publish': {
    weight: 'worth-knowing',
    sentence: 'Media arrives on a connection that publishes nothing. It is dropped.',
    advice:
      'The program has to send publish before its media. Try another program, or report this one to its maker.',
  },
  'media-after-publish': {
    weight: 'worth-knowing',
    sentence: 'Media goes on after this connection ended its publish. It is dropped.',
    advice: 'Stop and start the stream in the encoder.',
  },
  'media-of-other-request': {
    weight: 'worth-knowing',
    sentence: 'Media arrives on message stream {given}, which does not publish: {own} does. It is dropped.',
    advice: 'A connection publishes one stream. Use another connection for another one.',
  },
  'command-names-other-stream': {
    weight: 'detail',
    sentence:
      '{command} names another stream than the one that this connection publishes. It was answered and changes nothing.',
  },
  'command-on-unknown-stream': {
    weight: 'detail',
    sentence:
      '{command} is about a message stream that this connection does not have. It was answered and changes nothing.',
  },
  'publish-replaced': {
    weight: 'detail',
    sentence:
      'A new publish came after {command} for something else, and no media in between: the publish before it is over.',
  },
} as const satisfies Record<string, NoteEntry>;

export type SessionNoteCode = keyof typeof sessionNotes;

/** The event of a session that something was noted. */
export interface SessionNote {
  readonly type: 'note';
  readonly code: SessionNoteCode;
  readonly weight: NoteWeight;
  /** One or two sentences. Nothing of the client's own words is in them but names of commands that are known here. */
  readonly message: string;
}

/** Fills in the sentence. A placeholder without a value is our own mistake and throws. */
export function sessionNote(
  code: SessionNoteCode,
  values: Readonly<Record<string, string | number>> = {},
): SessionNote {
  const { weight, sentence, advice }: NoteEntry = sessionNotes[code];
  const filled = sentence.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`note ${code} needs a value for {${key}}`);
    return String(value);
  });
  return { type: 'note', code, weight, message: advice === undefined ? filled : `${filled} ${advice}` };
}
