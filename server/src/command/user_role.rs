//! `keywright user role EMAIL platform_admin|auditor|support|user`
//!
//! Whoever runs commands on the machine makes the first administrator: there is no account with a known
//! password, and no page that does it.

use auth::{Context, Email, ErrorCode, Locale, Role, flow};
use std::process::ExitCode;

use crate::{Settings, engine};

/// Whose role it is, and which.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// The address of an account.
    pub email: Email,
    /// What it may do from now on.
    pub role: Role,
}

impl Options {
    /// Reads the words after `keywright user role`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let [email, role] = words else {
            return Err("name one address and one role, as in alice@example.com platform_admin".to_owned());
        };
        let Ok(email) = Email::parse(email) else {
            return Err(format!("{email:?} is not an address such as name@example.com"));
        };
        let Some(role) = Role::parse(role) else {
            return Err(format!("a role is user, support, auditor or platform_admin, not {role:?}"));
        };
        Ok(Self { email, role })
    }
}

/// Gives an account a role, and says so, and whether an administrator has no second factor yet. Fails when the address
/// has no account.
///
/// # Errors
/// When the settings are refused or the database fails.
pub async fn user_role(options: &Options) -> anyhow::Result<ExitCode> {
    let settings = Settings::load().await?;
    let auth = engine::open(&settings).await?;
    let outcome = flow::set_role(&auth, &options.email, options.role, &context()).await;
    let due = match (&outcome, options.role) {
        (Ok(_), role) if role.administers() => flow::factor_due(&auth, &options.email).await?,
        _ => None,
    };
    let now = auth.now();
    auth.store().close().await;
    let (email, role) = (&options.email, options.role.as_str());
    match outcome {
        Ok(true) => println!("{email} has the role {role} now."),
        Ok(false) => println!("{email} had the role {role} before."),
        Err(error) if error.refusal().code == ErrorCode::NotFound => {
            eprintln!("keywright: {email} has no account. Sign up with it first.");
            return Ok(ExitCode::FAILURE);
        }
        Err(error) => return Err(error.into()),
    }
    if let Some(due) = due {
        println!("{}", told_of_factor(due.seconds_since(now)));
    }
    Ok(ExitCode::SUCCESS)
}

/// What an administrator without a second factor has to do, and how long there is for it.
fn told_of_factor(seconds_left: i64) -> String {
    const DAY: i64 = 24 * 60 * 60;
    let what = "The account has no second factor yet. It can do nothing as an administrator without one";
    match (seconds_left + DAY - 1) / DAY {
        ..=0 => format!("{what}."),
        1 => format!("{what} after tomorrow."),
        days => format!("{what} after {days} days."),
    }
}

/// Who does it: what the person sees in the activity of the account.
fn context() -> Context {
    Context {
        address: String::new(),
        device: "keywright user role".to_owned(),
        locale: Locale::default(),
        request_id: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_a_role_are_read() {
        let told = Options::parse(&["Alice@Example.com", "platform_admin"]).unwrap();
        assert_eq!((told.email.as_str(), told.role), ("alice@example.com", Role::PlatformAdmin));
        assert_eq!(Options::parse(&["a@example.com", "user"]).unwrap().role, Role::User);
    }

    #[test]
    fn a_missing_factor_is_told_with_the_time_that_is_left() {
        for (seconds, end) in
            [(-1, "without one."), (0, "without one."), (1, "after tomorrow."), (7 * 86_400, "after 7 days.")]
        {
            assert!(told_of_factor(seconds).ends_with(end), "{seconds}: {}", told_of_factor(seconds));
        }
    }

    #[test]
    fn wrong_words_are_named() {
        for (words, named) in [
            ("", "one address"),
            ("a@example.com", "one role"),
            ("a@example.com platform_admin now", "one role"),
            ("alice platform_admin", "\"alice\""),
            ("a@example.com root", "\"root\""),
            ("a@example.com Admin", "\"Admin\""),
        ] {
            let words: Vec<_> = words.split_whitespace().collect();
            let error = Options::parse(&words).unwrap_err();
            assert!(error.contains(named), "{error}");
        }
    }
}
