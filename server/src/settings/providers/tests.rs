//! Providers as operators write them, well and badly.

use secrecy::ExposeSecret as _;

use super::super::source::{from_environment, from_toml};
use super::*;

const GOOGLE: &str = "[[provider]]\nkind = 'google'\nclient_id = 'ours'\nclient_secret = 'hunter2'\n";
const OPENID: &str = "[[provider]]\nkind = 'openid'\nclient_id = 'ours'\nissuer = 'https://login.example.com'\n";

fn parsed(toml: &str, development: bool) -> anyhow::Result<FederationSettings> {
    parse(&from_toml(toml)?, development)
}

/// The one provider of a text.
fn one(toml: &str) -> ProviderSettings {
    parsed(toml, false).unwrap().providers.remove(0)
}

fn refused(toml: &str) -> String {
    format!("{:#}", parsed(toml, false).err().unwrap_or_else(|| panic!("{toml} is refused")))
}

fn issuer(provider: &ProviderSettings) -> &str {
    match &provider.kind {
        ProviderKind::OpenId { issuer } | ProviderKind::GitHub { site: issuer, .. } => issuer,
    }
}

#[test]
fn nobody_is_asked_unless_the_operator_says_so() {
    let settings = parsed("", false).unwrap();
    assert!(settings.providers.is_empty() && settings.native_redirects.is_empty() && !settings.private_addresses);
    assert!(parsed("", true).unwrap().private_addresses);
}

#[test]
fn google_needs_an_id_and_a_secret_only() {
    let google = one(GOOGLE);
    assert_eq!((google.id.as_str(), google.name.as_str(), google.icon), ("google", "Google", ProviderIcon::Google));
    assert_eq!(issuer(&google), "https://accounts.google.com");
    assert_eq!(google.scopes, ["openid", "email", "profile"]);
    assert_eq!(google.client_secret.unwrap().expose_secret(), "hunter2");
    assert!(google.trusts_email && !google.trusts_second_factor && !google.keeps_tokens);
    assert_eq!(google.fedcm_config_url, None);
    let fedcm = one(&format!("{GOOGLE}fedcm = true")).fedcm_config_url.unwrap();
    assert_eq!(fedcm, "https://accounts.google.com/gsi/fedcm.json");
}

#[test]
fn the_last_day_of_a_secret_is_a_day() {
    let ends = |toml: &str| secrets_end(&from_toml(toml).unwrap());
    assert!(ends(GOOGLE).unwrap().is_empty());
    let told = ends(&format!("{GOOGLE}client_secret_ends = '2027-01-15'\n")).unwrap();
    assert_eq!(told, [(ProviderId::parse("google").unwrap(), Timestamp(1_800_057_599_000))]);
    for wrong in ["soon", "2027-02-30", "15/01/2027", "2027-01-15T08:00:00Z"] {
        let error = ends(&format!("{GOOGLE}client_secret_ends = '{wrong}'\n")).unwrap_err().to_string();
        assert!(error.contains("client_secret_ends must be a day"), "{error}");
    }
}

#[test]
fn github_may_be_an_enterprise_server() {
    let toml = "[[provider]]\nkind = 'github'\nclient_id = 'ours'\nclient_secret = 'x'\n";
    let github = one(toml);
    assert!(github.trusts_email);
    assert_eq!(github.scopes, ["read:user", "user:email"]);
    let spoken = |toml: &str| match one(toml).kind {
        ProviderKind::GitHub { site, api } => (site, api),
        ProviderKind::OpenId { issuer } => panic!("{issuer}"),
    };
    assert_eq!(spoken(toml), ("https://github.com".to_owned(), "https://api.github.com".to_owned()));
    let own = spoken(&format!("{toml}site = 'https://git.example.com/'"));
    assert_eq!(own, ("https://git.example.com".to_owned(), "https://git.example.com/api/v3".to_owned()));
    let own = spoken(&format!("{toml}site = 'https://a.ghe.com'\napi = 'https://api.a.ghe.com'"));
    assert_eq!(own.1, "https://api.a.ghe.com");
}

#[test]
fn microsoft_is_told_by_its_tenant_and_not_trusted_with_addresses() {
    let toml = "[[provider]]\nkind = 'microsoft'\nclient_id = 'ours'\nclient_secret = 'x'\n";
    for (tenant, named) in [
        ("common", "common"),
        ("organizations", "organizations"),
        ("consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"),
        ("8eaef023-2b34-4da1-9baa-8bc8c9d6a490", "8eaef023-2b34-4da1-9baa-8bc8c9d6a490"),
    ] {
        let microsoft = one(&format!("{toml}tenant = '{tenant}'"));
        assert_eq!(issuer(&microsoft), format!("https://login.microsoftonline.com/{named}/v2.0"));
        assert!(!microsoft.trusts_email);
    }
    let kept = one(&format!("{toml}tenant = 'common'\nkeep_tokens = true"));
    assert!(kept.keeps_tokens && kept.scopes.contains(&"offline_access".to_owned()));
}

