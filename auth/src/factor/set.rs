//! Which factors an account has.

use serde::{Deserialize, Serialize};

use super::FactorMethod;

/// Some kinds of factors, each once, strongest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Factors(Vec<FactorMethod>);

impl Factors {
    /// Reads the names that the store keeps. One that a newer version wrote still asks for a factor: it is counted as a
    /// recovery code, which everybody with a factor has.
    pub fn from_names(names: &str) -> Self {
        let mut factors = Self::default();
        for name in names.split_ascii_whitespace() {
            factors.insert(FactorMethod::parse(name).unwrap_or(FactorMethod::RecoveryCode));
        }
        factors
    }

    /// The names as the store keeps them.
    pub fn names(&self) -> String {
        self.0.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Whether the password is enough.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this kind is among them.
    pub fn contains(&self, method: FactorMethod) -> bool {
        self.0.contains(&method)
    }

    /// Whether this kind may be proved: recovery codes stand beside every other factor, and are not among them.
    pub fn has(&self, method: FactorMethod) -> bool {
        self.contains(method) || (method == FactorMethod::RecoveryCode && !self.is_empty())
    }

    /// Adds a kind; nothing happens when it is there.
    pub fn insert(&mut self, method: FactorMethod) {
        if let Err(place) = self.0.binary_search(&method) {
            self.0.insert(place, method);
        }
    }

    /// Takes a kind away.
    pub fn remove(&mut self, method: FactorMethod) {
        self.0.retain(|one| *one != method);
    }

    /// Whether one of them proves a second thing, and not a mailbox.
    pub fn has_strong(&self) -> bool {
        self.0.iter().copied().any(FactorMethod::is_strong)
    }

    /// The strongest; none when there is none.
    pub fn strongest(&self) -> Option<FactorMethod> {
        self.0.first().copied()
    }

    /// Each, strongest first.
    pub fn iter(&self) -> impl Iterator<Item = FactorMethod> + '_ {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again_strongest_first_and_each_once() {
        let mut factors = Factors::default();
        assert!(factors.is_empty() && factors.names().is_empty());
        for method in [FactorMethod::EmailCode, FactorMethod::Totp, FactorMethod::Passkey, FactorMethod::Totp] {
            factors.insert(method);
        }
        assert_eq!(factors.names(), "passkey totp email_code");
        assert_eq!(Factors::from_names(&factors.names()), factors);
        assert_eq!(factors.strongest(), Some(FactorMethod::Passkey));
        factors.remove(FactorMethod::Passkey);
        assert_eq!(factors.names(), "totp email_code");
        assert!(factors.has_strong());
        factors.remove(FactorMethod::Totp);
        assert!(!factors.has_strong(), "a mailed code proves a mailbox");
    }

    #[test]
    fn recovery_codes_stand_beside_other_factors_and_never_alone() {
        assert!(!Factors::default().has(FactorMethod::RecoveryCode));
        let factors = Factors::from_names("totp");
        assert!(factors.has(FactorMethod::RecoveryCode) && factors.has(FactorMethod::Totp));
        assert!(!factors.has(FactorMethod::Passkey));
    }

    #[test]
    fn a_factor_of_a_newer_version_is_still_asked_for() {
        assert!(!Factors::from_names("palm_print").is_empty());
    }
}
