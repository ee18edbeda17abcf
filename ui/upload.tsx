import type { RouteInput, RouteReply, RouteSpec } from '#platform/http/route';
import { type CallArgs, headersFor, newKey, toApiError, urlOf, withGate } from './request.tsx';

export interface UploadParts {
  /** Sent as form parts `file`, each with its path inside the chosen folder as the file name. */
  readonly files: readonly File[];
  readonly fields?: Readonly<Record<string, string>>;
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

/** Uploads files to a route of kind `upload`, as multipart form data, with progress. Fields stand before the files. */
export function upload<R extends RouteSpec>(
  route: R,
  input: RouteInput<R> | undefined,
  parts: UploadParts,
): Promise<RouteReply<R>> {
  const key = newKey();
  const form = new FormData();
  for (const [name, value] of Object.entries(parts.fields ?? {})) form.append(name, value);
  for (const file of parts.files) form.append('file', file, file.webkitRelativePath || file.name);
  const url = urlOf(route, ...([input] as unknown as CallArgs<R>));
  return withGate(() => post(route, { url, key, form }, parts)) as Promise<RouteReply<R>>;
}

interface Posting {
  readonly url: string;
  readonly key: string;
  readonly form: FormData;
}

/** XMLHttpRequest, because fetch still cannot report how much has been sent. */
function post(route: RouteSpec, { url, key, form }: Posting, parts: UploadParts): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(route.method, url);
    for (const [name, value] of Object.entries(headersFor(route, key, false))) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => parts.onProgress?.(event.loaded, event.total);
    request.onerror = () => reject(toApiError(0, null));
    request.onabort = () => reject(new DOMException('upload cancelled', 'AbortError'));
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body ?? undefined);
      else reject(toApiError(request.status, body));
    };
    parts.signal?.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
