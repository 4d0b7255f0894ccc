//! Providers and connections, as pages and programs see them.

use serde::{Deserialize, Serialize};

use crate::id::ConnectionId;
use crate::{Email, ProviderId, Timestamp};

/// The picture of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderIcon {
    /// Google's.
    Google,
    /// GitHub's.
    Github,
    /// Microsoft's.
    Microsoft,
    /// GitLab's.
    Gitlab,
    /// A key, for every other.
    Openid,
}

impl ProviderIcon {
    /// Every picture, for documents and tests.
    pub const ALL: [Self; 5] = [Self::Google, Self::Github, Self::Microsoft, Self::Gitlab, Self::Openid];

    /// The name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Github => "github",
            Self::Microsoft => "microsoft",
            Self::Gitlab => "gitlab",
            Self::Openid => "openid",
        }
    }

    /// The picture of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|icon| icon.as_str() == name)
    }
}

/// What a browser needs to ask by itself (FedCM, W3C Federated Credential Management).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FedCmItem {
    /// The provider's file for browsers.
    pub config_url: String,
    /// Who we are there.
    pub client_id: String,
}

/// A provider to sign in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderItem {
    /// Its name in addresses.
    pub id: ProviderId,
    /// Its name for people, such as `Google`.
    pub name: String,
    /// Its picture.
    pub icon: ProviderIcon,
    /// Where the browser may ask by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fedcm: Option<FedCmItem>,
}

/// An account of a provider that opens this account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionItem {
    /// The connection; not a secret.
    pub id: ConnectionId,
    /// The provider's name in addresses.
    pub provider: ProviderId,
    /// Its name for people; its name in addresses when the settings know it no more.
    pub provider_name: String,
    /// Its picture.
    pub icon: ProviderIcon,
    /// Whether it can be used: the settings know the provider.
    pub is_offered: bool,
    /// The address there, as the provider last told it.
    pub email: Option<String>,
    /// When it was connected.
    pub connected_at: Timestamp,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Timestamp>,
    /// Whether it may be disconnected: another way in is left.
    pub may_disconnect: bool,
}

/// A way into an account, to prove that one owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayIn {
    /// The password.
    Password,
    /// A passkey.
    Passkey,
    /// A provider that is connected already.
    Provider(ProviderItem),
    /// A mail that leads to a new password: there is nothing else.
    Mail,
}

/// What the page shows to somebody who came from a provider and is not let in yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingConnection {
    /// Where they came from.
    pub provider: ProviderItem,
    /// The address there, as the provider tells it.
    pub email: Option<String>,
    /// The name there.
    pub name: String,
    /// What is missing.
    pub needs: PendingNeed,
}

/// What a pending connection needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingNeed {
    /// The account of this address signs in once, by one of these ways.
    Proof {
        /// The ways, the most likely first.
        ways: Vec<WayIn>,
        /// Whether the caller is signed in to that account and proved themselves since.
        is_proved: bool,
    },
    /// An address must be proved by mail.
    Address,
    /// It was used, or is too old.
    Nothing,
}

/// A connection, as it is handed out to its person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionRecord {
    /// The provider's name in addresses.
    pub provider: ProviderId,
    /// Who the person is there.
    pub subject: String,
    /// The address there.
    pub email: Option<Email>,
    /// When it was connected.
    pub connected_at: Timestamp,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Timestamp>,
}

/// What the page shows that stands before a native app gets its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeArrival {
    /// Where the person came from.
    pub provider: ProviderItem,
    /// The app that would get the code.
    pub app: NativeApp,
    /// The address there, else the name there; none when neither was told.
    pub account: Option<String>,
}

/// A native app, as far as its address tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NativeApp {
    /// It listens on this machine, at this number and port: any program may.
    ThisDevice(String),
    /// One of the settings: its host, such as `app.example.com`, or its scheme, such as `com.example.app`.
    Named(String),
}
