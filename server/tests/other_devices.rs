//! Whoever changed what lets them in is offered to sign out all other devices, and the button does it (ASVS 5.0, 7.4.3). Each
//! story does the act itself and follows where it leads.

use crate::federation_bad_answers::World;
use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::StatusCode;

const EMAIL: &str = "alice@example.com";
const BUTTON: &str = "/rpc/end_other_sessions";
const CODES: &str = "/account/recovery-codes";
const CONNECTIONS: &str = "/account/connections";

/// One account on two devices.
struct Devices {
    app: TestApp,
    here: String,
    token: String,
    elsewhere: String,
}

impl Devices {
    async fn start() -> Self {
        let app = TestApp::start().await;
        app.create_account(EMAIL).await;
        let (here, token) = app.sign_in(EMAIL).await;
        let (elsewhere, _) = app.sign_in(EMAIL).await;
        Self { app, here, token, elsewhere }
    }

    /// Posts a form of a page, and gives the page that is shown then.
    async fn act(&self, page: &str, form: &str, body: &str) -> Answer {
        let posted = self.app.form_of(page, form, body, &self.here).await;
        assert_eq!(posted.status, StatusCode::SEE_OTHER, "{form}: {}", posted.body);
        let made = posted.cookie("__Host-made-codes").map(|made| format!("; {made}")).unwrap_or_default();
        self.app.get(posted.location(), &format!("{}{made}", self.here)).await
    }

    async fn is_signed_in(&self, cookie: &str) -> bool {
        self.app.get("/account", cookie).await.status == StatusCode::OK
    }

    /// Presses the button of the offer: this device stays, the other one is out.
    async fn assert_others_go_from(&self, page: &Answer) {
        assert!(offers(page), "{}", page.body);
        assert!(self.is_signed_in(&self.elsewhere).await, "nobody is put out unasked");
        let told = self.act("/account/security", BUTTON, "").await;
        assert!(told.says("page.devices.others_ended"), "{}", told.body);
        assert!(self.is_signed_in(&self.here).await && !self.is_signed_in(&self.elsewhere).await);
    }
}

fn offers(page: &Answer) -> bool {
    page.status == StatusCode::OK && page.body.contains(&format!("action=\"{BUTTON}\""))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_new_password() {
    let devices = Devices::start().await;
    let current = PASSWORD.replace(' ', "+");
    let wrong = "current_password=wrong&new_password=trombone+lamp+yes+please";
    let refused = devices.app.form_of("/account/security", "/rpc/change_password", wrong, &devices.here).await;
    let refused = devices.app.get(refused.location(), &devices.here).await;
    assert!(!offers(&refused), "nothing changed: {}", refused.body);
    let body = format!("current_password={current}&new_password=trombone+lamp+yes+please");
    let page = devices.act("/account/security", "/rpc/change_password", &body).await;
    devices.assert_others_go_from(&page).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_new_factor() {
    let devices = Devices::start().await;
    let (mut holder, _) = devices.app.begin_app(EMAIL, &devices.token).await;
    let code = format!("code={}", holder.code(&devices.app));
    let made = devices.act("/account/authenticator", "/rpc/confirm_totp", &code).await;
    let (_, rest) = made.body.split_once("name=\"codes\" value=\"").expect("the codes that are saved first");
    let saved = format!("codes={}&saved=true", rest.split('"').next().unwrap());
    let page = devices.act(CODES, "/rpc/recovery_codes_saved", &saved).await;
    devices.assert_others_go_from(&page).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_new_connection() {
    let world = World::start().await;
    let (mut here, mut elsewhere) = (world.browser(), world.browser());
    for browser in [&mut here, &mut elsewhere] {
        let begun = browser.follow("/sign-in", "/sign-in/with/acme").await;
        let back = world.acme.agree(&world.app, begun.location());
        assert_eq!(browser.come_back(&back).await.location(), "/dashboard");
    }
    let eve = serde_json::json!({"sub": "eve-1984", "name": "Eve", "email": "eve@example.com", "email_verified": true});
    world.other.set_person(eve);
    let begun = here.follow(CONNECTIONS, "/account/connections/other/connect").await;
    let back = world.other.agree(&world.app, begun.location());
    let connected = here.come_back(&back).await;
    let page = here.go(connected.location(), &[]).await;
    assert!(offers(&page), "{}", page.body);
    assert!(!offers(&here.go(CONNECTIONS, &[]).await), "nothing changed since");

    assert_eq!(elsewhere.go("/account", &[]).await.status, StatusCode::OK);
    let ended = here.post(CONNECTIONS, BUTTON, "").await;
    assert_eq!(ended.location(), "/account/sessions?note=others_ended");
    assert_eq!(here.go("/account", &[]).await.status, StatusCode::OK);
    assert_eq!(elsewhere.go("/account", &[]).await.status, StatusCode::SEE_OTHER);
}
