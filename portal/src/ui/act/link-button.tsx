import { Button, type ButtonProps } from 'antd'
import { useNavigate } from 'react-router'

/** A link that looks like a button, for the main way on from a page. */
export function LinkButton({ to, ...button }: { to: string } & Pick<ButtonProps, 'type' | 'size' | 'icon' | 'children'>) {
  const navigate = useNavigate()
  return (
    <Button
      {...button}
      href={to}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        navigate(to)
      }}
    />
  )
}
