//! The settings in effect, as operators see them. A secret never gets this far: not even its length.

use serde::{Deserialize, Serialize};

/// A setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingItem {
    /// Its name in the file.
    pub name: String,
    /// What holds, as text; none for a secret that is set.
    pub value: Option<String>,
    /// Where it was set.
    pub origin: SettingOrigin,
    /// Whether it is a secret, or an address with one in it.
    pub is_secret: bool,
    /// What it is for.
    pub about: String,
}

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingOrigin {
    /// Nobody set it.
    Default,
    /// `keywright.toml`.
    File,
    /// A variable, or a file that a variable names.
    Environment,
    /// A credential of systemd.
    Credential,
    /// A vault, at the start.
    Vault,
}

impl SettingOrigin {
    /// Every origin.
    pub const ALL: [Self; 5] = [Self::Default, Self::File, Self::Environment, Self::Credential, Self::Vault];

    /// The origin as programs see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::Credential => "credential",
            Self::Vault => "vault",
        }
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn programs_see_one_name_for_each_origin() {
        for origin in SettingOrigin::ALL {
            assert_eq!(serde_json::to_value(origin).unwrap(), origin.as_str());
        }
    }
}
