//! `POST /api/v1/providers/finish`

use app::server::{REFRESH_COOKIE, TRUSTED_DEVICE_COOKIE, cookie_of};
use auth::flow::{self, Entered, Federated};
use auth::form::FinishProviderForm;
use auth::{Auth, Context, ErrorCode};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::PendingTicket;
use crate::api::body::JsonBody;
use crate::api::sign_in::AccessGrantShape;
use crate::api::signed_in_answer::{no_store, with_refresh_cookie};
use crate::problem::{Problem, Refused};

/// The end of a sign-in from a native app.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::FinishProviderForm` for the document")]
struct FinishProvider {
    /// What came back with the browser: for 60 seconds and one use.
    code: String,
    /// What the challenge was made of: 43 to 128 characters (RFC 7636). A wrong one, or none, uses the code up.
    #[schema(example = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    code_verifier: String,
}

/// Instead of an access token: an account has the address that the provider tells. Its person signs in in another way,
/// and then sends the ticket to `/connections`.
#[derive(Serialize, ToSchema)]
pub struct ProofNeeded {
    needs_proof: PendingTicket,
}

/// Instead of an access token: the provider proves no address. The ticket goes to `/providers/sign-up` with one.
#[derive(Serialize, ToSchema)]
pub struct AddressNeeded {
    needs_address: PendingTicket,
}

/// Redeems the code of a native app. Whoever is known is signed in, or asked for the second factor as after `/sign-in`
/// (`SecondFactorNeeded`); whoever is new gets an account when the provider proves the address. Else the answer says
/// what is missing: `ProofNeeded` or `AddressNeeded`.
#[utoipa::path(post, path = "/providers/finish", request_body = FinishProvider, tag = "provider", responses(
    (status = 200, description = "Signed in; or `SecondFactorNeeded`, `ProofNeeded`: `{\"needs_proof\": {\"ticket\": …}}`, `AddressNeeded`: `{\"needs_address\": {\"ticket\": …}}`.", body = AccessGrantShape),
    (status = 403, description = "`account_closed`: the account is about to be deleted", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`changed_meanwhile`: the account changed in this moment", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`federation_expired`: the code is unknown, used, too old, or of another verifier; begin again", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn finish_provider(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<FinishProviderForm>,
) -> Result<Response, Refused> {
    let (code, verifier) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let trusted = cookie_of(&headers, TRUSTED_DEVICE_COOKIE);
    let finished = flow::finish_native_federation(&auth, &code, &verifier, trusted.as_ref(), &context).await;
    let finished = finished.map_err(|error| Refused::from_error(&error, context.locale))?;
    match finished {
        Federated::Entered(Entered::SignedIn(signed_in)) => {
            // The cookie is about to be replaced: the session it holds would live on unseen.
            if let Some(old) = cookie_of(&headers, REFRESH_COOKIE) {
                let ended = flow::sign_out(&auth, &old, &context).await;
                ended.map_err(|error| Refused::from_error(&error, context.locale))?;
            }
            Ok(with_refresh_cookie(&auth, &signed_in.refresh_token, Json(signed_in.access)))
        }
        Federated::Entered(Entered::NeedsSecondFactor(pending)) => {
            let second_factor = json!({"ticket": pending.ticket.expose_secret(), "methods": pending.methods});
            Ok(no_store(Json(json!({ "second_factor": second_factor }))))
        }
        Federated::NeedsProof(ticket) => Ok(no_store(Json(ProofNeeded { needs_proof: to_go_on(&ticket) }))),
        Federated::NeedsAddress(ticket) => Ok(no_store(Json(AddressNeeded { needs_address: to_go_on(&ticket) }))),
        // No code leads there: an account is connected by its ticket, and a browser is sent on by its own way.
        Federated::Connected | Federated::Native(_) => Err(Refused::new(ErrorCode::FederationExpired, context.locale)),
    }
}

fn to_go_on(ticket: &SecretString) -> PendingTicket {
    PendingTicket { ticket: ticket.expose_secret().to_owned() }
}
