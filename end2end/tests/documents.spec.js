// Documents of two people and more: who sees a draft, who publishes, who changes what, and what becomes of two who write at
// once. It runs with JavaScript and without.
import { arrive, visit } from '../support/arrive.js';
import { callAs, found, joined, written } from '../support/organizations.js';
import { deleteDocument, DocumentPage, DocumentsPage, WritingPage } from '../support/pages/documents.js';
import { firefox, signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';

test('a draft is seen by its author and by who publishes, what is published by all', async ({ page, server, inbox, anotherBrowser, bob, complaints }) => {
  const acme = await found(server, bob);
  const [alice, carol] = [
    await joined(server, inbox, bob, acme, 'Alice Martin', 'member'),
    await joined(server, inbox, bob, acme, 'Carol Petit', 'viewer'),
  ];
  const [hers, theirs] = [await anotherBrowser(firefox), await anotherBrowser()];
  await signIn(hers, alice);
  await signIn(theirs, carol);
  await signIn(page, bob);

  const list = new DocumentsPage(hers, acme);
  await list.open();
  await list.newLink.click();
  await arrive(hers, `${list.path}/new`);
  await new WritingPage(hers).write({ title: 'How we work', body: 'One line.\n\n\tAnother one.' });
  const { pathname: path } = new URL(hers.url());
  const own = new DocumentPage(hers);
  await expect(own.heading).toHaveText('How we work');
  await expect(own.body).toHaveText(/^One line\.\s+Another one\.$/);
  await expect(own.badges.first()).toHaveText('Draft');
  await expect(own.edit).toBeVisible();
  await expect(own.moveOn, 'who writes it does not publish it').toHaveCount(0);

  const seen = new DocumentsPage(theirs, acme);
  await seen.open();
  await expect(seen.titles()).toHaveCount(0);
  await expect(seen.newLink, 'who reads writes nothing').toHaveCount(0);
  complaints.expectRefusal(404, path);
  expect((await visit(theirs, path)).status()).toBe(404);
  await expect(theirs.locator('body')).not.toContainText('How we work');

  await visit(page, path);
  const published = new DocumentPage(page);
  await published.goOn();
  await expect(published.badges.first()).toHaveText('Published');

  await seen.open();
  await expect(seen.titles()).toHaveText(['How we work']);
  await seen.titles().click();
  await arrive(theirs, path);
  const read = new DocumentPage(theirs);
  await expect(read.body).toContainText('Another one.');
  for (const act of [read.edit, read.delete, read.moveOn, read.howSensitive, read.handOver]) await expect(act).toHaveCount(0);
  complaints.expectRefusal(403, `${path}/edit`);
  expect((await visit(theirs, `${path}/edit`)).status()).toBe(403);
});

test('whoever saves second is told, and keeps what they wrote', async ({ page, server, bobSignedIn: bob, complaints }) => {
  const acme = await found(server, bob);
  const plan = await written(server, bob, acme, { title: 'Plan', body: 'Of before.' });
  const edit = `${plan.path}/edit`;
  await visit(page, edit);
  const call = `/organizations/${acme.id}/documents/${plan.id}`;
  await callAs(server, bob, 'PATCH', call, { body: 'Of somebody else.', version: plan.version });
  complaints.expectRefusal(409, edit);
  const writing = new WritingPage(page);
  await writing.submit({ title: 'Plan of mine', body: 'Of mine.' });
  await expect(writing.refusal).toContainText('Someone changed this document while you were writing.');
  await expect(writing.title).toHaveValue('Plan of mine');
  await expect(writing.body).toHaveValue('Of mine.');
  await writing.refusal.getByText('What it says now').click();
  await expect(writing.refusal).toContainText('Of somebody else.');
  await writing.write({});
  await expect(new DocumentPage(page).body).toHaveText('Of mine.');
});

test('a refused form keeps every word, and no other visit shows it', async ({ page, server, bobSignedIn: bob, complaints }) => {
  const acme = await found(server, bob);
  const path = `/orgs/${acme.slug}/documents/new`;
  await visit(page, path);
  complaints.expectRefusal(422, path);
  const writing = new WritingPage(page);
  // Long, in few lines: a browser takes its time to type a line.
  const body = `${'A word. '.repeat(90)}\n`.repeat(100);
  await writing.submit({ title: ' ', body, department: 'Finance', sensitivity: 'confidential' });
  await expect(writing.refusal).toBeVisible();
  await expect(writing.body).toHaveValue(body);
  await expect(writing.department).toHaveValue('Finance');
  await expect(writing.sensitivity).toHaveValue('confidential');
  await visit(page, path);
  await expect(writing.body).toHaveValue('');
  await writing.write({ title: 'Short', body: '\nBegins with an empty line.' });
  await page.goto(`${new URL(page.url()).pathname}/edit`);
  await expect(writing.body).toHaveValue('\nBegins with an empty line.');
});

test('what is typed is text, and stays text where it is changed', async ({ page, server, bobSignedIn: bob }) => {
  const acme = await found(server, bob);
  const body = '</textarea><h2>No heading</h2> &lt;b&gt; & so on';
  const plan = await written(server, bob, acme, { title: 'Plan <b>', body });
  await visit(page, plan.path);
  await expect(new DocumentPage(page).body).toHaveText(body);
  await visit(page, `${plan.path}/edit`);
  const writing = new WritingPage(page);
  await expect(writing.title).toHaveValue('Plan <b>');
  await expect(writing.body).toHaveValue(body);
  await expect(page.getByRole('heading', { name: 'No heading' })).toHaveCount(0);
});

test('filters stand in the address and find what they say', async ({ page, server, bobSignedIn: bob }) => {
  const acme = await found(server, bob);
  await written(server, bob, acme, { title: 'Budget 2027' }, bob);
  await written(server, bob, acme, { title: 'Budget 2028' });
  await written(server, bob, acme, { title: 'Plan' });
  const list = new DocumentsPage(page, acme);
  await list.open();
  await expect(list.titles()).toHaveText(['Plan', 'Budget 2028', 'Budget 2027']);
  await list.filter({ state: 'draft', q: 'bud', mine: true });
  await expect(list.titles()).toHaveText(['Budget 2028']);
  await expect(page).toHaveURL((url) => url.search === '?q=bud&state=draft&owner=me');
  await page.reload();
  await expect(list.state).toHaveValue('draft');
  await expect(list.mine).toBeChecked();
});

test('a document is archived, brought back, handed over and deleted', async ({ page, server, inbox, bobSignedIn: bob }) => {
  const acme = await found(server, bob);
  await joined(server, inbox, bob, acme, 'Carol Petit', 'member');
  const plan = await written(server, bob, acme, { title: 'Plan' });
  await visit(page, plan.path);
  const document = new DocumentPage(page);
  for (const state of ['Published', 'Archived', 'Draft']) {
    await document.goOn();
    await expect(document.badges.first()).toHaveText(state);
    await expect(document.edit).toHaveCount(state === 'Archived' ? 0 : 1);
  }
  const list = new DocumentsPage(page, acme);
  await document.handOver.getByRole('combobox').selectOption({ label: 'Carol Petit' });
  await document.handOver.getByRole('button').click();
  await arrive(page, list.path);
  await expect(list.rows).toContainText('Carol Petit');
  await visit(page, plan.path);
  await deleteDocument(page, list);
  await expect(list.titles()).toHaveCount(0);
});

test('the first page shows to each what the policies let them see', async ({ page, server, inbox, anotherBrowser, bob }) => {
  const acme = await found(server, bob);
  const carol = await joined(server, inbox, bob, acme, 'Carol Petit', 'viewer');
  await written(server, bob, acme, { title: 'How we work' }, bob);
  await written(server, bob, acme, { title: 'Not finished' });
  const theirs = await anotherBrowser(firefox);
  await signIn(theirs, carol);
  const reader = theirs.getByRole('region', { name: acme.name, exact: true });
  await expect(reader.getByRole('link', { name: 'How we work' })).toBeVisible();
  for (const hidden of ['Not finished', 'Your drafts', 'Open invitations', 'What happened lately', 'Ownership']) {
    await expect(reader.getByText(hidden, { exact: true })).toHaveCount(0);
  }
  await signIn(page, bob);
  const owner = page.getByRole('region', { name: acme.name, exact: true });
  for (const shown of ['Not finished', 'Your drafts', 'Open invitations', 'What happened lately', 'Ownership']) {
    await expect(owner.getByText(shown, { exact: true }).first()).toBeVisible();
  }
});
