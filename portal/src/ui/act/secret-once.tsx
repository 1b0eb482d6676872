import { Alert, Button, Input, type InputRef, Space } from 'antd'
import { useRef, useState } from 'react'
import { useText } from '../language.tsx'
import { uiText } from '../text.ts'

interface SecretOnceProps {
  label: string
  secret: string
  /** That it is shown only once, and how it is to be handed over. */
  warning: string
}

/** A secret that the server shows once: to copy or to print, never kept by the portal. */
export function SecretOnce({ label, secret, warning }: SecretOnceProps) {
  const t = useText(uiText)
  const [isCopied, setCopied] = useState(false)
  const input = useRef<InputRef>(null)
  const copy = async () => {
    // Over plain HTTP, as inside many government networks, browsers offer no clipboard: the text is selected instead.
    if (navigator.clipboard) await navigator.clipboard.writeText(secret)
    else input.current?.select()
    setCopied(navigator.clipboard !== undefined)
  }
  return (
    <div className="dt-secret">
      <Alert type="warning" showIcon title={warning} />
      <Space.Compact block>
        <Input
          size="large"
          ref={input}
          aria-label={label}
          value={secret}
          readOnly
          onFocus={(event) => event.target.select()}
          className="dt-mono"
        />
        <Button size="large" type="primary" onClick={copy}>
          {isCopied ? t.copied : t.copy}
        </Button>
        <Button size="large" onClick={() => window.print()}>
          {t.print}
        </Button>
      </Space.Compact>
    </div>
  )
}
