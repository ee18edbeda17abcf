import { Link } from '@tanstack/react-router';
import { Watermark } from 'antd';
import { createContext, type ReactNode, useContext } from 'react';
import { formatDate } from './format.tsx';
import { useSession } from './session.tsx';

export interface Crumb {
  readonly label: string;
  readonly to?: string;
}

export interface PageInfo {
  readonly title: string;
  readonly crumbs: readonly Crumb[];
  readonly watermark: boolean;
}

/** The shell says which screen this is; `Page` reads it. */
export const PageContext = createContext<PageInfo>({ title: '', crumbs: [], watermark: false });

export interface PageProps {
  /** By default the title of the screen. */
  readonly title?: ReactNode;
  /** One line under the title: what this page is for, or what it counts. */
  readonly note?: ReactNode;
  /** Buttons at the right of the title. */
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}

/** A page of the workbench: breadcrumbs, title, buttons, content, and the reader's name across personal data. */
export function Page({ title, note, extra, children }: PageProps) {
  const info = useContext(PageContext);
  const heading = title ?? info.title;
  const body = (
    <div className="zz-page">
      <title>{`${info.title} · 智招`}</title>
      <header className="zz-page-head">
        <div>
          <div className="zz-title">
            <Crumbs crumbs={info.crumbs.slice(0, -1)} />
            <h1>{heading}</h1>
          </div>
          {note && <p className="zz-note">{note}</p>}
        </div>
        {extra && <div className="zz-page-extra">{extra}</div>}
      </header>
      {children}
    </div>
  );
  return info.watermark ? <NameWatermark>{body}</NameWatermark> : body;
}

/** The way here, in one line with the title: height is scarce at 768. */
function Crumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  if (crumbs.length === 0) return null;
  return (
    <nav aria-label="所在位置" className="zz-crumbs">
      {crumbs.map(({ label, to }) => (
        <span key={`${to ?? ''} ${label}`}>
          {to ? <Link to={to}>{label}</Link> : label} <i aria-hidden>/</i>
        </span>
      ))}
    </nav>
  );
}

/** The reader's name, account and date, pale across whatever shows personal data. */
export function NameWatermark({ children }: { readonly children: ReactNode }) {
  const { user } = useSession();
  return (
    <Watermark
      content={[`${user.name} ${user.username}`, formatDate(Date.now())]}
      // clip, not hidden: heads of tables stick to the page, not to this box.
      style={{ overflow: 'clip' }}
      gap={[160, 140]}
      font={{ fontSize: 13, color: 'rgba(128,138,150,0.13)' }}
    >
      {children}
    </Watermark>
  );
}

/** A quiet frame for one part of a page, with its own title and buttons. */
export function Section({ title, extra, children }: Omit<PageProps, 'note'>) {
  return (
    <section className="zz-section">
      {(title || extra) && (
        <header className="zz-section-head">
          {title && <h2>{title}</h2>}
          {extra && <div className="zz-page-extra">{extra}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
