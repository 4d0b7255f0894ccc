//! Other services to sign in with: their buttons, and the pages between coming back from one and being let in.

use auth::flow;
use auth::view::ProviderIcon;

use crate::server;
use crate::text::{t, t_with};

mod buttons;
mod connect_account;
mod finish_sign_up;
mod native_app;
mod refused;
mod ways;

pub(super) use buttons::{LastUsed, ProviderButtons, way_to_mark};
pub(super) use connect_account::PATH as CONNECT_ACCOUNT;
pub use connect_account::{ConnectAccountPage, ConnectPending, ForgetPendingConnection};
pub use finish_sign_up::{FederatedSignUp, FinishSignUpPage};
pub use native_app::NativeAppPage;
pub use refused::ProviderRefusedPage;
pub(super) use refused::refusal_sentence;

/// The icon of a provider's picture.
pub(in crate::page) const fn icon_of(icon: ProviderIcon) -> &'static str {
    match icon {
        ProviderIcon::Google => "provider-google",
        ProviderIcon::Github => "provider-github",
        ProviderIcon::Microsoft => "provider-microsoft",
        ProviderIcon::Gitlab => "provider-gitlab",
        ProviderIcon::Openid => "key",
    }
}

/// What the button of a provider says.
pub(in crate::page) fn continue_with(name: &str) -> String {
    t_with("page.federation.continue_with", &[("provider", name)])
}

/// How a session was proved that a provider vouched for; the settings may know it no more.
pub(super) fn with_provider(id: &str) -> String {
    let known = flow::list_providers(&server::auth()).into_iter().find(|provider| provider.id.as_str() == id);
    let name = known.map_or_else(|| id.to_owned(), |provider| provider.name);
    t_with("page.federation.with", &[("provider", &name)])
}

/// What a page about a pending connection says once there is none.
fn expired_text() -> String {
    t("page.federation.pending_expired")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_is_in_the_sprite() {
        let sprite = include_str!("../../../../public/icons.svg");
        for icon in ProviderIcon::ALL {
            assert!(sprite.contains(&format!("<symbol id=\"{}\"", icon_of(icon))), "{icon:?}");
        }
    }
}
