/** The few pages that the host writes itself; they need no script and no file. */

const page = (title: string, body: string, head = '') => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${head}<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem }
code { background: #8883; padding: .1em .35em; border-radius: .25em }
input, button { font: inherit; padding: .4em .6em }
</style>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`;

export const notBuiltPage = page(
  'The pages are not built',
  `<p>The studio runs, but there are no pages to show yet. In its folder, run</p>
<p><code>npm run build:pages</code></p>
<p>and load this page again. <code>npm start</code> does this by itself.</p>`,
);

export function refusalPage(message: string, askForToken: boolean): string {
  const form = `<p>Open the whole address that was printed when it started, or give the token here:</p>
<form method="get" action="/">
<label>Token <input name="token" autocomplete="off" size="45" required autofocus></label>
<button>Open</button>
</form>`;
  return page('Contrast Studio', `<p>${escapeHtml(message)}</p>\n${askForToken ? form : ''}`);
}

/** Goes on to `target` by itself. */
export function welcomePage(target: string): string {
  const to = escapeHtml(target);
  return page(
    'Contrast Studio',
    `<p><a href="${to}">Open the studio</a></p>`,
    `<meta http-equiv="refresh" content="0;url=${to}">\n`,
  );
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
