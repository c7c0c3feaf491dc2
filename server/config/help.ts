import { namedKeys } from './schema.ts';

/** The text of `--help`: every option with its default. */
export function helpText(version: string): string {
  const settings = namedKeys.map(({ flag, key }) => {
    const shown = key.defaultText ?? String(key.default);
    return [`  ${flag} VALUE`, ...wrap(`${key.description} Default: ${shown}.`)].join('\n');
  });
  return `Sluice ${version}: RTMP in, browser out.

Usage: sluice [options]
       npm start -- [options]

  --demo
      Publish a bundled test clip in a loop, over RTMP, to live/demo.
  --config FILE
      Settings file. Default: sluice.config.yaml in the current folder, if there is one.
  --help, --version

Settings (each is also a key of the file and a SLUICE_ variable: --rtmp-port is rtmp.port and
SLUICE_RTMP_PORT; a flag wins over the environment, that over the file):

${settings.join('\n')}
`;
}

/** Lines of at most 96 columns, indented below their flag. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > 90) {
      lines.push(`      ${line}`);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, `      ${line}`];
}
