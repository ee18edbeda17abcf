import { Worker } from 'node:worker_threads';
import type { PdfDone, PdfTask } from './pdf-worker.ts';

interface Waiting {
  readonly resolve: (pdf: Buffer) => void;
  readonly reject: (error: Error) => void;
}

let worker: Worker | undefined;
let count = 0;
const waiting = new Map<number, Waiting>();

/**
 * Sets a document in a thread of its own, so that the server goes on answering. `template` is Typst text that reads its
 * values with `#let data = json(bytes(sys.inputs.data))`: values are data there and never code. Fonts: "Noto Serif SC"
 * and "Noto Sans SC", regular and bold. Throws when the template is wrong.
 */
export const renderPdf = (template: string, data: unknown): Promise<Buffer> => render(template, data, 'pdf');

/** The same document as a picture (SVG without script), to look at before it is made. */
export const renderSvg = (template: string, data: unknown): Promise<Buffer> => render(template, data, 'svg');

function render(template: string, data: unknown, form: PdfTask['form']): Promise<Buffer> {
  worker ??= startWorker();
  count += 1;
  const task: PdfTask = { id: count, template, data: JSON.stringify(data), form };
  const done = new Promise<Buffer>((resolve, reject) => waiting.set(task.id, { resolve, reject }));
  worker.ref();
  worker.postMessage(task);
  return done;
}

function startWorker(): Worker {
  const started = new Worker(new URL('./pdf-worker.ts', import.meta.url));
  started.on('message', (done: PdfDone) => {
    const task = waiting.get(done.id);
    waiting.delete(done.id);
    if (waiting.size === 0) started.unref();
    if ('pdf' in done) task?.resolve(Buffer.from(done.pdf));
    else task?.reject(new Error(`document not set: ${done.error}`));
  });
  started.on('error', (error) => {
    worker = undefined;
    for (const task of waiting.values()) task.reject(error);
    waiting.clear();
  });
  return started;
}
