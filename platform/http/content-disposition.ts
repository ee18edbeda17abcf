import { safeName } from '#platform/files/files';

/** Signs that RFC 5987 wants written as bytes and encodeURIComponent leaves. */
const LEFT = /['()*!]/g;

/** How a browser takes a file and under which name. Whatever stands in the name, the header stays one line with one name (ASVS 5.4.2). */
export const disposition = (how: 'attachment' | 'inline', name: string): string =>
  `${how}; filename*=UTF-8''${encodeURIComponent(safeName(name)).replace(LEFT, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`;
