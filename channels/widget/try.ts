/** A plain page with everything that the widget can do, under a strict policy: to look at it, and to copy the line that a site needs. */
import { html } from 'hono/html'
import { language, t } from '#kernel/messages.ts'
import type { At } from './guard.ts'
import { lookOf } from './look.ts'

/** No word of script or style in the page: what works here works under any policy that has these two lines. */
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export async function tryPage({ call, called: { account } }: At): Promise<Response> {
  const { name } = lookOf(account)
  const source = `${call.origin}/widget/script.js`
  const embed = `<script src="${source}" data-account="${account.id}" async></script>`
  const lines = `script-src ${call.origin}; connect-src ${call.origin}`
  const page = html`<!doctype html>
<html lang="${language()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${name}</title>
<script src="/widget/script.js" data-account="${account.id}" async></script>
</head>
<body>
<main>
<h1>${name}</h1>
<p>${t('widget.tryEmbed')}</p>
<pre>${embed}</pre>
<p>${t('widget.tryPolicy')}</p>
<pre>${lines}</pre>
<h2>${t('widget.tryShare')}</h2>
<pre>${'<div data-trefoil="share"></div>'}</pre>
<div data-trefoil="share"></div>
<h2>${t('widget.tryContact')}</h2>
<pre>${'<div data-trefoil="contact"></div>'}</pre>
<div data-trefoil="contact"></div>
<h2>${t('widget.tryComments')}</h2>
<pre>${'<div data-trefoil="comments"></div>'}</pre>
<div data-trefoil="comments"></div>
</main>
</body>
</html>`
  return new Response(String(await page), { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy } })
}
