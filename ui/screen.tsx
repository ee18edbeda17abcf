import type { ComponentType, LazyExoticComponent, ReactNode } from 'react';
import type { z } from 'zod';

/** Sections of the left navigation, by job and in this order. */
export const sectionLabels = {
  work: '我的工作',
  candidates: '考生',
  followUp: '回访',
  admission: '录检',
  supervision: '督查',
  team: '团队',
  reports: '统计',
  settings: '设置',
} as const;

export type Section = keyof typeof sectionLabels;

/** A permission name, any one of several, or `signed_in` for everyone who is signed in. */
export type ScreenPermission = string | readonly string[];

export interface MenuEntry {
  readonly section: Section;
  /** Left out, the title of the screen stands in the menu. */
  readonly label?: string;
  readonly icon: ReactNode;
  /** Ascending within its section. */
  readonly order: number;
}

/** One page of the workbench. A module lists its own in `modules/X/screens/index.tsx`. */
export interface Screen {
  /** Absolute, in the router's form: `/candidates`, `/deliveries/$deliveryId`. */
  readonly path: string;
  readonly title: string;
  readonly permission: ScreenPermission;
  readonly menu?: MenuEntry;
  /** Path of the screen one step up in the breadcrumbs, for pages without a menu entry. */
  readonly parent?: string;
  /** Shows the reader's name across the page: true on every page with personal data. */
  readonly watermark?: boolean;
  /** The call screen needs the whole height; such a page has no padding and no breadcrumbs. */
  readonly bare?: boolean;
  readonly component: LazyExoticComponent<ComponentType>;
  /** Cleans the query string on entry; the screen itself reads it with `useUrlState`. */
  readonly search?: z.ZodType<Record<string, unknown>>;
}

/** A card on 我的工作, shown to those who hold the permission. */
export interface HomeCard {
  readonly key: string;
  readonly permission: ScreenPermission;
  readonly order: number;
  /** Width in quarters of the row. */
  readonly span?: 1 | 2 | 3 | 4;
  readonly component: LazyExoticComponent<ComponentType>;
}

/** One line of 待办 on the home page. */
export interface TaskLine {
  /** Nothing is shown for zero. */
  readonly count: number;
  /** 条, 名, 个. */
  readonly unit: string;
  /** What waits: 请假申请等您审批. */
  readonly label: string;
  readonly note?: string;
  /** Where it is done, with its query string. */
  readonly to: string;
  /** Late, or stops somebody else. */
  readonly isUrgent?: boolean;
}

/** Work that waits for whoever holds the permission; asked for when the home page opens and every minute after. */
export interface HomeTask {
  readonly key: string;
  readonly permission: ScreenPermission;
  readonly order: number;
  readonly load: (asker: {
    readonly userId: string;
    readonly signal: AbortSignal;
  }) => Promise<readonly TaskLine[]>;
}

export interface SearchHit {
  readonly key: string;
  readonly title: string;
  /** Second line, masked where it is personal. */
  readonly hint?: string;
  /** Address in the workbench, with its query string. */
  readonly to: string;
  /** What the page is to look for, where no address may say it. */
  readonly words?: Readonly<Record<string, string>>;
}

/** Adds hits to the command palette (`/` or Ctrl+K). */
export interface SearchProvider {
  readonly key: string;
  readonly label: string;
  readonly permission: ScreenPermission;
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly SearchHit[]>;
}

/** What `modules/X/screens/index.tsx` exports, by name. */
export interface ModuleScreens {
  readonly screens: readonly Screen[];
  readonly homeCards?: readonly HomeCard[];
  /** In a file of their own, which the home page loads: they need the routes of the module. */
  readonly homeTasks?: () => Promise<{ readonly homeTasks: readonly HomeTask[] }>;
  readonly searchProviders?: readonly SearchProvider[];
}
