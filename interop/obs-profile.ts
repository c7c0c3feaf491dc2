import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pictureSize } from './bench.ts';
import type { Login } from './publishers.ts';

/** What a user would set in OBS's windows. */
export interface ObsSettings {
  /** Stream: Server and Stream key. */
  readonly server: string;
  readonly key: string;
  /** "Use authentication", if it is ticked. */
  readonly login?: Login | undefined;
  /** The file that is looped on the scene. */
  readonly clip: string;
  /** Stops the stream as the Stop button does, after so many seconds. 0 never stops it. */
  readonly stopAfterSeconds: number;
  readonly maxRetries: number;
}

/** Name that OBS gives to the first profile and scene collection. */
const FIRST = 'Untitled';
const ALL_MIXERS = 255;
/** Alignment bits of obs.h: left and top. */
const TOP_LEFT = 5;

/** Writes what OBS 29 expects to find below XDG_CONFIG_HOME, so that it starts without a wizard or a question. */
export function writeObsProfile(configHome: string, settings: ObsSettings): void {
  const base = join(configHome, 'obs-studio');
  const profile = join(base, 'basic/profiles', FIRST);
  const scenes = join(base, 'basic/scenes');
  for (const folder of [profile, scenes]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(base, 'global.ini'), ini(globalSettings));
  writeFileSync(join(profile, 'basic.ini'), ini(profileSettings(settings)));
  writeFileSync(join(profile, 'service.json'), JSON.stringify(service(settings)));
  writeFileSync(join(scenes, `${FIRST}.json`), JSON.stringify(sceneCollection(settings)));
}

type Ini = Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;

const globalSettings: Ini = {
  // FirstRun and LastVersion (29.0.2 as 8, 8 and 16 bits) keep the set-up wizard away; the four others the questions
  // about settings of old versions.
  General: {
    FirstRun: true,
    LastVersion: (29 << 24) | 2,
    Pre19Defaults: false,
    Pre21Defaults: false,
    Pre23Defaults: false,
    'Pre24.1Defaults': false,
    EnableAutoUpdates: false,
  },
  Basic: { Profile: FIRST, ProfileDir: FIRST, SceneCollection: FIRST, SceneCollectionFile: FIRST },
  BasicWindow: { SysTrayEnabled: true, WarnBeforeStartingStream: false, WarnBeforeStoppingStream: false },
};

function profileSettings({ maxRetries }: ObsSettings): Ini {
  const { width, height } = pictureSize;
  return {
    General: { Name: FIRST },
    // Two seconds instead of ten, so that a return can be waited for.
    Output: { Mode: 'Simple', Reconnect: true, RetryDelay: 2, MaxRetries: maxRetries },
    // The encoder as OBS sets it up by itself, with B-frames; the keyframe interval is the one that guides advise.
    SimpleOutput: {
      StreamEncoder: 'x264',
      Preset: 'veryfast',
      VBitrate: 500,
      ABitrate: 96,
      UseAdvanced: true,
      x264Settings: 'keyint=60 bframes=2',
    },
    Video: {
      BaseCX: width,
      BaseCY: height,
      OutputCX: width,
      OutputCY: height,
      FPSType: 0,
      FPSCommon: 30,
    },
    Audio: { SampleRate: 44_100, ChannelSetup: 'Stereo' },
  };
}

function service({ server, key, login }: ObsSettings) {
  const auth = login
    ? { use_auth: true, username: login.user, password: login.password }
    : { use_auth: false };
  return { type: 'rtmp_custom', settings: { server, key, ...auth } };
}

function sceneCollection({ clip, stopAfterSeconds }: ObsSettings) {
  const media = {
    id: 'ffmpeg_source',
    versioned_id: 'ffmpeg_source',
    name: 'Clip',
    mixers: ALL_MIXERS,
    volume: 1,
    enabled: true,
    settings: { local_file: clip, is_local_file: true, looping: true, hw_decode: false },
  };
  const onScene = {
    id: 1,
    name: 'Clip',
    visible: true,
    align: TOP_LEFT,
    pos: { x: 0, y: 0 },
    scale: { x: 1, y: 1 },
    rot: 0,
    bounds_type: 0,
  };
  const scene = {
    id: 'scene',
    versioned_id: 'scene',
    name: 'Scene',
    settings: { id_counter: 1, items: [onScene] },
  };
  return {
    name: FIRST,
    current_scene: 'Scene',
    current_program_scene: 'Scene',
    scene_order: [{ name: 'Scene' }],
    sources: [media, scene],
    transitions: [],
    quick_transitions: [],
    groups: [],
    // The output timer that comes with OBS presses Stop; nothing else can from outside.
    modules: {
      'output-timer': {
        autoStartStreamTimer: stopAfterSeconds > 0,
        streamTimerHours: 0,
        streamTimerMinutes: 0,
        streamTimerSeconds: stopAfterSeconds,
      },
    },
  };
}

function ini(sections: Ini): string {
  return Object.entries(sections)
    .map(([name, values]) => {
      const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');
}
