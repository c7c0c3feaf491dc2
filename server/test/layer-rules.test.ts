import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

// The table of who may import whom lives in biome.json. A pattern that matches nothing looks like a rule and is none,
// so each layer is shown a file that breaks it and one that keeps it.

const root = join(import.meta.dirname, '../../..');

interface Layer {
  /** Imports that must be refused. */
  readonly denied: readonly string[];
  /** Imports that must be let through. */
  readonly allowed: readonly string[];
  /** Globals that must be refused. */
  readonly globals?: readonly string[];
}

const impureGlobals = ['Buffer', 'process', 'setTimeout', 'setInterval', 'performance', 'Date'];

const layers: Readonly<Record<string, Layer>> = {
  'shared/bytes': { denied: ['node:fs', '../amf/x.ts', 'typebox'], allowed: ['./x.ts'] },
  'shared/net': { denied: ['node:net', '../bytes/x.ts', 'typebox'], allowed: ['./x.ts'] },
  'shared/amf': { denied: ['node:buffer', '../flv/x.ts'], allowed: ['../bytes/x.ts'] },
  'shared/codec': { denied: ['../flv/x.ts', '../media/x.ts'], allowed: ['../bytes/x.ts'] },
  'shared/flv': { denied: ['../media/x.ts', '../contract/x.ts'], allowed: ['../amf/x.ts', '../codec/x.ts'] },
  'shared/media': { denied: ['../contract/x.ts', '../../server/hub/x.ts'], allowed: ['../flv/x.ts'] },
  'shared/contract': { denied: ['../media/x.ts', 'fastify', 'node:fs'], allowed: ['typebox', './x.ts'] },
  'server/rtmp': {
    denied: ['node:net', '../hub/x.ts', '../../shared/contract/x.ts'],
    allowed: ['../../shared/amf/x.ts', '../../shared/flv/x.ts'],
    globals: impureGlobals,
  },
  'server/hub': {
    denied: ['node:events', '../api/x.ts', '../rtmp/x.ts', '../../shared/contract/x.ts', 'pino'],
    allowed: ['../../shared/media/x.ts', './x.ts'],
    globals: impureGlobals,
  },
  'server/output': {
    denied: ['node:stream', '../transport/x.ts', '../ops/x.ts'],
    allowed: ['../hub/x.ts', '../rtmp/x.ts'],
    globals: impureGlobals,
  },
  'server/transport': {
    denied: ['../api/x.ts', '../ops/x.ts', '../app.ts'],
    allowed: ['../output/x.ts', '../hub/x.ts', 'node:net', 'fastify'],
  },
  'server/transport/listener': {
    denied: ['../../hub/x.ts', '../flv/x.ts', '../../api/x.ts'],
    allowed: ['../connection/x.ts', '../x.ts', '../../rtmp/x.ts', 'node:net'],
  },
  'server/transport/connection': {
    denied: ['../listener/x.ts', '../flv/x.ts', '../../ops/x.ts'],
    allowed: ['../x.ts', '../../hub/x.ts', '../../output/x.ts', '../../../shared/media/x.ts'],
  },
  'server/transport/flv': {
    denied: ['../../rtmp/x.ts', '../connection/x.ts', '../../api/x.ts'],
    allowed: ['../x.ts', '../../hub/x.ts', 'fastify'],
  },
  'server/transport/client': {
    denied: ['../../hub/x.ts', '../connection/x.ts', 'fastify'],
    allowed: ['../x.ts', '../../rtmp/x.ts', 'node:tls'],
  },
  'server/transport/demo': {
    denied: ['../../hub/x.ts', '../connection/x.ts'],
    allowed: ['../client/x.ts', '../../../shared/flv/x.ts', 'node:fs/promises'],
  },
  'server/http': {
    denied: ['../hub/x.ts', '../api/x.ts', '../transport/x.ts'],
    allowed: ['../../shared/contract/x.ts', '../../shared/net/x.ts', 'ws', 'node:http'],
  },
  'server/cluster': {
    denied: ['../api/x.ts', '../ops/x.ts', '../rtmp/x.ts', '../app.ts'],
    allowed: ['../transport/x.ts', '../hub/x.ts', '../output/x.ts', 'node:child_process'],
  },
  'server/ops': {
    denied: ['../transport/x.ts', '../output/x.ts', '../api/x.ts', '../app.ts'],
    allowed: ['../hub/x.ts', '../config/x.ts', 'node:fs', 'selfsigned'],
  },
  'server/config': {
    denied: ['../ops/x.ts', '../hub/x.ts', 'fastify'],
    allowed: ['../../shared/contract/x.ts', 'yaml', 'node:path'],
  },
  'server/api': {
    denied: ['../transport/x.ts', '../rtmp/x.ts', '../output/x.ts', '../app.ts'],
    allowed: ['../hub/x.ts', '../ops/x.ts', '../../shared/contract/x.ts', '@fastify/static'],
  },
  'web/src/components': {
    denied: ['../api/x.ts', '../state/x.ts', '../player/x.ts'],
    allowed: ['preact', '../format/x.ts'],
  },
  'web/src/state': {
    denied: ['../api/x.ts', '../components/x.tsx', 'preact'],
    allowed: ['@preact/signals', '../../../shared/contract/x.ts'],
  },
  'web/src/input': { denied: ['../player/x.ts', '../state/x.ts', 'preact'], allowed: ['./x.ts'] },
  'web/src/api': { denied: ['../state/x.ts', 'preact'], allowed: ['../../../shared/contract/x.ts'] },
  'web/src/player': { denied: ['../pages/x.tsx', '../api/x.ts', 'preact'], allowed: ['./x.ts', 'flv.js'] },
};

