//! The rules: one line for each route and server function, in `rules.txt`.

use auth::organization::{BuiltInRole, OrganizationPermission, OrganizationPermissions};
use auth::{Permission, Role};

const TEXT: &str = include_str!("rules.txt");
/// What the custom role of these tests allows.
pub const CUSTOM: &str = "organization:read documents:read documents:publish";

/// A route and who may use it.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `GET`, `POST` …; `FORM` for a server function, `PAGE` for a page.
    pub method: &'static str,
    /// The path as the document names it.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
    /// The status that whoever may hears; none: it is not tried.
    pub status: Option<u16>,
    /// JSON for programs, fields for server functions.
    pub body: &'static str,
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Public,
    /// Whoever is signed in, for their own matters.
    Person,
    /// Whose role on the platform grants this.
    Platform(Permission),
    /// Whose role in the organization grants this.
    Organization(OrganizationPermission),
    /// Whoever is in the organization.
    Member,
    /// Whoever is in the organization and whom the policies let, which depends on the thing.
    Policies,
}

/// A role that somebody has in these tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Nobody is signed in.
    SignedOut,
    /// Somebody with this role on the platform and no organization.
    Platform(Role),
    /// Somebody with this role in the organization Acme.
    BuiltIn(BuiltInRole),
    /// Somebody in Acme with a role that Acme made.
    Custom,
    /// The owner of another organization.
    Stranger,
}

impl Part {
    /// Everybody, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::SignedOut,
        Self::Platform(Role::User),
        Self::Platform(Role::Support),
        Self::Platform(Role::Auditor),
        Self::Platform(Role::PlatformAdmin),
        Self::BuiltIn(BuiltInRole::Owner),
        Self::BuiltIn(BuiltInRole::Admin),
        Self::BuiltIn(BuiltInRole::Member),
        Self::BuiltIn(BuiltInRole::Viewer),
        Self::Custom,
        Self::Stranger,
    ];

    /// Its name in the table, and before the `@` of an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Platform(role) => role.as_str(),
            Self::BuiltIn(role) => role.as_str(),
            Self::Custom => "custom",
            Self::Stranger => "stranger",
        }
    }

    /// What it may in Acme; none when it is not in it.
    fn permissions(self) -> Option<OrganizationPermissions> {
        match self {
            Self::BuiltIn(role) => Some(role.permissions()),
            Self::Custom => Some(OrganizationPermissions::from_text(CUSTOM)),
            Self::SignedOut | Self::Platform(_) | Self::Stranger => None,
        }
    }
}

/// What somebody hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is theirs to do.
    Granted,
    /// Sign in first.
    SignedOut,
    /// They see the thing and may not do this.
    Forbidden,
    /// For them nothing is there.
    NotFound,
    /// The policies say, and their own tests try that.
    Decided,
}

impl Answer {
    /// In the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "yes",
            Self::SignedOut => "401",
            Self::Forbidden => "403",
            Self::NotFound => "404",
            Self::Decided => "policy",
        }
    }

    /// Whether nothing comes of it, whatever the policies say.
    pub const fn is_refusal(self) -> bool {
        !matches!(self, Self::Granted | Self::Decided)
    }
}

impl Rule {
    /// What somebody hears by the rule.
    pub fn answer(&self, part: Part) -> Answer {
        if self.who == Who::Public {
            return Answer::Granted;
        }
        if part == Part::SignedOut {
            return Answer::SignedOut;
        }
        let granted = |is_granted: bool, otherwise: Answer| if is_granted { Answer::Granted } else { otherwise };
        match self.who {
            Who::Public | Who::Person => Answer::Granted,
            Who::Platform(permission) => {
                let role = if let Part::Platform(role) = part { role } else { Role::User };
                granted(role.grants(permission), Answer::NotFound)
            }
            Who::Organization(permission) => match part.permissions() {
                None => Answer::NotFound,
                Some(permissions) => granted(permissions.contains(permission), Answer::Forbidden),
            },
            Who::Member => granted(part.permissions().is_some(), Answer::NotFound),
            Who::Policies if part.permissions().is_some() => Answer::Decided,
            Who::Policies => Answer::NotFound,
        }
    }

    /// Whether it is a route of REST.
    pub fn is_rest(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// Whether it changes something, so that whoever may do it gets a world of their own.
    pub fn changes(&self) -> bool {
        !matches!(self.method, "GET" | "PAGE")
    }

    /// Whether it lies within an organization.
    pub fn is_of_organization(&self) -> bool {
        matches!(self.who, Who::Organization(_) | Who::Member | Who::Policies)
    }
}

/// Every rule.
pub fn rules() -> Vec<Rule> {
    TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(parse).collect()
}

fn parse(line: &'static str) -> Rule {
    let mut words = line.splitn(5, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (method, path, who, status, body) = (word(), word(), word(), word(), word());
    let who = match who.split_once(':') {
        None if who == "public" => Who::Public,
        None if who == "person" => Who::Person,
        None if who == "member" => Who::Member,
        None if who == "policies" => Who::Policies,
        Some(("platform", permission)) => Who::Platform(Permission::parse(permission).expect(line)),
        Some(("organization", permission)) => Who::Organization(OrganizationPermission::parse(permission).expect(line)),
        _ => panic!("{line}: who is public, person, member, policies, platform:… or organization:…"),
    };
    let status = (status != "-").then(|| status.parse().expect(line));
    Rule { method, path, who, status, body }
}
