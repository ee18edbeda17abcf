import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sectionLabels } from '#ui/screen';
import { readSources, root } from '../../tools/source-tree.ts';
import { screens } from './routes.tsx';

const PLACE = /“([^”“>/]+) (?:>|\/) ([^”“>/]+?)(?: > [^”“]+)?”/g;
const sections: ReadonlySet<string> = new Set(Object.values(sectionLabels));
const entries: ReadonlySet<string> = new Set(
  screens.flatMap(({ menu, title }) =>
    menu ? [`“${sectionLabels[menu.section]} > ${menu.label ?? title}”`] : [],
  ),
);

/** Places of the menu that a text sends its reader to: “设置 > 招生季”, also where a third step names a tab. */
const placesIn = (text: string): { said: string; entry: string }[] =>
  [...text.matchAll(PLACE)]
    .filter(([, section = '']) => sections.has(section))
    .map(([said, section, page]) => ({
      said,
      entry: said.includes(' / ') ? said : `“${section} > ${page}”`,
    }));

const guides = readdirSync(join(root, 'docs/guide')).map((name) => {
  const path = join('docs/guide', name);
  return { path, text: readFileSync(join(root, path), 'utf8') };
});

test('every sentence that sends somebody to a page names a place that stands in the menu', () => {
  const texts = [...readSources().filter(({ path }) => !path.includes('.test.')), ...guides];
  const said = texts.flatMap(({ path, text }) => placesIn(text).map((place) => ({ path, ...place })));
  expect(said.length).toBeGreaterThan(60);
  expect(said.filter(({ entry }) => !entries.has(entry)).map(({ path, said }) => `${path} ${said}`)).toEqual(
    [],
  );
});
