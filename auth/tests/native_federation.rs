//! Stories of native apps: a way that an app begins, and the code that it redeems.

use crate::support::provider::FakeProvider;
use crate::support::second_factor::prove;
use crate::support::totp::{code_at, enrol_totp};
use crate::support::{World, context, refusal};
use auth::federation::{FederationSettings, ProviderKind, ProviderSettings};
use auth::flow::{
    self, Entered, Federated, FederationAnswer, FederationRefused, NativeAnswer, NativeQuestion, NativeStart,
};
use auth::view::{NativeApp, NativeArrival};
use auth::{Auth, ErrorCode, ProviderId, Result};
use secrecy::SecretString;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection, Row};
use std::collections::HashMap;
use url::Url;

const EMAIL: &str = "alice@example.com";
/// RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const APP: &str = "http://127.0.0.1:50123/callback?tab=1";
const STATE: &str = "a b&c=\u{7e}";

/// An app, the provider it signs in with, and a node that knows both.
pub struct App {
    pub auth: Auth,
    provider: FakeProvider,
    id: ProviderId,
}

impl App {
    pub async fn on(world: &World) -> Self {
        let provider = FakeProvider::start().await;
        let settings = ProviderSettings { trusts_email: true, ..provider.settings() };
        let id = settings.id.clone();
        let federation =
            FederationSettings { providers: vec![settings], private_addresses: true, native_redirects: Vec::new() };
        let auth = world.another_node_with(&world.clock, |settings| settings.federation = federation).await.unwrap();
        Self { auth, provider, id }
    }

    /// What the provider says of the person, now.
    fn claims(&self) -> Value {
        let now = self.auth.now().seconds();
        json!({"sub": "1", "email": EMAIL, "email_verified": true, "name": "Alice", "iat": now, "exp": now + 300})
    }

    fn start(&self) -> NativeStart {
        NativeStart {
            provider: self.id.clone(),
            redirect_uri: APP.into(),
            code_challenge: CHALLENGE.into(),
            state: Some(STATE.into()),
        }
    }

    /// Begins; gives the address of the provider.
    async fn begin(&self) -> String {
        flow::start_native_federation(&self.auth, self.start(), &context()).await.unwrap().url
    }

    /// Comes back from the provider in some browser, and agrees there; gives where that goes then.
    async fn come_back(&self, url: &str) -> std::result::Result<String, FederationRefused> {
        let question = self.arrive(url, None).await?;
        Ok(self.say(&question, NativeAnswer::Continue).await.unwrap())
    }

    /// Comes back from the provider in a browser with this cookie; gives what is asked then.
    async fn arrive(
        &self,
        url: &str,
        browser: Option<&SecretString>,
    ) -> std::result::Result<NativeQuestion, FederationRefused> {
        self.provider.will_answer(self.claims());
        let (code, state) = self.provider.authorize(url);
        let browser = browser.cloned();
        let answer = FederationAnswer { code: Some(code.into()), browser, ..self.answer(&state) };
        let finished = flow::finish_federation(&self.auth, answer, None, None, &context()).await?;
        match finished.outcome {
            Federated::Native(question) => Ok(question),
            _ => panic!("nobody is asked"),
        }
    }

    /// Answers in the browser that was asked.
    async fn say(&self, question: &NativeQuestion, answer: NativeAnswer) -> Result<String> {
        flow::answer_native_arrival(&self.auth, &self.id, &question.ticket, &question.browser, answer).await
    }

    /// What the page shows in a browser.
    async fn shown(&self, question: &NativeQuestion, browser: &SecretString) -> Option<NativeArrival> {
        flow::native_arrival(&self.auth, &self.id, &question.ticket, browser).await.unwrap()
    }

    fn answer(&self, state: &str) -> FederationAnswer {
        let iss = match self.provider.settings().kind {
            ProviderKind::OpenId { issuer } => Some(issuer),
            ProviderKind::GitHub { .. } => None,
        };
        FederationAnswer {
            provider: self.id.clone(),
            state: Some(state.into()),
            code: None,
            iss,
            error: None,
            browser: None,
        }
    }

    /// The code that the app finds at its address.
    pub async fn code(&self) -> SecretString {
        let back = self.come_back(&self.begin().await).await.ok().unwrap();
        SecretString::from(parameters(&back)["code"].as_str())
    }

    pub async fn redeem(&self, code: &SecretString, verifier: &str) -> Result<Federated> {
        flow::finish_native_federation(&self.auth, code, &verifier.into(), None, &context()).await
    }

    pub async fn sign_in(&self) -> Federated {
        self.redeem(&self.code().await, VERIFIER).await.unwrap()
    }
}

