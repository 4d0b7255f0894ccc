//! Seeing the product as somebody else: the question before it, its beginning, and the way back.
//!
//! The refresh token of one's own session is kept aside in a cookie of its own, and comes back at the end.

use auth::flow::Impersonating;
use auth::id::UserId;
use auth::view::{Me, UserDetails};
use auth::{ErrorCode, Field as Name, Permission, Remark, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::ExposeSecret;

use super::account::WantedAct;
use super::wanted_act::{AdminAct, remark};
use super::{id, refused};
use crate::error::AppError;
use crate::island::{Field, PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Shell, provide_zone};

/// Begins to see the product as somebody else, once the administrator was proved.
///
/// # Errors
/// No reason was given; there is no such account, or it is none to be seen as; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "start_impersonation")]
pub async fn start_impersonation(
    #[server(default)] user: String,
    #[server(default)] reason: String,
    #[server(default)] writes: bool,
) -> Result<(), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::require_permission(&auth, &caller, Permission::ImpersonateUsers).await?;
    // Looked at first: nobody is asked for a proof in vain.
    remark(&reason)?;
    WantedAct::Administer { wanted: AdminAct::Impersonate { user, reason, writes } }.perform_or_ask().await
}

/// Puts the other session into the browser, and one's own aside.
pub(super) async fn begin(user: &UserId, reason: Remark, writes: bool) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let own = server::cookie(server::REFRESH_COOKIE).ok_or(ErrorCode::SignedOut)?;
    let wanted = Impersonating { reason, writes };
    let started = flow::start_impersonation(&auth, &caller, user, &wanted, &context).await?;
    // The newest of its family: a tab that refreshed meanwhile must not make the kept one old.
    let own = flow::refresh(&auth, &own, &context).await?.refresh_token;
    server::set_cookie(server::OWN_SESSION_COOKIE, own.expose_secret(), auth.lifetimes().session);
    let seconds = started.until.seconds_since(auth.now());
    server::set_cookie(server::REFRESH_COOKIE, started.refresh_token.expose_secret(), seconds);
    server::see_other("/dashboard");
    Ok(())
}

/// Stops, and brings one's own session back.
///
/// # Errors
/// Nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "end_impersonation")]
pub async fn end_impersonation() -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let own = server::cookie(server::OWN_SESSION_COOKIE);
    let ended = match server::caller() {
        Ok(caller) => flow::end_impersonation(&auth, &caller, &context).await?,
        // It ended by itself a moment ago: what is left is the way back. Or a script asks, which is nobody: the cookie is
        // about to be replaced, and the session it holds would live on unseen.
        Err(_) if own.is_some() => {
            if let Some(theirs) = server::cookie(server::REFRESH_COOKIE) {
                flow::sign_out(&auth, &theirs, &context).await?;
            }
            None
        }
        Err(error) => return Err(error),
    };
    if let Some(own) = own {
        server::clear_cookie(server::OWN_SESSION_COOKIE);
        match flow::refresh(&auth, &own, &context).await {
            Ok(back) => {
                let token = back.refresh_token.expose_secret();
                server::set_cookie(server::REFRESH_COOKIE, token, auth.lifetimes().session);
            }
            Err(error) if error.refusal().code == ErrorCode::SignedOut => {
                server::clear_cookie(server::REFRESH_COOKIE);
                server::see_other("/sign-in?note=signed_out");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
    match ended {
        Some(ended) => server::see_other(&format!("/admin/users/{}?note=stopped", ended.user_id.as_str())),
        None => server::see_other("/admin/users"),
    }
    Ok(())
}

async fn load(id: String) -> Result<(Me, UserDetails), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let details = flow::admin_show_user(&auth, &caller, &UserId(id)).await?;
    // Whoever may not be looked at in this way has no such page.
    if !details.acts.impersonate {
        return Err(ErrorCode::NotFound.into());
    }
    Ok((auth.me(&caller).await?, details))
}

/// The page `/admin/users/{id}/impersonate`.
#[component]
pub fn AdminImpersonatePage() -> impl IntoView {
    let id = id();
    let loaded = resource(move || id.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, details)) => view! { <Ask me details/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Ask(me: Me, details: UserDetails) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(StartImpersonation::PATH);
    let is_refused = refusal.is_some();
    let UserDetails { user, acts, .. } = details;
    let back = format!("/admin/users/{}", user.id.as_str());
    let writes = acts.impersonate_writing.then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name="writes" value="true" autocomplete="off"/>
                <span>{t("page.impersonate.writes")}<span class="hint">{t("page.impersonate.writes_hint")}</span></span>
            </label>
        }
    });
    view! {
        <Shell
            current=Area::Users title=t("page.impersonate.title") purpose=t("page.impersonate.purpose") me
            refused=is_refused
        >
            <section class="card">
                <p class="address">{user.email.to_string()}" · "{user.name.to_string()}</p>
                <ul class="plain-list">
                    <li>{t("page.impersonate.is_short")}</li>
                    <li>{t("page.impersonate.changes_nothing")}</li>
                    <li>{t("page.impersonate.is_told")}</li>
                    <li>{t("page.impersonate.comes_back")}</li>
                </ul>
                <PostForm action=StartImpersonation::PATH refusal class="form account-form">
                    <input type="hidden" name="user" value=user.id.0/>
                    <Field
                        field=Name::Reason label=t("ui.reason") autocomplete="off" maxlength=500
                        hint=t("page.impersonate.reason_hint")
                    />
                    {writes}
                    <div class="actions">
                        <button type="submit" class="button button-primary">{t("page.impersonate.action")}</button>
                        <a class="button button-secondary" href=back>{t("page.confirm.cancel")}</a>
                    </div>
                </PostForm>
            </section>
        </Shell>
    }
}
