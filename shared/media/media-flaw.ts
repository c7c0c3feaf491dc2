/** What can be wrong with media that arrives whole: one table for the API, the dashboard, the log and the refusals. */
interface FlawEntry {
  /** What happened. */
  readonly message: string;
  /** What to change. */
  readonly advice: string;
  /** Viewers get it all the same. */
  readonly mended: boolean;
}

export const mediaFlaws = {
  'video-header-missing': {
    message:
      'Pictures arrive without a sequence header, so that nothing can decode them. Viewers get no picture.',
    advice:
      'Restart the encoder: it sends the header once, when it begins. If that does not help, set its output to H.264.',
    mended: false,
  },
  'video-header-empty': {
    message:
      'The sequence header of the pictures is empty, so that nothing can decode them. Viewers get no picture.',
    advice:
      'Restart the encoder. If that does not help, update it or use another one: its header has no parameter sets.',
    mended: false,
  },
  'video-header-broken': {
    message:
      'The sequence header of the pictures makes no sense, so that nothing can decode them. Viewers get no picture.',
    advice: 'Check which codec the encoder is set to, and set it to H.264. Update the encoder.',
    mended: false,
  },
  'video-lengths-broken': {
    message:
      'The lengths inside the pictures do not fit. They are passed on as they are, and players may show nothing or blocks.',
    advice: 'Update the encoder or use another one. Look for a program between that rewrites the stream.',
    mended: false,
  },
  'video-unknown': {
    message: 'Pictures arrive in a form that no player knows. Viewers get no picture.',
    advice: 'Set the encoder to H.264.',
    mended: false,
  },
  'video-header-in-band': {
    message:
      'The encoder sends no sequence header that can be used. It is made from what comes with the key frames, so that viewers see the picture.',
    advice: 'Nothing needs to be done here. Other servers may show no picture from this encoder: update it.',
    mended: true,
  },
  'video-start-codes': {
    message:
      'The encoder sends pictures with start codes, as in MPEG-TS, instead of lengths. They are rewritten, so that viewers see the picture.',
    advice: 'Nothing needs to be done here. Other servers may show no picture from this encoder: update it.',
    mended: true,
  },
  'video-codec-mislabelled': {
    message:
      'The encoder says that its pictures are of another codec than they are. They are passed on as what they are.',
    advice: 'Check the codec in the encoder. H.264 plays in every browser; H.265 does not.',
    mended: true,
  },
  'keyframe-flags-wrong': {
    message:
      'The encoder marks pictures as key frames that are none, or the other way round. The pictures themselves decide here.',
    advice:
      'Nothing needs to be done here. Other servers may start viewers late or with a broken picture: update the encoder.',
    mended: true,
  },
  'intra-refresh': {
    message:
      'The encoder refreshes the picture bit by bit and sends no key frames. Who joins sees a grey picture that fills in.',
    advice: 'Turn off "intra refresh" (in x264: intra-refresh=0) and set the keyframe interval to 2 s.',
    mended: true,
  },
  'open-groups': {
    message:
      'The encoder sends no key frames but the first: its groups of pictures are open. Who joins sees a grey picture for a moment.',
    advice: 'Turn off open groups ("open GOP"; in x264: open-gop=0) and set the keyframe interval to 2 s.',
    mended: true,
  },
  'audio-header-missing': {
    message: 'Sound arrives without a header, so that nothing can decode it. Viewers get no sound.',
    advice:
      'Restart the encoder: it sends the header once, when it begins. If that does not help, set its sound to AAC-LC.',
    mended: false,
  },
  'audio-header-broken': {
    message:
      'The header of the sound is empty or makes no sense, so that nothing can decode it. Viewers get no sound.',
    advice: 'Restart the encoder. If that does not help, set its sound to AAC-LC, or update it.',
    mended: false,
  },
  'audio-unknown': {
    message: 'Sound arrives in a form that no player knows. Viewers get no sound.',
    advice: 'Set the sound of the encoder to AAC-LC.',
    mended: false,
  },
  'audio-header-in-band': {
    message:
      'The encoder sends sound as ADTS and no header that can be used. The header is made from it, so that viewers hear the sound.',
    advice: 'Nothing needs to be done here. Other servers may give no sound from this encoder: update it.',
    mended: true,
  },
  'audio-header-guessed': {
    message:
      'The encoder sends no header for its sound. Sample rate and channels are taken from its metadata; if they are wrong there, the sound is wrong.',
    advice:
      'If the sound is too fast, too slow or silent, restart the encoder, or set its sound to AAC-LC with 44.1 or 48 kHz.',
    mended: true,
  },
  'video-length-size-wrong': {
    message:
      'The sequence header names another size of the lengths inside the pictures than they have. The header is corrected, so that viewers see the picture.',
    advice: 'Nothing needs to be done here. Other servers may show no picture from this encoder: update it.',
    mended: true,
  },
  'audio-codec-mislabelled': {
    message:
      'The encoder says that its sound is of another codec than it is (MP3 for AAC, or the other way round). It is passed on as what it is.',
    advice: 'Set the sound of the encoder to AAC-LC.',
    mended: true,
  },
} as const satisfies Readonly<Record<string, FlawEntry>>;

export type MediaFlaw = keyof typeof mediaFlaws;
