//! The pages: server functions on top of each file, the component below.

#[cfg(feature = "ssr")]
mod api_docs;
mod choose_locale;
mod choose_theme;
mod dashboard;
#[cfg(feature = "ssr")]
mod dev_inbox;
mod front;
mod not_found;
#[cfg(feature = "ssr")]
mod plain;
mod sign_in;
mod sign_out;
mod sign_up;
mod verify_email;

#[cfg(feature = "ssr")]
pub use api_docs::api_docs;
pub use choose_locale::ChooseLocale;
pub use choose_theme::{ChooseTheme, SYSTEM_THEME};
pub use dashboard::{Dashboard, LoadMe};
#[cfg(feature = "ssr")]
pub use dev_inbox::dev_inbox;
pub use front::Front;
pub use not_found::NotFound;
pub use sign_in::{SignIn, SignInPage, after_sign_in};
pub use sign_out::SignOut;
pub use sign_up::{SignUp, SignUpPage};
pub use verify_email::{IsVerified, ResendVerification, VerifyCode, VerifyEmailPage, VerifyLink};

/// Every server function, registered by name: nothing depends on the linker finding them.
#[cfg(feature = "ssr")]
pub fn register_server_functions() {
    use leptos::server_fn::axum::register_explicit;
    register_explicit::<ChooseLocale>();
    register_explicit::<ChooseTheme>();
    register_explicit::<LoadMe>();
    register_explicit::<IsVerified>();
    register_explicit::<ResendVerification>();
    register_explicit::<SignIn>();
    register_explicit::<SignOut>();
    register_explicit::<SignUp>();
    register_explicit::<VerifyCode>();
    register_explicit::<VerifyLink>();
}