#[test]
fn any_other_is_told_by_its_issuer_which_stays_as_it_is_written() {
    let openid = one(OPENID);
    assert_eq!((openid.id.as_str(), openid.name.as_str()), ("openid", "login.example.com"));
    assert!(!openid.trusts_email && openid.client_secret.is_none());
    let toml = "[[provider]]\nkind = 'openid'\nid = 'staff'\nname = 'Staff'\nicon = 'gitlab'\nclient_id = 'ours'\n\
                issuer = 'https://login.example.com/realm/'\ntrust_email = true\ntrust_second_factor = true\n\
                scopes = ['openid', 'email']\nfedcm = 'https://login.example.com/fedcm.json'";
    let staff = one(toml);
    assert_eq!((issuer(&staff), staff.icon), ("https://login.example.com/realm/", ProviderIcon::Gitlab));
    assert!(staff.trusts_email && staff.trusts_second_factor);
    assert_eq!(staff.scopes, ["openid", "email"]);
    assert_eq!(staff.fedcm_config_url.as_deref(), Some("https://login.example.com/fedcm.json"));
    let gitlab = one("[[provider]]\nkind = 'gitlab'\nclient_id = 'ours'\nissuer = 'https://git.example.com/'");
    assert_eq!((issuer(&gitlab), gitlab.trusts_email), ("https://git.example.com", true));
    let gitlab = one("[[provider]]\nkind = 'gitlab'\nclient_id = 'ours'");
    assert_eq!((issuer(&gitlab), gitlab.name.as_str()), ("https://gitlab.com", "GitLab"));
}

#[test]
fn providers_stay_in_the_order_of_the_file() {
    let toml: String = (0..12).map(|n| format!("{OPENID}id = 'idp-{n}'\n")).collect();
    let providers = parsed(&toml, false).unwrap().providers;
    let ids: Vec<_> = providers.iter().map(|provider| provider.id.as_str().to_owned()).collect();
    assert_eq!(ids, (0..12).map(|n| format!("idp-{n}")).collect::<Vec<_>>());
}

#[test]
fn plain_http_is_for_development() {
    let toml = "[[provider]]\nkind = 'openid'\nclient_id = 'ours'\nissuer = 'http://localhost:9000'";
    let openid = parsed(toml, true).unwrap().providers.remove(0);
    assert_eq!((issuer(&openid), openid.name.as_str()), ("http://localhost:9000", "localhost:9000"));
    assert!(refused(toml).contains("provider openid: issuer must be https"));
    let off = parsed(&format!("provider_private_addresses = false\n{toml}"), true);
    assert!(off.is_err());
}

#[test]
fn a_secret_of_the_environment_or_of_a_file_wins_over_none() {
    let secret = |values: &Values| {
        let provider = parse(values, false).unwrap().providers.remove(0);
        provider.client_secret.unwrap().expose_secret().to_owned()
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "of the file\n").unwrap();
    let toml = format!("{OPENID}id = 'my-idp'\nclient_secret_file = '{}'", path.display());
    let mut values = from_toml(&toml).unwrap();
    assert_eq!(secret(&values), "of the file");
    let variable = ("KEYWRIGHT_PROVIDER_MY_IDP_CLIENT_SECRET".to_owned(), "of the environment".to_owned());
    values.extend(from_environment([variable].into_iter()).unwrap());
    assert_eq!(secret(&values), "of the environment");
    let variable = ("KEYWRIGHT_PROVIDER_MY_IDP_CLIENT_SECRET_FILE".to_owned(), path.display().to_string());
    values.extend(from_environment([variable].into_iter()).unwrap());
    assert_eq!(secret(&values), "of the file");
}

#[test]
fn a_secret_of_nobody_is_refused() {
    let mut values = from_toml(GOOGLE).unwrap();
    let variable = ("KEYWRIGHT_PROVIDER_GOGLE_CLIENT_SECRET".to_owned(), "hunter2".to_owned());
    values.extend(from_environment([variable].into_iter()).unwrap());
    let error = parse(&values, false).err().unwrap().to_string();
    let expected = "KEYWRIGHT_PROVIDER_GOGLE_CLIENT_SECRET: keywright.toml has no such provider; it has google";
    assert_eq!(error, expected);
}

