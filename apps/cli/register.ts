import { parseArgs } from 'node:util';
import { keptWords, registerPage } from '../register/page.ts';
import { REGISTER } from '../register/register.ts';
import { BASIS, CLASSES } from '../register/words.ts';
import { retentionRules } from '../server/app.ts';
import { type Command, common, DONE, print } from './command.ts';

/** The register of every column: as a page for people, or as JSON. Needs no database. */
export const registerCommand: Command = {
  usage: 'register [--json]',
  run: async (args) => {
    const { values } = parseArgs({ args, options: common });
    if (values.json) print(true, { columns: columnLines() }, []);
    else process.stdout.write(registerPage(retentionRules));
    return DONE;
  },
};

const columnLines = () =>
  Object.entries(REGISTER).flatMap(([table, entry]) => [
    ...entry.columns.split(' ').map((column) => ({
      table,
      column,
      purpose: entry.purpose,
      basis: BASIS[entry.basis],
      class: CLASSES[entry.class],
      kept: keptWords(entry.kept, retentionRules),
    })),
    ...Object.entries(entry.personal ?? {}).map(([column, { class: kind, what, kept, basis }]) => ({
      table,
      column,
      purpose: `${entry.purpose}：${what}`,
      basis: BASIS[basis ?? entry.basis],
      class: CLASSES[kind],
      kept: keptWords(kept ?? entry.kept, retentionRules),
    })),
  ]);
