import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

/** Compiled to dist/server/test: three folders below the package. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const notOurs = new Set(['node_modules', 'dist', 'data', 'test-results', 'playwright-report']);

const pages = markdownFiles(root).map((path) => {
  const text = readFileSync(path, 'utf8');
  return { path, name: relative(root, path), text, prose: text.replace(/^```.*?^```/gms, '') };
});

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return notOurs.has(entry.name) || entry.name.startsWith('.') ? [] : markdownFiles(path);
    }
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** As GitHub makes the anchor of a heading. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map((match) => match[1]!.toLowerCase());
  return headings.map((heading) => heading.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-'));
}

it('every link between the pages leads to a file that is there, and to a heading of it', () => {
  let links = 0;
  for (const { path, name, prose } of pages) {
    for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const to = file === '' ? path : join(dirname(path), file);
      assert(existsSync(to), `${name}: ${target} is not there`);
      if (anchor !== undefined) {
        assert(
          anchorsOf(readFileSync(to, 'utf8')).includes(anchor),
          `${name}: ${target} has no such heading`,
        );
      }
      links += 1;
    }
  }
  assert(links > 0);
});

it('every npm script that a page names is one of package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  let named = 0;
  for (const { name, text } of pages) {
    for (const [said, script = ''] of text.matchAll(
      /\bnpm (?:run )?(start\b|test\b|(?<=run )[a-z][a-z0-9:-]*)/g,
    )) {
      assert(script in scripts, `${name}: ${said} is no script of package.json`);
      named += 1;
    }
  }
  assert(named > 0);
});
