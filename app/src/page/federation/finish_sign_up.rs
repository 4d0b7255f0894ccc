//! The end of a sign-up by a provider that vouches for no address: the person names one, and it is proved by mail as
//! that of any other sign-up. The answer is the same for new and known addresses.

use auth::form::FederatedSignUpForm;
use auth::view::{PendingConnection, PendingNeed};
use auth::{ErrorCode, Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::ExposeSecret;

use super::connect_account::{Expired, NotNow};
use crate::error::AppError;
use crate::island::{Field, PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Entry, Submit};

/// Stores the sign-up and leads to its waiting page.
///
/// # Errors
/// Fields that cannot be accepted; nothing waits in this browser; too many at once.
#[server(prefix = "/rpc", endpoint = "federated_sign_up")]
pub async fn federated_sign_up(
    #[server(default)] email: String,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    server::keep_typed(&email, &name);
    let account = FederatedSignUpForm { email, name }.parse()?;
    let pending = server::pending_connection_ticket().ok_or(ErrorCode::FederationExpired)?;
    let ticket = flow::federated_sign_up(&auth, &pending, account, &context).await?;
    server::set_cookie(server::SIGN_UP_COOKIE, ticket.expose_secret(), auth.lifetimes().verification);
    server::forget_pending_connection_cookie();
    server::see_other("/verify-email");
    Ok(())
}

async fn load() -> Option<PendingConnection> {
    let ticket = server::pending_connection_ticket();
    flow::pending_connection(&server::auth(), ticket.as_ref(), None).await.ok().flatten()
}

/// The page `/finish-sign-up`.
#[component]
pub fn FinishSignUpPage() -> impl IntoView {
    let pending = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match pending.await {
                    Some(pending) if pending.needs == PendingNeed::Address => view! { <Finish pending/> }.into_any(),
                    _ => view! { <Expired/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Finish(pending: PendingConnection) -> impl IntoView {
    let PendingConnection { provider, email, name, .. } = pending;
    let refusal = refusal_of(FederatedSignUp::PATH);
    let is_refused = refusal.is_some();
    // What was typed stands as it was typed, wrong or not.
    let (email, name) = if is_refused { server::typed() } else { (email.unwrap_or_default(), name) };
    let lead = t_with("page.finish_sign_up.lead", &[("provider", &provider.name)]);
    view! {
        <Entry title=t("page.finish_sign_up.title") lead refused=is_refused>
            <PostForm action=FederatedSignUp::PATH refusal>
                <Field field=Name::Name label=t("ui.name") autocomplete="name" value=name maxlength=200/>
                <Field
                    field=Name::Email label=t("ui.email") kind="email" autocomplete="email" inputmode="email" value=email
                    hint=t("page.finish_sign_up.email_hint")
                />
                <Submit label=t("page.sign_up.action")/>
            </PostForm>
            <NotNow/>
        </Entry>
    }
}
