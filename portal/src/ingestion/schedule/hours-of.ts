import dayjs from 'dayjs'

/** A night goes from noon to noon and has the date of its morning. */
export const hoursOf = (night: string): [string, string] => [
  `${dayjs(night).subtract(1, 'day').format('YYYY-MM-DD')} 12:00`,
  `${night} 12:00`,
]
