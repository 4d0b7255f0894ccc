//! "Confirm it is you": the strongest factor of the account, or the password where there is none, before a risky act
//! that then goes on by itself, or before the administration (RFC 9470).

use auth::form::FreshProofForm;
use auth::view::{ConnectionItem, Me};
use auth::{ErrorCode, FactorMethod, flow};
use leptos::prelude::*;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::confirm_form::{self, ByFactor, ByPassword, ByProvider, OtherWays};
use super::wanted_act::{WantedAct, or_sign_in};
use super::{query, refused};
use crate::error::AppError;
use crate::page::federation::CONNECT_ACCOUNT;
use crate::page::organization::PATH as ORGANIZATIONS;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Entry, Notice, Tone};

/// Pages besides the administration whose next step leaves us, or waits for nothing but the proof.
const OTHER_PAGES: [&str; 2] = [super::connections::PATH, CONNECT_ACCOUNT];

/// Pages that ask for a factor as soon as they are seen, with those below them.
const AREAS: [&str; 2] = ["/admin", ORGANIZATIONS];

/// What is waiting: an act that was kept, or a page that asks for a proof.
#[derive(Clone)]
pub(super) struct Asked {
    /// The ticket of the act; empty when none waits.
    pub(super) act: String,
    /// The page; empty when an act waits.
    pub(super) next: String,
}

impl Asked {
    /// What an address or a form says. Only [`AREAS`] and [`OTHER_PAGES`] are led to without an act, and
    /// nothing strange gets into an address of ours.
    fn of(act: String, next: String) -> Option<Self> {
        let is_ticket =
            !act.is_empty() && act.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        let is_area = AREAS
            .iter()
            .any(|area| next.strip_prefix(area).is_some_and(|rest| matches!(rest.as_bytes(), [] | [b'/', ..])));
        let is_page = (is_area || OTHER_PAGES.contains(&&*next))
            && next.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-/".contains(&byte))
            && !next.contains("//");
        match (is_ticket, is_page) {
            (true, _) => Some(Self { act, next: String::new() }),
            (false, true) if act.is_empty() => Some(Self { act, next }),
            _ => None,
        }
    }

    /// The address that asks by this method.
    pub(super) fn address(&self, method: FactorMethod) -> String {
        let Self { act, next } = self;
        let what = if act.is_empty() { format!("next={next}") } else { format!("act={act}") };
        format!("{}?{what}&method={}", super::wanted_act::PATH, method.as_str())
    }
}

/// Verifies the proof and does what waited for it.
///
/// # Errors
/// The proof is wrong, or was tried too often; nothing waits any more; the act itself is refused.
#[server(prefix = "/rpc", endpoint = "confirm_identity")]
pub async fn confirm_identity(
    #[server(default)] current_password: String,
    #[server(default)] act: String,
    #[server(default)] next: String,
    #[server(default)] method: String,
    #[server(default)] code: String,
    #[server(default)] ceremony: String,
    #[server(default)] credential: String,
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let read = |json: String| serde_json::from_str(&json).map_err(|_| ErrorCode::PasskeyRefused);
    let form = FreshProofForm {
        current_password: method.is_empty().then(|| SecretString::from(current_password)),
        method: given(method),
        code: given(code),
        ceremony: given(ceremony).map(SecretString::from),
        credential: given(credential).map(read).transpose()?,
    };
    let proof = form.parse()?;
    let Asked { act, next } = Asked::of(act, next).ok_or(ErrorCode::LinkExpired)?;
    let ticket = SecretString::from(act);
    // Looked at first: nobody is asked for a proof in vain.
    if next.is_empty() {
        flow::see_waiting_act(&auth, &caller, &ticket).await?;
    }
    let proved = flow::reauthenticate(&auth, &caller, &proof, &context).await.map_err(AppError::from);
    if let Err(error) = proved {
        return or_sign_in(Err(error));
    }
    if !next.is_empty() {
        // Nothing goes on by itself here: the page says what to press.
        let is_own = OTHER_PAGES.contains(&&*next);
        server::see_other(&if is_own { format!("{next}?note=proved") } else { next });
        return Ok(());
    }
    let act = flow::take_waiting_act(&auth, &caller, &ticket).await?;
    let act: WantedAct = serde_json::from_slice(&act).map_err(|_| ErrorCode::LinkExpired)?;
    or_sign_in(act.perform().await)
}

/// Sends a code to the phone of whoever confirms who they are.
///
/// # Errors
/// It is too soon; the account has no phone; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "send_confirm_code")]
pub async fn send_confirm_code(
    #[server(default)] act: String,
    #[server(default)] next: String,
    #[server(default)] method: String,
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let asked = Asked::of(act, next).ok_or(ErrorCode::LinkExpired)?;
    let method = FactorMethod::parse(&method).ok_or(ErrorCode::MalformedRequest)?;
    flow::send_step_up_code(&auth, &caller, method, &context).await?;
    server::see_other(&format!("{}&note=sent", asked.address(method)));
    Ok(())
}

/// Who is asked, and what proves them.
#[derive(Clone, Serialize, Deserialize)]
struct Person {
    me: Me,
    methods: Vec<FactorMethod>,
    /// Providers that are connected, of an account that has neither a factor nor a password.
    connected: Vec<ConnectionItem>,
}