interface Report {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly location: { readonly path: unknown };
  }[];
}

let folder: string;
/** `path rule` of everything that was found. */
let found: readonly string[];

const fileFor = (layer: string, kind: string, index: number) => `${layer}/${kind}-${index}.ts`;
const importing = (path: string) => `import { thing } from '${path}';\n\nexport const used = thing;\n`;
const naming = (name: string) => `export const used = ${name};\n`;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** One run for all snippets, in a folder of their own under the real rules. */
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-layers-'));
  copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
  // Biome refuses to start when the ignore file that its settings ask for is missing or empty.
  write('.gitignore', 'node_modules/\n');
  for (const [layer, { denied, allowed, globals = [] }] of Object.entries(layers)) {
    denied.forEach((path, index) => {
      write(fileFor(layer, 'denied', index), importing(path));
      write(fileFor(layer, 'denied', index).replace('.ts', '.test.ts'), importing(path));
    });
    allowed.forEach((path, index) => {
      write(fileFor(layer, 'allowed', index), importing(path));
    });
    globals.forEach((name, index) => {
      write(fileFor(layer, 'global', index), naming(name));
    });
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const report = JSON.parse(stdout) as Report;
  found = report.diagnostics.map(
    ({ category, location }) => `${String(location.path).replaceAll('\\', '/')} ${category}`,
  );
});
after(() => rmSync(folder, { recursive: true, force: true }));

function refused(path: string, rule: string): boolean {
  return found.includes(`${path} lint/style/${rule}`);
}

describe('the rules of who may import whom', () => {
  for (const [layer, { denied, allowed, globals = [] }] of Object.entries(layers)) {
    it(`fire in ${layer}`, () => {
      denied.forEach((path, index) => {
        assert(refused(fileFor(layer, 'denied', index), 'noRestrictedImports'), `${layer} imported ${path}`);
      });
      globals.forEach((name, index) => {
        assert(refused(fileFor(layer, 'global', index), 'noRestrictedGlobals'), `${layer} used ${name}`);
      });
    });

    it(`let ${layer} import what it may, and its tests anything`, () => {
      allowed.forEach((path, index) => {
        assert(!refused(fileFor(layer, 'allowed', index), 'noRestrictedImports'), `${layer} needs ${path}`);
      });
      denied.forEach((path, index) => {
        const test = fileFor(layer, 'denied', index).replace('.ts', '.test.ts');
        assert(!refused(test, 'noRestrictedImports'), `a test in ${layer} needs ${path}`);
      });
    });
  }

  it('are shown here for every layer that has some', () => {
    const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as {
      overrides: { includes: string[]; linter: { rules: { style?: object } } }[];
    };
    const ruled = config.overrides
      .filter(({ linter }) => 'noRestrictedImports' in (linter.rules.style ?? {}))
      .map(({ includes }) => includes[0]?.replace(/\/\*\*?$/, ''));
    assert.deepEqual(Object.keys(layers).sort(), ruled.sort());
  });
});
