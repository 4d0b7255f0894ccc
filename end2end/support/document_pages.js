// The looks of documents.
import { hydrated, visit } from './arrive.js';
import { callAs, found, joined, written } from './organizations.js';
import { DocumentPage, DocumentsPage, WritingPage } from './pages/documents.js';
import { enter } from './sessions.js';
import { expect } from './test.js';

const text = 'What we spend, line by line:\n\n\tRent\t12,000\n\tPeople\t180,000\n\nEverything else is decided in March.';

/** Bob owns an organization with some documents, and is signed in. */
export async function asOwner(it) {
  const { page, server, bob, words } = it;
  const acme = await found(server, bob);
  const drafted = await written(server, bob, acme, { title: 'Budget 2028', body: text, department: 'Finance' });
  const title = 'A plan with a title that is so long that it has to wrap wherever it is shown, on a phone and elsewhere';
  await written(server, bob, acme, { title, body: text, sensitivity: 'confidential' }, bob);
  await enter(page, bob, words);
  return { acme, drafted };
}

/** As in every_page.js. */
export const documentPages = {
  documents: async (it) => {
    const { acme } = await asOwner(it);
    const list = new DocumentsPage(it.page, acme);
    await list.open();
    await expect(list.rows).toHaveCount(2);
  },

  'documents-empty': async (it) => {
    const acme = await found(it.server, it.bob);
    await enter(it.page, it.bob, it.words);
    await new DocumentsPage(it.page, acme).open();
  },

  'documents-none-found': async (it) => {
    const { acme } = await asOwner(it);
    await visit(it.page, `/orgs/${acme.slug}/documents?q=nothing+of+that+kind&state=archived`);
  },

  'documents-broken-address': async (it) => {
    const { acme } = await asOwner(it);
    it.complaints.expectRefusal(422, `/orgs/${acme.slug}/documents`);
    await visit(it.page, `/orgs/${acme.slug}/documents?state=lost`);
  },

  document: async (it) => {
    const { acme, drafted } = await asOwner(it);
    await joined(it.server, it.inbox, it.bob, acme, 'Carol Petit', 'member');
    await visit(it.page, drafted.path);
    await expect(new DocumentPage(it.page).handOver).toBeVisible();
  },

  'document-published': async (it) => {
    const { drafted } = await asOwner(it);
    await visit(it.page, drafted.path);
    await new DocumentPage(it.page).goOn();
  },

  'document-new': async (it) => {
    const { acme } = await asOwner(it);
    await visit(it.page, `/orgs/${acme.slug}/documents/new`);
  },

  'document-new-refused': async (it) => {
    const { acme } = await asOwner(it);
    it.complaints.expectRefusal(422, `/orgs/${acme.slug}/documents/new`);
    await visit(it.page, `/orgs/${acme.slug}/documents/new`);
    const writing = new WritingPage(it.page);
    await writing.submit({ title: ' ', body: text, sensitivity: 'confidential' });
    await expect(writing.refusal).toBeVisible();
    await hydrated(it.page);
  },

  'document-edit': async (it) => {
    const { drafted } = await asOwner(it);
    await visit(it.page, `${drafted.path}/edit`);
  },

  'document-edit-late': async (it) => {
    const { acme, drafted } = await asOwner(it);
    const edit = `${drafted.path}/edit`;
    it.complaints.expectRefusal(409, edit);
    await visit(it.page, edit);
    const change = { title: 'Budget 2028, by somebody else', version: drafted.version };
    await callAs(it.server, it.bob, 'PATCH', `/organizations/${acme.id}/documents/${drafted.id}`, change);
    const writing = new WritingPage(it.page);
    await writing.submit({ title: 'Budget 2028, by me' });
    await expect(writing.refusal).toBeVisible();
    await hydrated(it.page);
  },

  'document-delete': async (it) => {
    const { drafted } = await asOwner(it);
    await visit(it.page, `${drafted.path}/delete`);
  },

  'document-needs-factor': async (it) => {
    const { acme } = await asOwner(it);
    it.complaints.expectRefusal(403, `/orgs/${acme.slug}/documents/new`);
    await visit(it.page, `/orgs/${acme.slug}/documents/new`);
    const writing = new WritingPage(it.page);
    await writing.submit({ title: 'Merger', sensitivity: 'secret' });
    await expect(writing.refusal).toBeVisible();
    await hydrated(it.page);
  },
};
