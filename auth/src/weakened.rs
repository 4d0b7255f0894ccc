//! Defences that a build for attacks can do without.
//!
//! A test of a defence proves something when it fails without the defence. `bin/attack` runs each attack twice: against
//! the program, and against one that lacks the defence, where it has to succeed. Both are one build for tests with the
//! feature `weakened`, which is never a default, which no release build compiles with and with which production does not
//! start. Without it every question below is answered by the compiler, and nothing of this is in the program.

#[cfg(all(feature = "weakened", not(debug_assertions)))]
compile_error!("the feature `weakened` is for bin/attack: no release is built with it");

/// Whether this program can be weakened at all.
pub const CAN_BE: bool = cfg!(feature = "weakened");

macro_rules! defences {
    ($($(#[$doc:meta])* $defence:ident = $name:literal;)+) => {
        /// What can be switched off, one at a time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Defence {
            $($(#[$doc])* $defence,)+
        }

        impl Defence {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$defence),+];

            /// Its name in `KEYWRIGHT_WEAKEN`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$defence => $name,)+
                }
            }
        }
    };
}

defences! {
    /// What other sites send is refused (`server/src/layer/cross_site.rs`; what is unsafe also by `fetch_metadata.rs`, and
    /// forms that are none of ours by `form_answer.rs`).
    Origin = "origin";
    /// The cookie is for pages alone, not for scripts (`server/src/layer/caller.rs`).
    CookieForPages = "cookie_for_pages";
    /// A cookie that is sent twice counts for nothing (`app/src/server/cookies.rs`).
    OneCookie = "one_cookie";
    /// What browsers run and who may frame it (`server/src/layer/headers.rs`).
    Policies = "policies";
    /// No cache keeps what is somebody's (`server/src/layer/headers.rs`).
    NoStore = "no_store";
    /// A request has a largest size (`server/src/layer/body_limit.rs`).
    BodyLimit = "body_limit";
    /// A sign-in leads to places on this site (`auth/src/local_path.rs`).
    LocalPath = "local_path";
    /// Administrators alone administer (`auth/src/flow/permission.rs`).
    Permission = "permission";
    /// A session is ended by its owner (`auth/src/flow/end_session.rs`).
    Owner = "owner";
    /// A token is signed by its key (`auth/src/token/verify.rs`).
    Signature = "signature";
    /// Signing out ends the session, and not only the cookie of one browser (`auth/src/flow/sign_out.rs`).
    SignOut = "sign_out";
    /// A refresh token that was used before ends its family (`auth/src/flow/refresh.rs`).
    Reuse = "reuse";
    /// A mailed code may be wrong five times (`auth/src/store/password_resets.rs`).
    Tries = "tries";
    /// An address without an account costs a hash as well (`auth/src/password/pool.rs`).
    Decoy = "decoy";
    /// A picture unfolds to so many pixels (`auth/src/avatar/picture.rs`).
    PictureBounds = "picture_bounds";
}

/// Whether a defence is switched off: never.
#[cfg(not(feature = "weakened"))]
pub const fn is_off(_defence: Defence) -> bool {
    false
}

/// Whether `KEYWRIGHT_WEAKEN`, a list with commas, names a defence.
#[cfg(feature = "weakened")]
pub fn is_off(defence: Defence) -> bool {
    off().split(',').any(|name| name == defence.name())
}

/// Whether this program does without something.
pub fn is_weakened() -> bool {
    Defence::ALL.iter().any(|defence| is_off(*defence))
}

/// What is to be switched off. It is read once.
#[cfg(feature = "weakened")]
#[expect(clippy::disallowed_methods, reason = "no setting: settings refuse this name in every other build")]
fn off() -> &'static str {
    static OFF: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| std::env::var("KEYWRIGHT_WEAKEN").unwrap_or_default());
    &OFF
}
