import type { Item } from '#contract/catalog.ts'
import { itemFields } from '#contract/catalog-fields.ts'
import { type Column, DataTable, ToneTag, useLanguage, useText, wholeList } from '../../ui/index.ts'
import { catalogText } from '../text.ts'
import { catalogWords } from '../words.ts'
import { entryText } from './text.ts'

/** Every field of every item, in the order of the contract. */
export function ItemTable({ items }: { items: Item[] }) {
  const t = useText(entryText).page
  const shared = useText(catalogText)
  const words = useText(catalogWords)
  const { language } = useLanguage()
  const lengthOf = (item: Item) => [item.length, item.scale].filter((part) => part !== null).join(',')
  const columns: Column<Item & { index: number }>[] = [
    { key: 'index', title: '#', width: 48, render: (item) => item.index },
    { key: 'name', title: itemFields.name[language], render: (item) => item.name },
    { key: 'code', title: itemFields.code[language], render: (item) => <span className="dt-mono">{item.code}</span> },
    { key: 'dataType', title: itemFields.dataType[language], render: (item) => words.dataType[item.dataType] },
    { key: 'length', title: itemFields.length[language], render: lengthOf },
    {
      key: 'isKey',
      title: itemFields.isKey[language],
      render: (item) => item.isKey && <ToneTag tone="progress">{shared.yes}</ToneTag>,
    },
    {
      key: 'isRequired',
      title: itemFields.isRequired[language],
      render: (item) => item.isRequired && <ToneTag tone="neutral">{shared.yes}</ToneTag>,
    },
    { key: 'level', title: itemFields.level[language], render: (item) => words.level[item.level] },
    {
      key: 'sensitiveKind',
      title: itemFields.sensitiveKind[language],
      render: (item) =>
        item.sensitiveKind === 'none' ? (
          words.sensitiveKind.none
        ) : (
          <ToneTag tone="warning">{words.sensitiveKind[item.sensitiveKind]}</ToneTag>
        ),
    },
    { key: 'dictionary', title: itemFields.dictionary[language], render: (item) => item.dictionary },
    { key: 'unit', title: itemFields.unit[language], render: (item) => item.unit },
    { key: 'description', title: itemFields.description[language], render: (item) => item.description },
  ]
  return (
    <DataTable
      label={t.items(items.length)}
      size="small"
      list={wholeList(items.map((item, index) => ({ ...item, index: index + 1 })))}
      columns={columns}
      rowKey={(item) => String(item.index)}
      empty={{ why: t.noItems, todo: t.noItemsTodo }}
    />
  )
}
