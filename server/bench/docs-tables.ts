/**
 * Puts text between the two comments that name a place in a Markdown page:
 *   `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`
 */
export function replaceSection(page: string, name: string, text: string): string {
  const open = `<!-- bench:${name} -->`;
  const close = `<!-- /bench:${name} -->`;
  const from = page.indexOf(open);
  const to = page.indexOf(close);
  if (from === -1 || to < from) throw new Error(`the page has no place for "${name}"`);
  return `${page.slice(0, from + open.length)}\n\n${text}\n\n${page.slice(to)}`;
}
