//! Every kind of token at every door that takes one: only its own kind opens it (RFC 8725, 2.8, 3.11 and 3.12).
//!
//! A new kind gets a line in [`Kind`] (`token_kinds/kinds.rs`) and its value in [`Holder::start`]; a new door one in
//! [`DOORS`] and in [`Holder::opens`]. Every pair of both is tried by itself.

mod kinds;

use crate::federation_api as native;
use crate::support::browser::Browser;
use crate::support::factors::{WAITING, given};
use crate::support::provider::{Provider, query_of};
use crate::support::{Answer, PASSWORD, TestApp, token_of};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use kinds::{DOORS, Door, Kind};
use serde_json::{Value, json};

const ALICE: &str = "alice@example.com";
const SECOND: &str = "alice@example.org";
const THIRD: &str = "alice@example.net";
/// Forgot their password.
const BOB: &str = "bob@example.com";
/// Signed up and did not prove the address yet.
const CAROL: &str = "carol@example.com";
/// Lost a factor and waited for the link that takes it away.
const FRANK: &str = "frank@example.com";
/// Has a second factor, a sign-in that waits for it, and asked for the recovery of the account.
const DAVE: &str = "dave@example.com";
/// Came from a provider with an address that has an account.
const GINA: &str = "gina@example.com";
/// Comes from a provider with a native app.
const HUGO: &str = "hugo@example.com";
/// Is invited into an organization, and has no account.
const IVAN: &str = "ivan@example.com";
/// Has one, and a device that is trusted.
const ERIN: &str = "erin@example.com";

/// Somebody who holds one live token of each kind.
struct Holder {
    app: TestApp,
    /// The refresh cookie and the access token of Alice's session.
    cookie: String,
    access: String,
    /// The access token of Gina's.
    gina_access: String,
    tokens: Vec<(Kind, String)>,
    gina: Gina,
    _provider: Provider,
}

/// What a browser holds that came from a provider, once for a native app, and began two more ways there.
struct Gina {
    pending: String,
    arrival: String,
    browser: String,
    states: [String; 2],
}

