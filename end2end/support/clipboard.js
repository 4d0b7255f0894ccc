// What was copied, read as another program would: our own pages may write to the clipboard and not read it.
const elsewhere = 'https://reader.example/';

/** The text of the clipboard. The context has the permission to read it. */
export async function copiedText(context) {
  const page = await context.newPage();
  await page.route(`${elsewhere}**`, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Reader</title>' }));
  await page.goto(elsewhere);
  const text = await page.evaluate(() => navigator.clipboard.readText());
  await page.close();
  return text;
}
