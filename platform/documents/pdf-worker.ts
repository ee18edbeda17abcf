import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

/** One document to set: a Typst template that reads its values with `json(bytes(sys.inputs.data))`. */
export interface PdfTask {
  readonly id: number;
  readonly template: string;
  readonly data: string;
  /** `svg`: the first page as a picture, text as outlines, for a look on the screen. */
  readonly form: 'pdf' | 'svg';
}

export type PdfDone =
  | { readonly id: number; readonly pdf: Uint8Array }
  | { readonly id: number; readonly error: string };

const { resolve } = createRequire(import.meta.url);
const folder = (family: string, weight: string): string =>
  join(dirname(resolve(`${family}/package.json`)), weight);

const compiler = NodeCompiler.create({
  fontArgs: [
    {
      fontPaths: [
        folder('@expo-google-fonts/noto-serif-sc', '400Regular'),
        folder('@expo-google-fonts/noto-serif-sc', '700Bold'),
        folder('@expo-google-fonts/noto-sans-sc', '400Regular'),
        folder('@expo-google-fonts/noto-sans-sc', '700Bold'),
      ],
    },
  ],
});
const CACHE_GENERATIONS = 30;

parentPort?.on('message', (task: PdfTask) => {
  parentPort?.postMessage(render(task));
  compiler.evictCache(CACHE_GENERATIONS);
});

function render({ id, template, data, form }: PdfTask): PdfDone {
  const compiled = compiler.compile({ mainFileContent: template, inputs: { data } });
  const { result } = compiled;
  if (result)
    return { id, pdf: form === 'pdf' ? compiler.pdf(result) : Buffer.from(compiler.plainSvg(result)) };
  const faults = compiled.takeDiagnostics();
  const messages = faults
    ? compiler.fetchDiagnostics(faults).map((fault: { message: string }) => fault.message)
    : [];
  return { id, error: messages.join('; ') };
}