impl Holder {
    async fn start() -> Self {
        let provider = Provider::start().await;
        let app = TestApp::start_with(&provider.settings("acme")).await;
        app.create_account(ALICE).await;
        let (_, first) = app.sign_in(ALICE).await;
        app.sign_in_on_new_device(ALICE).await;
        let notice = token_of(&app.mail(ALICE, "new_device").await);
        ask(&app, "/api/v1/me/email", &first, &json!({"email": SECOND})).await;
        let code = app.mail(SECOND, "confirm_email").await["code"].clone();
        ask(&app, "/api/v1/me/email/confirm", &first, &json!({"code": code})).await;
        let undo = token_of(&app.mail(ALICE, "email_changed").await);

        let (cookie, access) = app.sign_in(SECOND).await;
        let personal = app.personal_token(&access).await;
        ask(&app, "/api/v1/me/email", &access, &json!({"email": THIRD})).await;
        let change = token_of(&app.mail(THIRD, "confirm_email").await);
        ask(&app, "/api/v1/me/deletion", &access, &json!({})).await;
        let keep = token_of(&app.mail(SECOND, "deletion_scheduled").await);
        app.forget_proofs().await;
        let act = app.form_of("/account/data", "/rpc/export_data", "format=json", &cookie).await;
        let act = act.location().strip_prefix("/account/confirm?act=").unwrap().to_owned();

        app.create_account(BOB).await;
        let reset = app.form("/rpc/forgot_password", "email=bob%40example.com", "").await;
        let reset_link = token_of(&app.mail(BOB, "password_reset").await);
        let body = format!("email=carol%40example.com&name=Carol&password={}", typed(PASSWORD));
        let sign_up = app.form("/rpc/sign_up", &body, "").await;
        let verification = token_of(&app.mail(CAROL, "verify_email").await);
        ask_for_recovery(&app, FRANK).await;
        app.execute("UPDATE account_recoveries SET ready_at = 1, next_mail_at = 1").await;
        app.application.auth.delete_what_is_over().await.unwrap();
        let recovery = token_of(&app.mail(FRANK, "recovery_ready").await);

        app.create_holder(DAVE).await;
        let waiting = app.waiting_ticket(DAVE).await;
        let asked = app.json("/api/v1/account-recovery", &json!({"ticket": waiting})).await;
        assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
        let cancel = token_of(&app.mail(DAVE, "recovery_requested").await);
        let (mut erin, _) = app.create_holder(ERIN).await;
        let ticket = app.waiting_ticket(ERIN).await;
        let proof = json!({"ticket": ticket, "method": "totp", "code": erin.code(&app), "trust_device": true});
        let trusted = given(&app.json("/api/v1/second-factor", &proof).await, "__Host-trusted-device").unwrap();

        let gina = came_from(&app, &provider).await;

        let (_, gina_access) = app.sign_in(GINA).await;
        let made = json!({"name": "Acme"}).to_string();
        let made = app.bearer_body(Method::POST, "/api/v1/organizations", &gina_access, made.into()).await;
        let path = format!("/api/v1/organizations/{}/invitations", made.value()["id"].as_str().unwrap());
        ask(&app, &path, &gina_access, &json!({"email": IVAN, "role": "member"})).await;
        let invitation = token_of(&app.mail(IVAN, "invitation").await);
        provider.set_person(json!({"sub": "hugo", "email": HUGO, "email_verified": true}));
        let code = native::code(&app, &provider, "acme").await;
        // It lives for a minute, and all doors together may take longer.
        app.execute("UPDATE federation_codes SET expires_at = 9000000000000").await;

        let tokens = vec![
            (Kind::Access, access.clone()),
            (Kind::PersonalAccess, personal),
            (Kind::Refresh, value_of(&cookie)),
            (Kind::SignUpTicket, value_of(&sign_up.cookie("__Host-sign-up").unwrap())),
            (Kind::VerificationLink, verification),
            (Kind::ResetTicket, value_of(&reset.cookie("__Host-reset").unwrap())),
            (Kind::ResetLink, reset_link),
            (Kind::WaitingAct, act),
            (Kind::KeepAccountLink, keep),
            (Kind::EmailChangeLink, change),
            (Kind::EmailUndoLink, undo),
            (Kind::NoticeLink, notice),
            (Kind::RecoveryLink, recovery),
            (Kind::SecondFactorTicket, waiting),
            (Kind::TrustedDevice, trusted),
            (Kind::RecoveryCancelLink, cancel),
            (Kind::FederationState, gina.states[0].clone()),
            (Kind::FederationBrowser, gina.browser.clone()),
            (Kind::PendingConnection, gina.pending.clone()),
            (Kind::NativeArrival, gina.arrival.clone()),
            (Kind::ProviderCode, code),
            (Kind::InvitationLink, invitation),
            (Kind::SetupLink, app.setup_token().await),
        ];
        Self { app, cookie, access, tokens, gina, gina_access, _provider: provider }
    }

