//! Signing in where the browser itself asks the provider (FedCM). The links to providers are there in any case.

use auth::flow::{self, Entered, Federated};
use auth::view::ProviderItem;
use auth::{ErrorCode, LocalPath, ProviderId};
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use secrecy::{ExposeSecret, SecretString};

use crate::error::AppError;
use crate::island::{FedCmPrompt, PostForm, WantedFedCm, refusal_of};
use crate::server;
use crate::session::two_step_path;

/// The id of a field of the form that goes with the answer of the browser.
const FORM: &str = "fedcm-provider";

/// Verifies what the browser was given, sets the cookie and says where to go.
///
/// # Errors
/// It was not begun in this browser, or the provider's answer is not accepted.
#[server(prefix = "/rpc", endpoint = "fedcm_sign_in")]
pub async fn finish_fedcm(
    #[server(default)] provider: String,
    #[server(default)] token: String,
    #[server(default)] state: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let provider = ProviderId::parse(&provider).ok_or(ErrorCode::FederationExpired)?;
    let (browser, trusted) = (server::federation_cookie(), server::cookie(server::TRUSTED_DEVICE_COOKIE));
    let (token, state) = (SecretString::from(token), SecretString::from(state));
    let answer = (&token, &state);
    let finished = flow::finish_fedcm(&auth, &provider, answer, browser.as_ref(), trusted.as_ref(), &context).await?;
    let next = match finished {
        Federated::Entered(Entered::SignedIn(signed_in)) => {
            // The cookie is about to be replaced: the session it holds would live on unseen.
            if let Some(old) = server::cookie(server::REFRESH_COOKIE) {
                flow::sign_out(&auth, &old, &context).await?;
            }
            // Another person's half of a sign-in may wait in this browser.
            server::clear_cookie(server::SECOND_FACTOR_COOKIE);
            let seconds = auth.lifetimes().session;
            server::set_cookie(server::REFRESH_COOKIE, signed_in.refresh_token.expose_secret(), seconds);
            server::remember_way(provider.as_str());
            server::way_on(&next)
        }
        Federated::Entered(Entered::NeedsSecondFactor(pending)) => {
            let ticket = pending.ticket.expose_secret();
            server::set_cookie(server::SECOND_FACTOR_COOKIE, ticket, flow::SECOND_FACTOR_SECONDS);
            server::remember_way(provider.as_str());
            two_step_path(None, &next)
        }
        Federated::NeedsProof(ticket) => {
            server::keep_pending_connection(&ticket);
            "/connect-account".to_owned()
        }
        Federated::NeedsAddress(ticket) => {
            server::keep_pending_connection(&ticket);
            "/finish-sign-up".to_owned()
        }
        // Other ways end so, never this one.
        Federated::Connected | Federated::Native(_) => return Err(ErrorCode::FederationExpired.into()),
    };
    server::see_other(&next);
    Ok(())
}

/// Lets a browser that can ask do so, on the sign-in page. Nothing is seen of it: browsers ask one provider at a time,
/// so it is the first that can be asked. After a sign-out, or something that went wrong, nobody is asked.
#[component]
pub(super) fn FedCmSignIn() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let next = query.get("next").filter(|next| LocalPath::parse(next).is_some()).unwrap_or_default();
    let refusal = refusal_of(FinishFedcm::PATH);
    // After any form that was refused, not this one alone.
    let asks = query.get("note").is_none() && use_context::<ServerActionError>().is_none();
    let class = if refusal.is_some() { "" } else { "visually-hidden" };
    let auth = server::auth();
    let first = auth.providers().iter().map(auth::federation::Provider::item).find(|item| item.fedcm.is_some());
    first.and_then(|ProviderItem { id, fedcm, .. }| {
        let provider = id.as_str().to_owned();
        let fedcm = fedcm?;
        let wanted = WantedFedCm {
            provider: provider.clone(),
            config_url: fedcm.config_url,
            client_id: fedcm.client_id,
            form: FORM.to_owned(),
            asks,
        };
        Some(view! {
            <PostForm action=FinishFedcm::PATH class=class refusal>
                <input type="hidden" id=FORM name="provider" value=provider/>
                <input type="hidden" name="token"/>
                <input type="hidden" name="state"/>
                <input type="hidden" name="next" value=next/>
                <FedCmPrompt wanted/>
            </PostForm>
        })
    })
}
