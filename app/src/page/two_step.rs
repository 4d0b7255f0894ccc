//! The second half of a sign-in: one factor of those that the account has. Each way is a link away, recovery codes
//! last, and none of them needs a script but the passkey.

use auth::factor::{FREE_TRIES, FactorProof};
use auth::flow;
use auth::view::PendingView;
use auth::{ErrorCode, FactorMethod, Field as Name, FieldIssue, LocalPath, Refusal};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::ExposeSecret;

use super::account::query;
use crate::error::AppError;
use crate::island::{Field, PasskeyProof, PostForm, Resend, SubmitWhenFull, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::session::{sign_in_path, two_step_path};
use crate::text::{t, t_with};
use crate::ui::{Entry, Notice, Submit, Tone};

/// The form that the answer of a passkey is put into.
const PASSKEY_FORM: &str = "passkey-form";
/// Seconds after a code was sent in which no other is.
const RESEND_SECONDS: u32 = 30;

/// Proves the second factor, sets the cookie of the session and says where to go.
///
/// # Errors
/// The factor was not proved, too often, or the sign-in is over.
#[server(prefix = "/rpc", endpoint = "second_factor")]
pub async fn second_factor(
    #[server(default)] method: String,
    #[server(default)] code: String,
    #[server(default)] ceremony: String,
    #[server(default)] credential: String,
    #[server(default)] trust_device: bool,
    #[server(default)] next: String,
) -> Result<String, AppError> {
    let (auth, context) = (server::auth(), server::context());
    let credential = serde_json::from_str(&credential).ok();
    let proof = FactorProof::parse(&method, &code, ceremony.into(), credential)?;
    let ticket = server::cookie(server::SECOND_FACTOR_COOKIE).ok_or(ErrorCode::SecondFactorExpired)?;
    let proved = flow::second_factor(&auth, &ticket, proof, trust_device, &context).await?;
    // The cookie is about to be replaced: the session it holds would live on unseen.
    if let Some(old) = server::cookie(server::REFRESH_COOKIE) {
        flow::sign_out(&auth, &old, &context).await?;
    }
    let seconds = auth.lifetimes().session;
    server::set_cookie(server::REFRESH_COOKIE, proved.signed_in.refresh_token.expose_secret(), seconds);
    server::clear_cookie(server::SECOND_FACTOR_COOKIE);
    if let Some(trusted) = proved.trusted {
        server::set_cookie(server::TRUSTED_DEVICE_COOKIE, trusted.expose_secret(), flow::TRUST_SECONDS);
    }
    let next = server::way_on(&next);
    server::see_other(&next);
    Ok(next)
}

/// Sends a code by mail or SMS; the one sent before is dead.
///
/// # Errors
/// Too soon, no code is looked at, or the sign-in is over.
#[server(prefix = "/rpc", endpoint = "send_second_factor_code")]
pub async fn send_second_factor_code(
    #[server(default)] method: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let issue = if method.is_empty() { FieldIssue::Required } else { FieldIssue::Unknown };
    let method = FactorMethod::parse(&method).ok_or_else(|| Refusal::invalid(vec![(Name::Method, issue)]))?;
    let ticket = server::cookie(server::SECOND_FACTOR_COOKIE).ok_or(ErrorCode::SecondFactorExpired)?;
    flow::send_second_factor_code(&auth, &ticket, method, &context).await?;
    server::see_other(&format!("{}&note=sent", two_step_path(Some(method), &next)));
    Ok(())
}

async fn load() -> Option<PendingView> {
    let (auth, ticket) = (server::auth(), server::cookie(server::SECOND_FACTOR_COOKIE)?);
    flow::pending_sign_in(&auth, &ticket).await.ok()
}

/// The page `/two-step`.
#[component]
pub fn TwoStepPage() -> impl IntoView {
    let pending = resource(|| (), |()| load());
    let wanted = FactorMethod::parse(&query("method"));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let pending = pending.await;
                let methods = pending.as_ref().map(|pending| pending.methods.as_slice()).unwrap_or_default();
                let method = wanted.filter(|wanted| methods.contains(wanted)).or_else(|| methods.first().copied());
                match (pending, method) {
                    (Some(pending), Some(method)) => view! { <TwoStep pending method/> }.into_any(),
                    _ => view! { <Gone/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn TwoStep(pending: PendingView, method: FactorMethod) -> impl IntoView {
    let (refusal, send_refusal) = (refusal_of(SecondFactor::PATH), refusal_of(SendSecondFactorCode::PATH));
    let refused = refusal.is_some() || send_refusal.is_some();
    let next = Some(query("next")).filter(|next| LocalPath::parse(next).is_some()).unwrap_or_default();
    let is_by_mail = pending.is_by_mail;
    let sent = query("note") == "sent" && !refused;
    // The code of an unusual sign-in left with the question.
    let was_sent = sent || is_by_mail;
    let lead = if is_by_mail { t("page.two_step_by_mail.lead") } else { t("page.two_step.lead") };
    let email = pending.email.to_string();
    let budget = budget_text(&pending, method);
    let is_sent = matches!(method, FactorMethod::SmsCode | FactorMethod::EmailCode);
    let form = if method == FactorMethod::Passkey {
        view! { <PasskeyForm refusal next=next.clone()/> }.into_any()
    } else {
        view! { <CodeForm method refusal next=next.clone() offers_trust={!is_by_mail}/> }.into_any()
    };
    view! {
        <Entry title=t("page.two_step.title") lead=lead refused>
            <p class="address">{email}</p>
            {sent.then(|| view! { <Notice tone=Tone::Ok text=t("page.two_step.sent")/> })}
            {form}
            {budget.map(|text| view! { <p class="hint" role="status">{text}</p> })}
            {is_sent.then(|| view! { <SendCode method refusal=send_refusal was_sent next=next.clone()/> })}
            <Ways methods=pending.methods current=method next/>
            {(!is_by_mail).then(|| view! {
                <p class="form-foot"><a href="/recover-account">{t("page.two_step.none_of_these")}</a></p>
            })}
        </Entry>
    }
}

#[component]
fn CodeForm(method: FactorMethod, refusal: Option<AppError>, next: String, offers_trust: bool) -> impl IntoView {
    let is_digits = method != FactorMethod::RecoveryCode;
    let (inputmode, autocomplete) = if is_digits { ("numeric", "one-time-code") } else { ("text", "off") };
    let class = if is_digits { "input input-code" } else { "input" };
    let digits = match method {
        FactorMethod::Totp => Some(6),
        FactorMethod::SmsCode | FactorMethod::EmailCode => Some(8),
        FactorMethod::RecoveryCode | FactorMethod::Passkey => None,
    };
    view! {
        <PostForm action=SecondFactor::PATH refusal>
            <input type="hidden" name="method" value=method.as_str()/>
            <input type="hidden" name="next" value=next/>
            <Field
                field=Name::Code label=t("page.two_step.label") class=class autocomplete=autocomplete
                inputmode=inputmode maxlength=100
                hint=t(&format!("page.two_step.{}", method.as_str()))
            />
            {digits.map(|digits| view! { <SubmitWhenFull of=Name::Code.as_str() digits/> })}
            {offers_trust.then(|| view! { <Trust/> })}
            <Submit label=t("page.two_step.action")/>
        </PostForm>
    }
}

/// Sent by the script that asked the passkey: without one there are the other ways.
#[component]
fn PasskeyForm(refusal: Option<AppError>, next: String) -> impl IntoView {
    let refusal = refusal.map(|refusal| t(&format!("error.{}", refusal.code().as_str())));
    view! {
        {refusal.map(|text| view! { <Notice tone=Tone::Danger text/> })}
        <p>{t("page.two_step.passkey")}</p>
        <form method="post" action=SecondFactor::PATH class="form" id=PASSKEY_FORM>
            <input type="hidden" name="method" value=FactorMethod::Passkey.as_str()/>
            <input type="hidden" name="next" value=next/>
            <input type="hidden" name="ceremony"/>
            <input type="hidden" name="credential"/>
            <Trust/>
        </form>
        <PasskeyProof form_id=PASSKEY_FORM.to_owned()/>
    }
}

/// Never ticked beforehand: it makes the account weaker (NIST SP 800-63B-4, 2.2.3).
#[component]
fn Trust() -> impl IntoView {
    view! {
        <div class="field">
            <label class="check">
                <input type="checkbox" name="trust_device" value="true" aria-describedby="trust-hint"/>
                <span>{t("page.two_step.trust")}</span>
            </label>
            <p class="hint" id="trust-hint">{t("page.two_step.trust_text")}</p>
        </div>
    }
}

#[component]
fn SendCode(method: FactorMethod, refusal: Option<AppError>, was_sent: bool, next: String) -> impl IntoView {
    let label = if was_sent { t("page.two_step.send_again") } else { t("page.two_step.send") };
    let fields = vec![("method".to_owned(), method.as_str().to_owned()), ("next".to_owned(), next)];
    view! {
        <div class="actions">
            <Resend
                action=SendSecondFactorCode::PATH refusal resend_in={if was_sent { RESEND_SECONDS } else { 0 }}
                now=label later=t("page.two_step.send_again_in") fields
            />
        </div>
    }
}

/// Every other way, strongest first: nobody is to search for them.
#[component]
fn Ways(methods: Vec<FactorMethod>, current: FactorMethod, next: String) -> impl IntoView {
    let others: Vec<_> = methods
        .into_iter()
        .filter(|method| *method != current)
        .map(|method| view! { <li><a href=two_step_path(Some(method), &next)>{way_text(method)}</a></li> })
        .collect();
    (!others.is_empty()).then(|| {
        view! {
            <nav class="ways" aria-labelledby="ways">
                <h2 id="ways">{t("page.two_step.others")}</h2>
                <ul>{others}</ul>
            </nav>
        }
    })
}

/// The sign-in was used, replaced, or took too long.
#[component]
fn Gone() -> impl IntoView {
    server::set_status(ErrorCode::SecondFactorExpired);
    let next = query("next");
    let again = LocalPath::parse(&next).map_or_else(|| "/sign-in".to_owned(), |_| sign_in_path(&next));
    view! {
        <Entry title=t("page.two_step.gone_title")>
            <Notice tone=Tone::Danger text=t("error.second_factor_expired")/>
            <a class="button button-primary button-wide" href=again>{t("page.two_step.sign_in_again")}</a>
        </Entry>
    }
}

/// How many tries are left, or how long no code is looked at; nothing while all of them are there.
fn budget_text(pending: &PendingView, method: FactorMethod) -> Option<String> {
    if method == FactorMethod::Passkey {
        return None;
    }
    let count = |number: u32| number.to_string();
    let text = match (pending.locked_for, pending.tries_left) {
        (0, 1) => t("page.two_step.last_try"),
        (0, left) if i64::from(left) >= FREE_TRIES => return None,
        (0, left) => t_with("page.two_step.tries_left", &[("count", &count(left))]),
        (seconds @ ..=120, _) => t_with("page.two_step.locked", &[("count", &count(seconds))]),
        (seconds, _) => t_with("page.two_step.locked_minutes", &[("count", &count(seconds.div_ceil(60)))]),
    };
    let goes_on = pending.locked_for > 0 && pending.methods.contains(&FactorMethod::Passkey);
    Some(if goes_on { format!("{text} {}", t("page.two_step.locked_passkey")) } else { text })
}

/// A kind of factor in words.
pub(in crate::page) fn way_text(method: FactorMethod) -> String {
    t(&format!("page.two_step.way_{}", method.as_str()))
}