fn parameters(address: &str) -> HashMap<String, String> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

fn is_in(federated: &Federated) -> bool {
    matches!(federated, Federated::Entered(Entered::SignedIn(_)))
}

/// What rests of codes.
async fn kept(world: &World) -> Vec<String> {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let rows = sqlx::query("SELECT digest, identity_sealed FROM federation_codes").fetch_all(&mut connection).await;
    let text = |row: &sqlx::any::AnyRow, column: &str| row.try_get::<String, _>(column).unwrap();
    let kept =
        rows.unwrap().iter().map(|row| format!("{} {}", text(row, "digest"), text(row, "identity_sealed"))).collect();
    connection.close().await.unwrap();
    kept
}

/// What rests of people who are asked.
async fn arrivals(world: &World) -> Vec<String> {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let asked = "SELECT payload_sealed FROM federation_flows WHERE purpose = 'native_arrival'";
    let rows = sqlx::query(asked).fetch_all(&mut connection).await.unwrap();
    let kept = rows.iter().map(|row| row.try_get("payload_sealed").unwrap()).collect();
    connection.close().await.unwrap();
    kept
}

on_both_databases! {
    async fn an_app_signs_somebody_in_and_gets_its_state_back(world: World) {
        let app = App::on(&world).await;
        let started = flow::start_native_federation(&app.auth, app.start(), &context()).await.unwrap();
        assert_eq!(started.expires_in, 600);
        assert_ne!(parameters(&started.url)["code_challenge"], CHALLENGE, "our own proof is another one");
        assert!(!parameters(&started.url).contains_key("prompt"), "a provider may refuse what it does not know");
        let back = app.come_back(&started.url).await.ok().unwrap();
        assert!(back.starts_with(&format!("{APP}&code=")), "{back}");
        let found = parameters(&back);
        assert_eq!((found["state"].as_str(), found["iss"].as_str()), (STATE, "https://id.example.com"));
        assert_eq!((found["code"].len(), found["tab"].as_str()), (43, "1"));
        assert!(is_in(&app.redeem(&found["code"].as_str().into(), VERIFIER).await.unwrap()));
        assert!(is_in(&app.sign_in().await), "the account is known now");
    }

    async fn no_code_exists_before_the_person_agrees(world: World) {
        let app = App::on(&world).await;
        let question = app.arrive(&app.begin().await, None).await.ok().unwrap();
        assert!(kept(&world).await.is_empty(), "nothing for the app yet");
        for _ in 0..2 {
            let shown = app.shown(&question, &question.browser).await.unwrap();
            assert_eq!(shown.app, NativeApp::ThisDevice("127.0.0.1:50123".to_owned()));
            assert_eq!((shown.provider.id, shown.account.as_deref()), (app.id.clone(), Some(EMAIL)));
        }
        assert!(kept(&world).await.is_empty(), "looking is no answer");
        let back = app.say(&question, NativeAnswer::Continue).await.unwrap();
        assert_eq!(kept(&world).await.len(), 1);
        assert!(is_in(&app.redeem(&parameters(&back)["code"].as_str().into(), VERIFIER).await.unwrap()));
        assert!(app.shown(&question, &question.browser).await.is_none());
        for again in [NativeAnswer::Continue, NativeAnswer::Cancel] {
            assert_eq!(refusal(app.say(&question, again).await), ErrorCode::FederationExpired, "{again:?}");
        }
    }

    async fn a_no_of_the_person_reaches_the_app_and_leaves_nothing(world: World) {
        let app = App::on(&world).await;
        let question = app.arrive(&app.begin().await, None).await.ok().unwrap();
        let back = app.say(&question, NativeAnswer::Cancel).await.unwrap();
        assert!(back.starts_with(&format!("{APP}&error=access_denied&")), "{back}");
        assert_eq!(parameters(&back)["state"], STATE);
        let again = app.say(&question, NativeAnswer::Continue).await;
        assert_eq!(refusal(again), ErrorCode::FederationExpired, "a no stays one");
        assert!(kept(&world).await.is_empty());
        assert!(world.auth.store().user_by_email(&crate::support::email(EMAIL)).await.unwrap().is_none());
    }

    async fn only_the_browser_that_came_back_is_asked_for_ten_minutes(world: World) {
        let app = App::on(&world).await;
        let known = SecretString::from("b".repeat(43));
        let question = app.arrive(&app.begin().await, Some(&known)).await.ok().unwrap();
        assert_eq!(secrecy::ExposeSecret::expose_secret(&question.browser), "b".repeat(43), "it has a cookie already");
        for other in ["c".repeat(43), String::new(), "b".repeat(42)].map(SecretString::from) {
            assert!(app.shown(&question, &other).await.is_none());
            let elsewhere = NativeQuestion { ticket: question.ticket.clone(), browser: other };
            for answer in [NativeAnswer::Continue, NativeAnswer::Cancel] {
                assert_eq!(refusal(app.say(&elsewhere, answer).await), ErrorCode::FederationExpired);
            }
        }
        // The state of a way is no ticket, and nothing was consumed by any of that.
        let state = SecretString::from(parameters(&app.begin().await)["state"].as_str());
        let mixed_up = NativeQuestion { ticket: state, browser: SecretString::from(String::new()) };
        assert_eq!(refusal(app.say(&mixed_up, NativeAnswer::Continue).await), ErrorCode::FederationExpired);
        world.clock.advance_seconds(599);
        assert!(app.shown(&question, &known).await.is_some());
        world.clock.advance_seconds(1);
        assert!(app.shown(&question, &known).await.is_none());
        assert_eq!(refusal(app.say(&question, NativeAnswer::Continue).await), ErrorCode::FederationExpired);
        assert!(kept(&world).await.is_empty());
    }

    async fn one_answer_of_twenty_counts(world: World) {
        let app = std::sync::Arc::new(App::on(&world).await);
        let question = std::sync::Arc::new(app.arrive(&app.begin().await, None).await.ok().unwrap());
        let answers: Vec<_> = (0..20)
            .map(|_| {
                let (app, question) = (std::sync::Arc::clone(&app), std::sync::Arc::clone(&question));
                tokio::spawn(async move { app.say(&question, NativeAnswer::Continue).await })
            })
            .collect();
        let mut led = 0;
        for one in answers {
            match one.await.unwrap() {
                Ok(_) => led += 1,
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::FederationExpired),
            }
        }
        assert_eq!((led, kept(&world).await.len()), (1, 1));
    }

    async fn what_nobody_answers_is_sealed_and_forgotten(world: World) {
        let app = App::on(&world).await;
        app.arrive(&app.begin().await, None).await.ok().unwrap();
        let rows = arrivals(&world).await;
        assert_eq!(rows.len(), 1);
        for secret in [EMAIL, "Alice", "50123"] {
            assert!(!rows[0].contains(secret), "{secret}");
        }
        world.clock.advance_seconds(601);
        app.auth.delete_what_is_over().await.unwrap();
        assert!(arrivals(&world).await.is_empty());
    }

    async fn a_code_is_redeemed_once_of_twenty_at_the_same_moment(world: World) {
        let app = std::sync::Arc::new(App::on(&world).await);
        let code = app.code().await;
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let (app, code) = (std::sync::Arc::clone(&app), code.clone());
                tokio::spawn(async move { app.redeem(&code, VERIFIER).await })
            })
            .collect();
        let mut entered = 0;
        for one in tries {
            match one.await.unwrap() {
                Ok(federated) => {
                    assert!(is_in(&federated));
                    entered += 1;
                }
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::FederationExpired),
            }
        }
        assert!(entered <= 1, "{entered}");
        // Nineteen used it once more: whether before or after it made its session, that is over.
        let live = "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM sessions WHERE ended_at IS NULL";
        assert_eq!(world.number(live).await, 0);
    }

    async fn a_wrong_verifier_or_none_burns_the_code(world: World) {
        let app = App::on(&world).await;
        for (wrong, code) in [
            ("x".repeat(43), ErrorCode::FederationExpired),
            (CHALLENGE.to_owned(), ErrorCode::FederationExpired),
            (VERIFIER[1..].to_owned(), ErrorCode::FederationExpired),
            (String::new(), ErrorCode::InvalidFields),
        ] {
            let once = app.code().await;
            assert_eq!(refusal(app.redeem(&once, &wrong).await), code, "{wrong}");
            assert_eq!(refusal(app.redeem(&once, VERIFIER).await), ErrorCode::FederationExpired, "{wrong}");
        }
        assert!(kept(&world).await.is_empty());
        let invented = "A".repeat(43).into();
        assert_eq!(refusal(app.redeem(&invented, VERIFIER).await), ErrorCode::FederationExpired);
        assert!(is_in(&app.sign_in().await), "others are not concerned");
    }

    async fn a_code_lives_for_a_minute_and_a_way_for_ten(world: World) {
        let app = App::on(&world).await;
        let code = app.code().await;
        world.clock.advance_seconds(59);
        assert!(is_in(&app.redeem(&code, VERIFIER).await.unwrap()));
        let code = app.code().await;
        world.clock.advance_seconds(60);
        assert_eq!(refusal(app.redeem(&code, VERIFIER).await), ErrorCode::FederationExpired);
        let url = app.begin().await;
        world.clock.advance_seconds(600);
        let late = app.come_back(&url).await.err().unwrap();
        assert_eq!(late.refusal.refusal().code, ErrorCode::FederationExpired);
        assert!(late.native.is_none(), "nobody knows any more which app it was");
    }

    async fn what_nobody_redeems_is_sealed_and_forgotten(world: World) {
        let app = App::on(&world).await;
        let code = app.code().await;
        let rows = kept(&world).await;
        assert_eq!(rows.len(), 1);
        for secret in [EMAIL, "Alice", secrecy::ExposeSecret::expose_secret(&code)] {
            assert!(!rows[0].contains(secret), "{secret}");
        }
        app.auth.delete_what_is_over().await.unwrap();
        assert_eq!(kept(&world).await.len(), 1, "it still lives");
        world.clock.advance_seconds(61);
        app.auth.delete_what_is_over().await.unwrap();
        assert!(kept(&world).await.is_empty());
    }

    async fn a_way_comes_back_once_and_at_its_own_provider(world: World) {
        let app = App::on(&world).await;
        let url = app.begin().await;
        let state = parameters(&url)["state"].clone();
        let other = FederationAnswer { provider: ProviderId::parse("nobody").unwrap(), ..app.answer(&state) };
        let refused = flow::finish_federation(&app.auth, other, None, None, &context()).await.err().unwrap();
        assert_eq!(refused.refusal.refusal().code, ErrorCode::NotFound);
        app.come_back(&url).await.ok().unwrap();
        let again = app.come_back(&url).await.err().unwrap();
        assert_eq!(again.refusal.refusal().code, ErrorCode::FederationExpired);
    }

    async fn the_oldest_ways_make_room(world: World) {
        let app = App::on(&world).await;
        let first = app.begin().await;
        world.clock.advance_seconds(1);
        let second = app.begin().await;
        app.auth.store().sweep_native_flows(1).await.unwrap();
        let refused = app.come_back(&first).await.err().unwrap();
        assert_eq!(refused.refusal.refusal().code, ErrorCode::FederationExpired);
        app.come_back(&second).await.ok().unwrap();
    }

    async fn an_app_hears_of_a_no(world: World) {
        let app = App::on(&world).await;
        let state = parameters(&app.begin().await)["state"].clone();
        let answer = FederationAnswer { error: Some("access_denied".into()), ..app.answer(&state) };
        let refused = flow::finish_federation(&app.auth, answer, None, None, &context()).await.err().unwrap();
        assert_eq!(refused.refusal.refusal().code, ErrorCode::ProviderRefused);
        let back = refused.native.unwrap();
        assert!(back.starts_with(&format!("{APP}&error=access_denied&")), "{back}");
        let found = parameters(&back);
        assert_eq!((found["state"].as_str(), found["iss"].as_str()), (STATE, "https://id.example.com"));
        assert!(kept(&world).await.is_empty());
    }

    async fn nothing_begins_for_an_address_that_is_no_apps(world: World) {
        let app = App::on(&world).await;
        for bad in ["http://localhost:50123/", "https://evil.example/", "com.example.app:/signed-in", ""] {
            let start = NativeStart { redirect_uri: bad.into(), ..app.start() };
            let refused = flow::start_native_federation(&app.auth, start, &context()).await;
            assert_eq!(refusal(refused), ErrorCode::InvalidFields, "{bad}");
        }
        let start = NativeStart { provider: ProviderId::parse("nobody").unwrap(), ..app.start() };
        let refused = flow::start_native_federation(&app.auth, start, &context()).await;
        assert_eq!(refusal(refused), ErrorCode::NotFound);
    }

    async fn a_known_address_and_its_second_factor_hold_for_apps(world: World) {
        world.create_account(EMAIL).await;
        let app = App::on(&world).await;
        let Federated::NeedsProof(ticket) = app.sign_in().await else { panic!("it was let in") };
        world.clock.advance_seconds(1);
        let secret = enrol_totp(&world, EMAIL).await;
        let Ok(flow::SignIn::NeedsSecondFactor(pending)) = world.try_sign_in(EMAIL, crate::support::PASSWORD).await
        else {
            panic!("the password was enough")
        };
        let proved = prove(&world, &pending.ticket, &code_at(&secret, world.auth.now()), false).await.unwrap();
        let caller = world.caller(&proved.signed_in);
        flow::connect_pending(&app.auth, &caller, &ticket, &context()).await.unwrap();
        assert!(matches!(app.sign_in().await, Federated::Entered(Entered::NeedsSecondFactor(_))));
    }
}
