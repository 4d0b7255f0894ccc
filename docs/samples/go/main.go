// A service behind Keywright: `go run .`. ISSUER is the public address of Keywright, PORT where it listens.
package main

import (
	"cmp"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strings"
)

func main() {
	verify, err := Verifier(cmp.Or(os.Getenv("ISSUER"), "http://localhost:3000"))
	if err != nil {
		log.Fatal(err)
	}
	// Greets whoever brings an access token.
	http.HandleFunc("GET /hello", func(response http.ResponseWriter, request *http.Request) {
		scheme, token, _ := strings.Cut(request.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			refuse(response, "Bearer")
			return
		}
		caller, err := verify(token)
		if err != nil {
			refuse(response, `Bearer error="invalid_token"`)
			return
		}
		response.Header().Set("Content-Type", "application/json")
		json.NewEncoder(response).Encode(map[string]any{"user": caller.Subject, "scope": caller.Scope, "roles": caller.Roles})
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+cmp.Or(os.Getenv("PORT"), "4000"), nil))
}

func refuse(response http.ResponseWriter, challenge string) {
	response.Header().Set("WWW-Authenticate", challenge)
	http.Error(response, "Unauthorized", http.StatusUnauthorized)
}
