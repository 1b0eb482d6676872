import type { ThemeConfig } from 'antd'

/** Every text colour has at least 4.5:1 against its ground (WCAG AA), which antd's defaults do not reach. */
export const theme: ThemeConfig = {
  token: {
    fontFamily: '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif',
    fontSize: 14,
    borderRadius: 4,
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    colorPrimary: '#14519c',
    colorLink: '#14519c',
    colorInfo: '#14519c',
    colorSuccess: '#1b7a3d',
    colorWarning: '#9a5b00',
    colorError: '#b3261e',
    colorSuccessBg: '#e8f5ec',
    colorSuccessBorder: '#a5d3b5',
    colorWarningBg: '#fff6e5',
    colorWarningBorder: '#ecc98d',
    colorErrorBg: '#fdecea',
    colorErrorBorder: '#eeb0ab',
    colorInfoBg: '#e9f1fb',
    colorInfoBorder: '#a9c5e8',
    colorTextSecondary: 'rgba(0,0,0,0.72)',
    colorTextTertiary: 'rgba(0,0,0,0.64)',
    colorTextQuaternary: 'rgba(0,0,0,0.58)',
    colorTextPlaceholder: 'rgba(0,0,0,0.58)',
    colorTextDescription: 'rgba(0,0,0,0.64)',
    colorTextDisabled: 'rgba(0,0,0,0.56)',
    colorBorder: '#a8b0bb',
    colorBorderSecondary: '#dfe4ea',
  },
  components: { Table: { headerBg: '#eef2f7', cellPaddingBlock: 10 } },
}
