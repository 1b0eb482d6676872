/** Codes of the duty room itself; those of the clock's and calendar's rules stand in clock.ts. */
export const dutyMessages = {
  'duty.clock_running': {
    zh: '这项时限已在计算中，不能再次启动。请刷新页面查看。',
    en: 'This clock runs already. Reload the page to see it.',
  },
  'duty.calendar_other_year': {
    zh: '日历内容与所选年份 {year} 不一致，请核对后重新导入。',
    en: 'The calendar is not that of {year}. Check it and import again.',
  },
} as const