#[test]
fn what_is_wrong_is_told_with_its_provider_and_key() {
    let long = "n".repeat(41);
    for (toml, words) in [
        ("[provider]\nkind = 'google'".to_owned(), "[[provider]] tables"),
        ("provider = 'google'".to_owned(), "[[provider]] tables"),
        ("[[provider]]".to_owned(), "[[provider]] number 1 is empty"),
        ("[[provider]]\nclient_id = 'hunter2'".to_owned(), "[[provider]] number 1: kind is missing"),
        ("[[provider]]\nkind = 'facebook'".to_owned(), "provider facebook: kind must be google, github"),
        (format!("{GOOGLE}clientid = 'x'"), "provider google: there is no key clientid; did you mean client_id?"),
        (format!("{GOOGLE}secret_sauce_of_ours = 'x'"), "docs/settings.md lists them all"),
        (format!("{GOOGLE}id = 'Google'"), "[[provider]] number 1: id must be a small letter"),
        (format!("{GOOGLE}name = '{long}'"), "provider google: name must have 40 characters"),
        (format!("{GOOGLE}icon = 'apple'"), "provider google: icon must be"),
        (format!("{GOOGLE}issuer = 'https://x.example.com'"), "provider google: issuer is not for the kind google"),
        (format!("{GOOGLE}trust_email = 'maybe'"), "provider google: trust_email must be on or off"),
        (format!("{GOOGLE}scopes = 'email'"), "provider google: scopes must have openid"),
        (format!("{GOOGLE}scopes = 7.5"), "provider google: scopes must be a text, or a list of texts"),
        (format!("{GOOGLE}fedcm = 'https://x.example.com'"), "provider google: fedcm must be on or off"),
        (format!("{GOOGLE}client_secret_file = '/x'"), "client_secret or client_secret_file, not both"),
        (format!("{GOOGLE}{GOOGLE}"), "provider google: there are two of this id"),
        (format!("master_key = 'hunter2'\n{GOOGLE}"), "provider google: client_secret is the master_key"),
        ("[[provider]]\nkind = 'google'\nclient_id = ''".to_owned(), "provider google: client_id is missing"),
        (
            "[[provider]]\nkind = 'google'\nclient_id = 'x'".to_owned(),
            "provider google: client_secret is missing; set it, client_secret_file, or \
             KEYWRIGHT_PROVIDER_GOOGLE_CLIENT_SECRET",
        ),
        (
            "[[provider]]\nkind = 'google'\nclient_id = 'x'\nclient_secret_file = 'hunter2'".to_owned(),
            "provider google: client_secret_file names no file that can be read",
        ),
        ("[[provider]]\nkind = 'openid'\nclient_id = 'x'".to_owned(), "provider openid: issuer is missing"),
        (format!("{OPENID}fedcm = true"), "provider openid: fedcm must be the address"),
        (format!("{OPENID}tenant = 'common'"), "provider openid: tenant is not for the kind openid"),
        ("[[provider]]\nkind = 'microsoft'".to_owned(), "provider microsoft: tenant is missing"),
        ("[[provider]]\nkind = 'microsoft'\ntenant = 'x.example.com'".to_owned(), "provider microsoft: tenant must be"),
        ("[[provider]]\nkind = 'github'\nsite = 'http://x.example.com'".to_owned(), "provider github: site must be"),
    ] {
        let error = refused(&toml);
        assert!(error.contains(words), "{toml}: {error}");
        assert!(!error.contains("hunter2"), "{error} tells a secret");
    }
    for (issuer, words) in [
        ("login.example.com", "is no address"),
        ("https://login.example.com/.well-known/openid-configuration", "must end before /.well-known"),
        ("https://me@login.example.com", "must name no user"),
        ("https://login.example.com?tenant=1", "neither ? nor #"),
        ("ftp://login.example.com", "must be https"),
    ] {
        let error = refused(&format!("[[provider]]\nkind = 'openid'\nclient_id = 'x'\nissuer = '{issuer}'"));
        assert!(error.starts_with("provider openid: issuer") && error.contains(words), "{issuer}: {error}");
    }
}

#[test]
fn native_apps_are_led_back_to_addresses_that_nobody_else_has() {
    let good = "native_redirects = 'com.example.app:/signed-in, https://app.example.com/signed-in  org.example:/x'";
    let expected = ["com.example.app:/signed-in", "https://app.example.com/signed-in", "org.example:/x"];
    assert_eq!(parsed(good, false).unwrap().native_redirects, expected);
    for (bad, words) in [
        ("myapp:/x", "a scheme with a dot"),
        ("javascript:alert(1)", "a scheme with a dot"),
        ("data:text/html;x", "a scheme with a dot"),
        ("http://app.example.com/", "must not be http"),
        ("http://127.0.0.1/", "need no setting"),
        ("https://localhost/", "must name a host"),
        ("https://me@app.example.com/", "must name no user"),
        ("https://*.example.com/", "without *"),
        ("com.example.app:/x?y", "neither ? nor #"),
        ("com.example.app:/x#y", "neither ? nor #"),
        ("COM.example.app:/x", "small letters"),
        ("/signed-in", "is no address"),
    ] {
        let error = refused(&format!("native_redirects = '{bad}'"));
        assert!(error.contains(words) && error.contains("native_redirects"), "{bad}: {error}");
    }
}
