/** A canvas above the video that keeps the last picture while one engine is gone and the next is not there yet. */
export class FrameFreeze {
  readonly canvas = document.createElement('canvas');

  constructor() {
    this.canvas.hidden = true;
    this.canvas.setAttribute('aria-hidden', 'true');
  }

  /** Copies what the video shows now. */
  take(video: HTMLVideoElement): void {
    if (video.videoWidth === 0 || video.readyState < 2) return;
    this.canvas.width = video.videoWidth;
    this.canvas.height = video.videoHeight;
    this.canvas.getContext('2d')?.drawImage(video, 0, 0);
    this.canvas.hidden = false;
  }

  clear(): void {
    this.canvas.hidden = true;
  }
}
