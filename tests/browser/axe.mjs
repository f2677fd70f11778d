// axe-core in a page or frame under its strict policy: what it finds, one line each.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

let source;

// `target`: a page or a frame; `within`: a selector that bounds the search.
export default async function Violations(target, within) {
  source ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // Through the debugger's evaluate: a script element would be refused by the page's policy, as it should. Once a page.
  if (!(await target.evaluate('!!window.axe'))) await target.evaluate(source);
  return target.evaluate(async (selector) => {
    const { violations } = await window.axe.run(selector || document, { iframes: false });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
  }, within);
}
