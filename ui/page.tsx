import { Link } from '@tanstack/react-router';
import { Breadcrumb, Watermark } from 'antd';
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
      {info.crumbs.length > 1 && <Breadcrumb items={info.crumbs.map(crumbItem)} />}
      <header className="zz-page-head">
        <div>
          <h1>{heading}</h1>
          {note && <p className="zz-note">{note}</p>}
        </div>
        {extra && <div className="zz-page-extra">{extra}</div>}
      </header>
      {children}
    </div>
  );
  return info.watermark ? <NameWatermark>{body}</NameWatermark> : body;
}

const crumbItem = ({ label, to }: Crumb) => ({
  key: label,
  title: to ? <Link to={to}>{label}</Link> : label,
});

/** The reader's name, account and date, pale across whatever shows personal data. */
export function NameWatermark({ children }: { readonly children: ReactNode }) {
  const { user } = useSession();
  return (
    <Watermark
      content={[`${user.name} ${user.username}`, formatDate(Date.now())]}
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
