import { defineText } from '../ui/index.ts'

/** Words that several pages of the room use. */
export const ingestionText = defineText(
  {
    room: '汇聚',
    list: (words: readonly string[]) => words.join('、'),
    entry: '目录',
    source: '数据源',
    object: '表或文件',
    state: '状态',
    actions: '操作',
    org: '所属单位',
    open: '查看',
    unknown: '未知',
    kind: {
      postgresql: 'PostgreSQL（含人大金仓、openGauss）',
      mysql: 'MySQL / MariaDB',
      clickhouse: 'ClickHouse',
      sqlite: 'SQLite 数据库文件',
      folder: '服务器文件夹',
      upload: '上传文件',
    },
    objectKind: { table: '数据表', view: '视图', file: '文件' },
    emptyValue: '（空）',
  },
  {
    room: 'Ingestion',
    list: (words: readonly string[]) => words.join(', '),
    entry: 'Entry',
    source: 'Source',
    object: 'Table or file',
    state: 'State',
    actions: 'Actions',
    org: 'Organisation',
    open: 'Open',
    unknown: 'Unknown',
    kind: {
      postgresql: 'PostgreSQL (also Kingbase, openGauss)',
      mysql: 'MySQL / MariaDB',
      clickhouse: 'ClickHouse',
      sqlite: 'SQLite database file',
      folder: 'Folder of the server',
      upload: 'Uploaded files',
    },
    objectKind: { table: 'Table', view: 'View', file: 'File' },
    emptyValue: '(empty)',
  },
)