/// Who is asked, and what waits with the page it is asked for on.
type Loaded = (Person, Option<(String, String)>);

async fn load((act, next): (String, String)) -> Result<Loaded, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let (me, methods) = (auth.me(&caller).await?, flow::step_up_methods(&auth, &caller).await?);
    let connected = if methods.is_empty() && !me.has_password {
        flow::list_connections(&auth, &caller).await?.into_iter().filter(|connection| connection.is_offered).collect()
    } else {
        Vec::new()
    };
    let person = Person { me, methods, connected };
    let Some(Asked { act, next }) = Asked::of(act, next) else { return Ok((person, None)) };
    if !next.is_empty() {
        let (label, page) = match &*next {
            super::connections::PATH | CONNECT_ACCOUNT => (t("page.confirm.act_connect"), next),
            page if page.contains("/documents/") => (t("page.documents.act_read"), ORGANIZATIONS.to_owned()),
            page if page.starts_with(ORGANIZATIONS) => (t("page.organizations.nav"), ORGANIZATIONS.to_owned()),
            _ => (t("page.admin.nav"), "/dashboard".to_owned()),
        };
        return Ok((person, Some((label, page))));
    }
    let act = flow::see_waiting_act(&auth, &caller, &act.into()).await.ok();
    let act = act.and_then(|act| serde_json::from_slice::<WantedAct>(&act).ok());
    Ok((person, act.map(|act| (act.label(), act.page()))))
}

/// The page `/account/confirm`.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let wanted = (query("act"), query("next"));
    let asked = Asked::of(wanted.0.clone(), wanted.1.clone());
    let loaded = resource(move || wanted.clone(), load);
    view! {
        <Suspense>
            {move || {
                let asked = asked.clone();
                Suspend::new(async move {
                    match (loaded.await, asked) {
                        (Ok((person, Some((label, page)))), Some(asked)) => {
                            view! { <Confirm person label page asked/> }.into_any()
                        }
                        (Ok(_), _) => view! { <NothingWaits/> }.into_any(),
                        (Err(error), _) => refused(&error),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Confirm(person: Person, label: String, page: String, asked: Asked) -> impl IntoView {
    let Person { me, methods, connected } = person;
    let chosen = FactorMethod::parse(&query("method")).filter(|method| methods.contains(method));
    let chosen = chosen.or(methods.first().copied());
    let is_refused = confirm_form::is_refused();
    let lead = match chosen {
        Some(_) => t("page.confirm_factor.lead"),
        None if me.has_password => t("page.confirm.lead"),
        None if !connected.is_empty() => t("page.confirm.lead_provider"),
        None => t("page.confirm.lead_no_password"),
    };
    let ask = match chosen {
        Some(method) => view! { <ByFactor method asked=asked.clone()/> }.into_any(),
        None if me.has_password => view! { <ByPassword me asked=asked.clone()/> }.into_any(),
        None => view! { <ByProvider connected next=page.clone()/> }.into_any(),
    };
    let others: Vec<_> = methods.into_iter().filter(|method| Some(*method) != chosen).collect();
    view! {
        <Entry title=t("page.confirm.title") lead refused=is_refused>
            <p class="address">{label}</p>
            {ask}
            <OtherWays methods=others asked/>
            <p class="form-foot"><a href=page>{t("page.confirm.cancel")}</a></p>
        </Entry>
    }
}

/// The act was done, is too old, or was asked for in another session.
#[component]
fn NothingWaits() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
    view! {
        <Entry title=t("page.confirm.gone_title") refused=true>
            <Notice tone=Tone::Danger text=t("page.confirm.gone_lead")/>
            <div class="actions"><a class="button button-primary" href="/account">{t("page.confirm.to_account")}</a></div>
        </Entry>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_or_a_page_that_asks_for_a_proof_waits_and_nothing_else() {
        let of = |act: &str, next: &str| Asked::of(act.to_owned(), next.to_owned());
        let address = of("a-B_9", "").unwrap().address(FactorMethod::Totp);
        assert_eq!(address, "/account/confirm?act=a-B_9&method=totp");
        assert!(of("", "/orgs/acme/documents/01890a5d-ac96-774b-bcce-b302099a8057").is_some());
        let address = of("", "/admin/users").unwrap().address(FactorMethod::Passkey);
        assert_eq!(address, "/account/confirm?next=/admin/users&method=passkey");
        for next in OTHER_PAGES.into_iter().chain(["/admin", "/orgs", "/orgs/acme/members"]) {
            assert!(of("", next).is_some(), "{next}");
        }
        for next in [
            "",
            "/account/connections/google/connect",
            "/connect-account?x=1",
            "/",
            "/administer",
            "/orgsmith",
            "/orgs//evil.example",
            "/dashboard",
            "/admin?x=1",
            "/admin//evil.example",
            "/admin/../x",
            "/orgs/acme/documents?q=x",
            "/orgs//evil.example",
            "https://evil.example/admin",
        ] {
            assert!(of("", next).is_none(), "{next}");
        }
        assert!(of("x&y", "").is_none() && of("x y", "/admin").is_none());
    }
}
