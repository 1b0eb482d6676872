import { InboxOutlined } from '@ant-design/icons'
import { Progress, Upload } from 'antd'
import { useText } from '../language.tsx'
import { uiText } from '../text.ts'

interface FileDropProps {
  /** What files are taken, in words, and how large they may be. */
  hint: string
  /** `.xlsx,.csv` */
  accept: string
  onFile: (file: File) => void
  chosen?: string | undefined
  isRunning?: boolean
  /** 0–1 while it is sent. */
  progress?: number
}

/** One file, chosen or dropped. It only hands the file over; sending is the caller's. */
export function FileDrop({ hint, accept, onFile, chosen, isRunning = false, progress = 0 }: FileDropProps) {
  const t = useText(uiText)
  return (
    <div className="dt-file-drop">
      <Upload.Dragger
        accept={accept}
        multiple={false}
        showUploadList={false}
        disabled={isRunning}
        beforeUpload={(file) => {
          onFile(file)
          return Upload.LIST_IGNORE
        }}
      >
        <InboxOutlined aria-hidden className="dt-empty-icon" />
        <p className="dt-empty-why">{chosen ? t.chosenFile(chosen) : t.dropTitle}</p>
        <p className="dt-muted">{hint}</p>
      </Upload.Dragger>
      {isRunning && (
        <div role="status">
          <Progress percent={Math.round(progress * 100)} aria-label={t.uploading(Math.round(progress * 100))} />
        </div>
      )}
    </div>
  )
}
