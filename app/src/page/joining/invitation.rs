//! An invitation, as whoever has its link sees it. It works signed out. Opening it changes nothing; its buttons post.
//!
//! Whoever is not signed in is led to sign in or sign up, and comes back: the browser keeps the invitation meanwhile.

use auth::view::{InvitationReader, InvitationShown, Me};
use auth::{ErrorCode, Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::query;
use super::answer::{AcceptInvitation, AcceptInvitationCode, DeclineInvitation, KeepInvitation, SIGN_UP};
use super::kept::INVITATION;
use super::organization::role_text;
use crate::error::AppError;
use crate::island::{Field, PostForm, SignedOutHere, refusal_of};
use crate::page::SignOut;
use crate::page::resource::resource;
use crate::server;
use crate::session::sign_in_path;
use crate::text::{t, t_with};
use crate::ui::{Entry, Moment, Notice, Submit, Tone, facts, provide_zone};

/// The invitation while it can be accepted, and who is signed in.
async fn load(token: String) -> (Option<InvitationShown>, Option<Me>) {
    let (auth, caller) = (server::auth(), server::caller().ok());
    let token = if token.is_empty() { server::kept_invitation() } else { Some(token.into()) };
    let shown = match &token {
        Some(token) => flow::show_invitation(&auth, caller.as_ref(), token).await.ok(),
        None => None,
    };
    let me = match &caller {
        Some(caller) => auth.me(caller).await.ok(),
        None => None,
    };
    (shown, me)
}

/// The page `/invitation`.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let token = query("token");
    let asked = token.clone();
    let loaded = resource(move || asked.clone(), load);
    let is_declined = query("note") == "declined";
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    let (shown, me) = loaded.await;
                    match (shown, me) {
                        _ if is_declined => view! { <Declined/> }.into_any(),
                        (Some(shown), me) => view! { <Invitation shown me token/> }.into_any(),
                        (None, _) if !token.is_empty() || server::kept_invitation().is_some() => {
                            view! { <DeadLink/> }.into_any()
                        }
                        (None, Some(me)) => view! { <TypeCode me/> }.into_any(),
                        (None, None) => view! { <WithoutLink/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Invitation(shown: InvitationShown, me: Option<Me>, token: String) -> impl IntoView {
    if let Some(me) = &me {
        provide_zone(me);
    }
    let refusal =
        [AcceptInvitation::PATH, KeepInvitation::PATH, DeclineInvitation::PATH].into_iter().find_map(refusal_of);
    let is_refused = refusal.is_some();
    let values = [("inviter", shown.inviter.as_str()), ("organization", shown.organization.as_str())];
    let lead = t_with("page.invitation.lead", &values);
    let role = role_text(if shown.is_built_in { &shown.role_name } else { "" }, &shown.role_name);
    let about = [
        (t("page.invitation.for").into_any(), shown.email.to_string().into_any()),
        (t("ui.role").into_any(), role.into_any()),
        (t("page.invitation.until").into_any(), view! { <Moment at=shown.expires_at/> }.into_any()),
    ];
    let was_signed_out = query("note") == "signed_out";
    let acts = match (&shown.reader, me) {
        (InvitationReader::Invited, _) => view! { <Accept token=token.clone() refusal/> }.into_any(),
        (InvitationReader::Member, _) => view! { <MemberAlready slug=shown.slug.to_string()/> }.into_any(),
        (InvitationReader::Other, Some(me)) => {
            view! { <SomebodyElse own=me.email.to_string() token=token.clone()/> }.into_any()
        }
        (InvitationReader::SignedOut | InvitationReader::Other, _) => {
            view! { <SignInFirst token=token.clone() refusal/> }.into_any()
        }
    };
    let may_decline = matches!(shown.reader, InvitationReader::Invited | InvitationReader::SignedOut);
    view! {
        <Entry title=t("page.invitation.title") lead refused=is_refused>
            {was_signed_out.then(|| view! { <SignedOutHere/> })}
            {facts(about)}
            {shown.factor_required.then(|| view! { <p class="hint">{t("page.invitation.factor")}</p> })}
            {acts}
            {may_decline.then(|| view! { <Decline token/> })}
        </Entry>
    }
}

/// Whoever is invited is signed in: one button.
#[component]
fn Accept(token: String, refusal: Option<AppError>) -> impl IntoView {
    view! {
        <PostForm action=AcceptInvitation::PATH refusal>
            <input type="hidden" name="token" value=token/>
            <Submit label=t("page.invitation.accept")/>
        </PostForm>
    }
}

/// Nobody is signed in: an account of the invited address comes first.
#[component]
fn SignInFirst(token: String, refusal: Option<AppError>) -> impl IntoView {
    view! {
        <p class="hint">{t("page.invitation.account_first")}</p>
        <PostForm action=KeepInvitation::PATH refusal>
            <input type="hidden" name="token" value=token/>
            <button type="submit" name="way" value="sign_in" class="button button-primary button-wide">
                {t("page.sign_in.action")}
            </button>
            <button type="submit" name="way" value=SIGN_UP class="button button-secondary button-wide">
                {t("page.sign_up.action")}
            </button>
        </PostForm>
    }
}

/// Another person is signed in here, or the same one with another address.
#[component]
fn SomebodyElse(own: String, token: String) -> impl IntoView {
    let with_token = if token.is_empty() { String::new() } else { format!("token={token}&") };
    let back = format!("{INVITATION}?{with_token}note=signed_out");
    view! {
        <Notice tone=Tone::Info text=t_with("page.invitation.other", &[("own", &own)])/>
        <PostForm action=SignOut::PATH>
            <input type="hidden" name="next" value=back/>
            <Submit label=t("page.invitation.sign_out")/>
        </PostForm>
        <p class="form-foot"><a href="/dashboard">{t("page.invitation.leave")}</a></p>
    }
}

#[component]
fn MemberAlready(slug: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Ok text=t("page.invitation.member")/>
        <a class="button button-primary button-wide" href=format!("/orgs/{slug}")>{t("page.invitation.open")}</a>
    }
}

/// The way to say no.
#[component]
fn Decline(token: String) -> impl IntoView {
    view! {
        <details class="revoke">
            <summary>{t("page.invitation.decline")}</summary>
            <form method="post" action=DeclineInvitation::PATH>
                <p>{t("page.invitation.decline_text")}</p>
                <input type="hidden" name="token" value=token/>
                <button type="submit" class="button button-secondary button-small">
                    {t("page.invitation.decline_action")}
                </button>
            </form>
        </details>
    }
}

#[component]
fn Declined() -> impl IntoView {
    view! {
        <Entry title=t("page.invitation.declined_title") lead=t("page.invitation.declined_lead")>
            <a class="button button-secondary button-wide" href="/">{t("page.not_found.action")}</a>
        </Entry>
    }
}

/// A link that is worth nothing any more. The browser forgets it.
#[component]
fn DeadLink() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
    server::forget_invitation();
    view! {
        <Entry title=t("page.verify_email.dead_title") refused=true>
            <Notice tone=Tone::Danger text=t("page.invitation.dead")/>
            <div class="actions">
                <a class="button button-primary" href="/sign-in">{t("page.sign_in.action")}</a>
                <a class="button button-secondary" href="/sign-up">{t("page.sign_up.action")}</a>
            </div>
        </Entry>
    }
}

/// Somebody is signed in and came without a link: the code of the mail does as well.
#[component]
fn TypeCode(me: Me) -> impl IntoView {
    let refusal = refusal_of(AcceptInvitationCode::PATH);
    let is_refused = refusal.is_some();
    view! {
        <Entry title=t("page.invitation.code_title") lead=t("page.invitation.code_lead") refused=is_refused>
            <p class="address">{me.email.to_string()}</p>
            <PostForm action=AcceptInvitationCode::PATH refusal>
                <Field
                    field=Name::Code label=t("ui.code") class="input input-code" autocomplete="one-time-code"
                    inputmode="numeric" maxlength=40
                />
                <Submit label=t("page.invitation.accept")/>
            </PostForm>
            <p class="form-foot"><a href="/dashboard">{t("page.invitation.leave")}</a></p>
        </Entry>
    }
}

/// Nobody is signed in, and there is no link.
#[component]
fn WithoutLink() -> impl IntoView {
    view! {
        <Entry title=t("page.invitation.code_title") lead=t("page.invitation.without_lead")>
            <a class="button button-primary button-wide" href=sign_in_path(INVITATION)>{t("page.sign_in.action")}</a>
        </Entry>
    }
}
