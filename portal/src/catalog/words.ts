import {
  categories,
  dataTypes,
  formatCategories,
  levels,
  openTypes,
  sensitiveKinds,
  sharingModes,
  sharingTypes,
  systemStates,
  updateCycles,
} from '#contract/catalog.ts'
import { defineText } from '../ui/words.ts'

type WordsOf<T> = Record<keyof T, string>
interface CatalogWords {
  sharingType: WordsOf<typeof sharingTypes>
  openType: WordsOf<typeof openTypes>
  updateCycle: WordsOf<typeof updateCycles>
  level: WordsOf<typeof levels>
  sharingMode: WordsOf<typeof sharingModes>
  category: WordsOf<typeof categories>
  formatCategory: WordsOf<typeof formatCategories>
  dataType: WordsOf<typeof dataTypes>
  sensitiveKind: WordsOf<typeof sensitiveKinds>
  systemState: WordsOf<typeof systemStates>
  network: Record<'government_extranet' | 'internet' | 'dedicated' | 'other', string>
  hasData: Record<'yes' | 'no', string>
}

/** What the values of the catalog are called; the Chinese words are the contract's, which follow the 2017 guide. */
export const catalogWords = defineText<CatalogWords>(
  {
    sharingType: sharingTypes,
    openType: openTypes,
    updateCycle: updateCycles,
    level: levels,
    sharingMode: sharingModes,
    category: categories,
    formatCategory: formatCategories,
    dataType: dataTypes,
    sensitiveKind: sensitiveKinds,
    systemState: systemStates,
    network: { government_extranet: '电子政务外网', internet: '互联网', dedicated: '行业专网', other: '其他' },
    hasData: { yes: '已挂接数据', no: '未挂接数据' },
  },
  {
    sharingType: { unconditional: 'Shared unconditionally', conditional: 'Shared on condition', not_shared: 'Not shared' },
    openType: { open: 'Open', on_application: 'Open on application', not_open: 'Not open' },
    updateCycle: {
      realtime: 'Real time',
      daily: 'Daily',
      weekly: 'Weekly',
      monthly: 'Monthly',
      quarterly: 'Quarterly',
      half_yearly: 'Half-yearly',
      yearly: 'Yearly',
      irregular: 'Irregular',
    },
    level: {
      L1: 'General, level 1',
      L2: 'General, level 2',
      L3: 'General, level 3',
      L4: 'General, level 4',
      important: 'Important',
      core: 'Core',
    },
    sharingMode: { api: 'Service interface', table: 'Batch exchange (table)', file: 'File download' },
    category: { 1: 'Base', 2: 'Theme', 3: 'Department' },
    formatCategory: {
      1: 'Electronic document',
      2: 'Spreadsheet',
      3: 'Database',
      4: 'Image',
      5: 'Streaming media',
      6: 'Self-describing format',
      7: 'Service interface',
    },
    dataType: {
      C: 'Character',
      N: 'Numeric',
      Y: 'Currency',
      D: 'Date',
      T: 'Date and time',
      L: 'Logical',
      M: 'Memo',
      G: 'General',
      B: 'Double',
      I: 'Integer',
      F: 'Float',
    },
    sensitiveKind: {
      none: 'Not sensitive',
      name: 'Name',
      citizen_id: 'Citizen ID',
      phone: 'Telephone',
      address: 'Home address',
      birth_date: 'Date of birth',
      bank_account: 'Bank account',
      licence_plate: 'Licence plate',
      email: 'Email',
      passport: 'Passport and the like',
      social_security: 'Social security number',
      location: 'Precise location',
      income: 'Income',
      medical: 'Medical',
      biometric: 'Biometric',
      minor: 'Minor under 14',
      religion: 'Religion',
      special_identity: 'Special identity',
      other: 'Other sensitive personal information',
    },
    systemState: { planned: 'Planned', building: 'Being built', in_use: 'In use', retired: 'Retired' },
    network: { government_extranet: 'Government extranet', internet: 'Internet', dedicated: 'Dedicated network', other: 'Other' },
    hasData: { yes: 'With data', no: 'Without data' },
  },
)
