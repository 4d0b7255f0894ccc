// A service behind Keywright: `npm start`. PORT is where it listens.
import express from 'express';

import { signedIn } from './keywright.js';

const app = express();

// Greets whoever brings an access token.
app.get('/hello', signedIn, ({ caller }, response) => {
  response.json({ user: caller.sub, scope: caller.scope, roles: caller.roles });
});

app.listen(process.env.PORT ?? 4000, '127.0.0.1');