    /// Presents a token; whether it was taken.
    async fn opens(&self, door: Door, token: &str) -> bool {
        let app = &self.app;
        let body = json!({ "token": token });
        match door {
            // A call that no scope allows.
            Door::Bearer => app.bearer(Method::GET, "/api/v1/tokens", token).await.status == StatusCode::OK,
            // One that both may make; the answer says whom it was taken for.
            Door::BearerOfProgram => {
                let me = app.bearer(Method::GET, "/api/v1/me", token).await;
                me.status == StatusCode::OK && me.value()["session"].is_null()
            }
            Door::RefreshCookieOfPage => {
                app.get("/dashboard", &format!("__Host-refresh={token}")).await.status == StatusCode::OK
            }
            Door::Refresh => {
                let request = Request::post("/api/v1/refresh").header("sec-fetch-site", "same-origin");
                let request = request.header("cookie", format!("__Host-refresh={token}"));
                app.send(request.body(Body::empty()).unwrap()).await.status == StatusCode::OK
            }
            Door::SignUpCookie => {
                app.get("/verify-email", &format!("__Host-sign-up={token}")).await.body.contains(CAROL)
            }
            Door::VerifyPage => self.page(&format!("/verify-email?token={token}")).await,
            Door::Verify => {
                let body = format!("token={token}&password={}", typed(PASSWORD));
                app.form("/rpc/verify_link", &body, "").await.location().starts_with("/sign-in?note=verified")
            }
            Door::ResetCookie => app.get("/reset-password", &format!("__Host-reset={token}")).await.body.contains(BOB),
            Door::ResetPage => self.page(&format!("/reset-password?token={token}")).await,
            Door::Reset => {
                let body = json!({"token": token, "new_password": "trombone lamp yes please"});
                is_done(&app.json("/api/v1/reset-password", &body).await)
            }
            Door::ConfirmPage => self.page(&format!("/account/confirm?act={token}")).await,
            Door::Confirm => {
                let body = format!("act={token}&current_password={}", typed(PASSWORD));
                let answer = app.form_of("/account/confirm", "/rpc/confirm_identity", &body, &self.cookie).await;
                answer.location().starts_with("/account/data?download=json")
            }
            Door::TwoStep => app.get("/two-step", &format!("{WAITING}={token}")).await.body.contains(DAVE),
            Door::CancelRecoveryPage => self.page(&format!("/cancel-recovery?token={token}")).await,
            Door::CancelRecovery => is_done(&app.json("/api/v1/account-recovery/cancel", &body).await),
            Door::RecoveryPage => self.page(&format!("/recover-account?token={token}")).await,
            Door::Recovery => {
                let body = json!({"token": token, "password": PASSWORD});
                is_done(&app.json("/api/v1/account-recovery/complete", &body).await)
            }
            Door::Connect => {
                let body = json!({ "ticket": token }).to_string();
                is_done(&app.bearer_body(Method::POST, "/api/v1/connections", &self.gina_access, body.into()).await)
            }
            Door::Setup => {
                let body = body.to_string().into();
                is_done(&app.bearer_body(Method::POST, "/api/v1/setup", &self.gina_access, body).await)
            }
            Door::NativeAppPage => {
                let cookie = format!("__Host-federation={}", self.gina.browser);
                app.get(&format!("/sign-in/with/acme/app?ticket={token}"), &cookie).await.status == StatusCode::OK
            }
            Door::ProviderFinish => {
                let body = json!({"code": token, "code_verifier": native::VERIFIER});
                app.json("/api/v1/providers/finish", &body).await.status == StatusCode::OK
            }
            Door::KeepAccount => is_done(&app.json("/api/v1/keep-account", &body).await),
            Door::ConfirmEmail => {
                let path = "/api/v1/me/email/confirm";
                is_done(&app.bearer_body(Method::POST, path, &self.access, body.to_string().into()).await)
            }
            Door::UndoEmail => is_done(&app.json("/api/v1/undo-email-change", &body).await),
            Door::TrustedDeviceCookie => {
                let body = format!("email=erin%40example.com&password={}", typed(PASSWORD));
                let answer = app.form("/rpc/sign_in", &body, &format!("__Host-trusted-device={token}")).await;
                given(&answer, "__Host-refresh").is_some()
            }
            Door::NotMe => is_done(&app.json("/api/v1/not-me", &body).await),
            Door::WayBack => self.is_known(token, &self.gina.browser).await,
            Door::FederationCookie => self.is_known(&self.gina.states[1], token).await,
            Door::Invitation => app.json("/api/v1/invitations/show", &body).await.status == StatusCode::OK,
            Door::DeclineInvitation => is_done(&app.json("/api/v1/invitations/decline", &body).await),
            Door::ConnectAccountCookie => {
                app.get("/connect-account", &format!("__Host-pending-connection={token}")).await.status
                    == StatusCode::OK
            }
        }
    }

