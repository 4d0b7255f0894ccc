// Verifies Keywright's access tokens (RFC 9068) with the keys it publishes.
// This file is what another service copies.
package main

import (
	"context"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"
)

// Caller is who sent a request, as the claims of the token say.
type Caller struct {
	Scope string   `json:"scope"`
	Roles []string `json:"roles"`
	jwt.RegisteredClaims
}

// Verifier gives a function from a token to its claims; issuer is the public address of Keywright.
func Verifier(issuer string) (func(token string) (*Caller, error), error) {
	// Fetched again after five minutes, and for an unknown kid, which anybody can make up, at most every ten seconds.
	keys, err := keyfunc.NewDefaultOverrideCtx(context.Background(), []string{issuer + "/.well-known/jwks.json"}, keyfunc.Override{
		HTTPTimeout:       5 * time.Second,
		RateLimitWaitMax:  2 * time.Second,
		RefreshInterval:   5 * time.Minute,
		RefreshUnknownKID: rate.NewLimiter(rate.Every(10*time.Second), 1),
	})
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"EdDSA", "ES256", "RS256"}), jwt.WithIssuer(issuer), jwt.WithAudience(issuer),
		jwt.WithExpirationRequired(), jwt.WithNotBeforeRequired(), jwt.WithLeeway(5*time.Second))
	return func(token string) (*Caller, error) {
		caller := &Caller{}
		_, err := parser.ParseWithClaims(token, caller, func(token *jwt.Token) (any, error) {
			_, named := token.Header["kid"].(string)
			_, critical := token.Header["crit"]
			if token.Header["typ"] != "at+jwt" || !named || critical || caller.Subject == "" {
				return nil, jwt.ErrTokenUnverifiable
			}
			return keys.Keyfunc(token)
		})
		return caller, err
	}, err
}
