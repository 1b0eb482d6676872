export const securityMessages = {
  'security.no_session': { zh: '您尚未登录，请先登录。', en: 'You are not signed in. Sign in first.' },
  'security.session_expired': { zh: '登录已超时，请重新登录。未保存的内容请先复制留存。', en: 'Your session has ended. Sign in again.' },
  'security.missing_scope': {
    zh: '您以当前机构的身份没有此项权限（{scope}）。如因工作需要，请向安全管理员申请。',
    en: 'Your role in this organisation lacks the right {scope}. Ask the security administrator.',
  },
  'security.wrong_credentials': {
    zh: '登录名或口令不正确，请核对后重试。连续 5 次错误将锁定 15 分钟。',
    en: 'Wrong login name or password. Five failures lock the account for 15 minutes.',
  },
  'security.locked': {
    zh: '登录失败次数过多，已暂时锁定，请在 {minutes} 分钟后重试，或联系安全管理员解锁。',
    en: 'Locked after too many failures. Try again in {minutes} minutes or ask the security administrator.',
  },
  'security.password_must_change': {
    zh: '您使用的是一次性口令，请先修改口令再办理业务。',
    en: 'You signed in with a one-time password. Change it first.',
  },
  'security.no_membership': {
    zh: '您未被分配到该机构，请选择您所在的机构，或联系系统管理员。',
    en: 'You do not belong to that organisation. Choose one of yours.',
  },
} as const