    /// Whether a way was begun with this state in the browser with this cookie. Its code opens nothing.
    async fn is_known(&self, state: &str, browser: &str) -> bool {
        let path = format!("/sign-in/with/acme/callback?code=invented&state={state}");
        let answer = self.app.get(&path, &format!("__Host-federation={browser}")).await;
        !answer.location().ends_with("?code=federation_expired")
    }

    /// Whether a page shows what is behind a token.
    async fn page(&self, path: &str) -> bool {
        self.app.get(path, &self.cookie).await.status == StatusCode::OK
    }
}

/// Comes from a provider with the address of an account, and begins two more ways in the same browser.
async fn came_from(app: &TestApp, provider: &Provider) -> Gina {
    app.create_account(GINA).await;
    provider.set_person(json!({"sub": "gina", "email": GINA, "email_verified": true, "name": "Gina"}));
    let mut browser = Browser::new(app);
    let mut begun = Vec::new();
    for _ in 0..3 {
        begun.push(browser.follow("/sign-in", "/sign-in/with/acme").await.location().to_owned());
    }
    let back = browser.come_back(&provider.agree(app, &begun[2])).await;
    assert_eq!(back.location(), "/connect-account", "{}", back.body);
    let asked = browser.come_back(&provider.agree(app, &native::begin(app, "acme").await)).await;
    Gina {
        arrival: query_of(&format!("http://localhost:3000{}", asked.location()))["ticket"].clone(),
        pending: browser.cookie("__Host-pending-connection").unwrap().to_owned(),
        browser: browser.cookie("__Host-federation").unwrap().to_owned(),
        states: [0, 1].map(|way| query_of(&begun[way])["state"].clone()),
    }
}

async fn ask(app: &TestApp, path: &str, access: &str, body: &Value) {
    let answer = app.bearer_body(Method::POST, path, access, body.to_string().into()).await;
    assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
}

/// Makes an account whose factor is lost, and asks for its recovery.
async fn ask_for_recovery(app: &TestApp, email: &str) {
    app.create_account(email).await;
    app.execute("UPDATE users SET factors = 'totp' WHERE email = 'frank@example.com'").await;
    let signed_in = app.json("/api/v1/sign-in", &json!({"email": email, "password": PASSWORD})).await;
    let ticket = signed_in.value()["second_factor"]["ticket"].clone();
    let asked = app.json("/api/v1/account-recovery", &json!({ "ticket": ticket })).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
}

fn is_done(answer: &Answer) -> bool {
    answer.status == StatusCode::NO_CONTENT
}

fn typed(password: &str) -> String {
    password.replace(' ', "+")
}

fn value_of(cookie: &str) -> String {
    cookie.split_once('=').unwrap().1.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_opens_the_door_of_its_kind_and_no_other() {
    let holder = Holder::start().await;
    for (door, own) in DOORS {
        for (kind, token) in holder.tokens.iter().filter(|(kind, _)| *kind != own) {
            assert!(!holder.opens(door, token).await, "{kind:?} at {door:?}");
        }
        for wrong in ["invented", &"A".repeat(43)] {
            assert!(!holder.opens(door, wrong).await, "{wrong:?} at {door:?}");
        }
    }
    // Nothing of that used one of them up.
    for (door, own) in DOORS {
        let (_, token) = holder.tokens.iter().find(|(kind, _)| *kind == own).unwrap();
        assert!(holder.opens(door, token).await, "{own:?} at {door:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_two_kinds_share_a_token() {
    let holder = Holder::start().await;
    for (place, (kind, token)) in holder.tokens.iter().enumerate() {
        assert!(holder.tokens.iter().skip(place + 1).all(|(_, other)| other != token), "{kind:?}");
        assert!(DOORS.iter().any(|(_, own)| own == kind), "{kind:?} opens no door");
        let is_longer = matches!(kind, Kind::Access | Kind::PersonalAccess);
        assert!(is_longer || token.len() == 43, "{kind:?} is 256 bits: {}", token.len());
    }
}
