// Who is calling: verifies Keywright's access tokens (RFC 9068) with the keys it publishes.
// This file is what another service copies. ISSUER is the public address of Keywright.
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const issuer = process.env.ISSUER ?? 'http://localhost:3000';
// Fetched again after five minutes, and for an unknown `kid`, which anybody can make up, at most every ten seconds.
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', issuer), {
  cacheMaxAge: 300_000,
  cooldownDuration: 10_000,
  timeoutDuration: 5_000,
});
const expected = {
  algorithms: ['EdDSA', 'ES256', 'RS256'],
  typ: 'at+jwt',
  issuer,
  audience: issuer,
  requiredClaims: ['sub', 'exp', 'nbf'],
  clockTolerance: 5,
};
// Its keys cannot be had: that says nothing about the token.
const withoutKeys = ['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT'];

/** Lets a request pass that brings a valid token, with the claims in `request.caller`. */
export async function signedIn(request, response, next) {
  const [, token] = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (!token) return response.set('WWW-Authenticate', 'Bearer').sendStatus(401);
  try {
    request.caller = (await jwtVerify(token, keys, expected)).payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError) || withoutKeys.includes(error.code)) return response.sendStatus(503);
    return response.set('WWW-Authenticate', 'Bearer error="invalid_token"').sendStatus(401);
  }
  next();
}
