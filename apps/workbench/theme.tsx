import { theme as antTheme, type ThemeConfig } from 'antd';
import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'light' | 'dark' | 'system';

export const themeLabels = { light: '浅色', dark: '深色', system: '跟随系统' } as const satisfies Record<
  ThemeChoice,
  string
>;

const place = 'zhizhao.theme';
const darkSystem = window.matchMedia('(prefers-color-scheme: dark)');
const lessMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
const listeners = new Set<() => void>();

const readChoice = (): ThemeChoice => {
  const stored = localStorage.getItem(place);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
};

export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(place, choice);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  darkSystem.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    darkSystem.removeEventListener('change', listener);
  };
}

const snapshot = (): `${ThemeChoice}/${'light' | 'dark'}` => {
  const choice = readChoice();
  const dark = choice === 'dark' || (choice === 'system' && darkSystem.matches);
  return `${choice}/${dark ? 'dark' : 'light'}`;
};

/** What the person chose, and whether that is dark now. */
export function useThemeChoice(): { choice: ThemeChoice; isDark: boolean } {
  const [choice, shown] = useSyncExternalStore(subscribe, snapshot).split('/') as [ThemeChoice, string];
  return { choice, isDark: shown === 'dark' };
}

const fontFamily =
  '"PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "Hiragino Sans GB", system-ui, sans-serif';

/** The look: ink blue on warm grey, quiet borders, small radius. Contrast AA in both modes. */
export function themeConfig(isDark: boolean): ThemeConfig {
  const link = isDark ? '#84baea' : '#1f5a8c';
  return {
    cssVar: { key: 'zz-theme' },
    hashed: false,
    algorithm: isDark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      fontFamily,
      fontSize: 14,
      borderRadius: 6,
      colorPrimary: isDark ? '#3f86c4' : '#1f5a8c',
      colorLink: link,
      // By rule a hovered link grows paler than AA allows on white.
      colorLinkHover: isDark ? '#a9d0f3' : '#17466f',
      colorLinkActive: isDark ? '#a9d0f3' : '#17466f',
      colorInfo: isDark ? '#74b3ee' : '#1f5a8c',
      colorSuccess: isDark ? '#4caf7d' : '#217a4b',
      colorWarning: isDark ? '#e0a33a' : '#945a00',
      colorError: isDark ? '#ef7470' : '#c0322f',
      ...(isDark
        ? {}
        : {
            // Tints of a dark primary come out grey by rule; these are chosen.
            colorPrimaryBg: '#e6eff7',
            colorPrimaryBgHover: '#d6e5f2',
            colorPrimaryBorder: '#a9c8e2',
            colorWarningBg: '#fff6e5',
            colorWarningBorder: '#ecd3a0',
            colorErrorBg: '#fdf0ef',
            colorErrorBorder: '#eebfbd',
            // The rule lightens it below what can be read on white.
            colorErrorHover: '#a92b28',
            colorSuccessBg: '#eaf6ef',
            colorSuccessBorder: '#b4dcc5',
            colorInfoBg: '#eaf2f9',
            colorInfoBorder: '#b9d3e8',
          }),
      colorBgLayout: isDark ? '#101317' : '#f3f5f7',
      ...(isDark
        ? {
            colorBgBase: '#15191e',
            colorTextBase: '#e6eaee',
            colorBgContainer: '#1a1f25',
            colorBgElevated: '#22282f',
            colorBorder: '#3b444e',
            colorBorderSecondary: '#2a3139',
            colorTextSecondary: '#b7c0c9',
            colorTextDescription: '#98a3af',
            colorTextTertiary: '#98a3af',
            colorTextPlaceholder: '#8b96a2',
            colorPrimaryBg: '#1d3448',
          }
        : {
            colorTextBase: '#16202b',
            colorTextDescription: '#5a6673',
            colorTextTertiary: '#5a6673',
            colorTextPlaceholder: '#68737f',
          }),
      motion: !lessMotion.matches,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.18s',
      controlItemBgActive: isDark ? '#1d3448' : '#e3edf6',
    },
    components: {
      Menu: {
        itemHeight: 34,
        itemMarginInline: 8,
        itemBorderRadius: 6,
        subMenuItemBg: 'transparent',
        itemSelectedColor: link,
        subMenuItemSelectedColor: link,
      },
      Table: {
        cellPaddingBlock: 11,
        cellPaddingBlockMD: 7,
        cellPaddingBlockSM: 4,
        cellPaddingInlineMD: 8,
        headerBg: isDark ? '#20262d' : '#f6f8fa',
      },
      Tabs: { itemSelectedColor: link, itemHoverColor: link, horizontalMargin: '0 0 12px 0' },
      Form: { itemMarginBottom: 16, verticalLabelPadding: '0 0 4px' },
      Dropdown: { colorPrimary: link },
      Pagination: { itemActiveColor: link, itemActiveColorHover: link },
      ...(isDark ? { Badge: { colorError: '#b8413e' } } : {}),
      Button: { dangerColor: isDark ? '#1d0807' : '#fff' },
      Layout: { siderBg: 'transparent', headerBg: 'transparent' },
    },
  };
}
