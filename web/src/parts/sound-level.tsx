import { useEffect, useRef } from 'preact/hooks';

/** Not every browser has it, and TypeScript knows it of none. */
type Capturing = HTMLVideoElement & { captureStream?: () => MediaStream };

/** Peaks below this are taken for silence. */
const floorDb = -54;
const updateMs = 80;

/**
 * How loud the sound is. Only from browsers that give a copy of it: leading the sound itself through the page would silence it
 * wherever the browser does not let the page make sound yet. Elsewhere nothing is drawn, because nothing is known.
 */
export function SoundLevel({ video }: { readonly video: Capturing }) {
  const bar = useRef<HTMLDivElement>(null);
  const canMeasure = video.captureStream !== undefined && typeof AudioContext === 'function';
  useEffect(() => (canMeasure ? measure(video, bar) : undefined), [video, canMeasure]);
  if (!canMeasure) return <p class="sound-only-text">The sound is playing.</p>;
  return (
    <div class="sound-level" aria-hidden="true">
      <div ref={bar} />
    </div>
  );
}

function measure(video: Capturing, bar: { readonly current: HTMLElement | null }): () => void {
  const context = new AudioContext();
  let connected = false;
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    if (!connected) connected = connect(context, analyser, video);
    analyser.getFloatTimeDomainData(samples);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const level = Math.max(0, 1 - (20 * Math.log10(peak + 1e-6)) / floorDb);
    bar.current?.style.setProperty('--level', level.toFixed(3));
  }, updateMs);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

/** False while the element has no sound yet. */
function connect(context: AudioContext, analyser: AnalyserNode, video: Capturing): boolean {
  const stream = video.captureStream?.();
  if (stream === undefined || stream.getAudioTracks().length === 0) return false;
  context.createMediaStreamSource(stream).connect(analyser);
  return true;
}
