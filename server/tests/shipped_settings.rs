//! Settings that are shipped under `deploy/` are settings of this program: production takes them together with the secrets that
//! they leave out, and the memory that they let it use is there.

use server::Settings;
use server::settings::Mode;
use server::settings::source::from_toml;

const DEBIAN: &str = include_str!("../../deploy/debian/keywright.toml");
const KUBERNETES: &str = include_str!("../../deploy/kubernetes/settings.yaml");
const DEPLOYMENT: &str = include_str!("../../deploy/kubernetes/deployment.yaml");
const COMPOSE: &str = include_str!("../../deploy/container/compose.yaml");
const SECRETS: &str = "master_key = 'q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs='
smtp_url = 'smtps://keywright:hunter2@mail.example.com'
";
/// What the program holds besides hashes, as `keywright doctor` reckons.
const BESIDE_HASHES: u64 = 256 * 1024 * 1024;

fn parsed(toml: &str) -> Settings {
    Settings::parse(&from_toml(toml).unwrap()).unwrap()
}

/// The map of Kubernetes, with the secrets and without the certificate, whose files are not here.
fn of_kubernetes() -> String {
    let (_, text) = KUBERNETES.split_once("keywright.toml: |\n").unwrap();
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("tls_"));
    let database = "database_url = 'postgres://keywright@db.example.com/keywright?sslmode=verify-full'";
    let more = [database, "listen_behind_tls = true"];
    let lines: String = lines.chain(more).map(|line| format!("{line}\n")).collect();
    format!("{lines}{SECRETS}")
}

#[test]
fn production_takes_the_settings_of_the_package_and_of_kubernetes() {
    let debian = format!("{DEBIAN}{SECRETS}");
    for toml in [&debian, &of_kubernetes()] {
        assert!(parsed(toml).mode == Mode::Production, "{toml}");
        // The control: what is no setting is refused.
        assert!(from_toml(&toml.replace("mail_from", "mail_form")).is_err());
    }
    // The service writes nowhere else.
    assert!(parsed(&debian).backup.work_folder.starts_with("/var/lib/keywright"));
}

#[test]
fn hashes_fit_into_the_memory_of_a_pod() {
    let settings = parsed(&of_kubernetes());
    let (_, limit) = DEPLOYMENT.split_once("limits: { memory: ").unwrap();
    let limit: u64 = limit.split_once("Mi }").unwrap().0.parse().unwrap();
    let hashes = u64::try_from(settings.hash_threads).unwrap() * u64::from(settings.hash_cost.memory) * 1024;
    assert!(hashes + BESIDE_HASHES <= limit * 1024 * 1024, "{hashes} bytes of hashes in {limit} MiB");
}

#[test]
fn variables_of_containers_are_settings() {
    let is_setting = |name: &str| from_toml(&format!("{name} = 'x'")).is_ok();
    for text in [DEPLOYMENT, COMPOSE] {
        let words = text.split(|sign: char| !(sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_'));
        let names: Vec<String> =
            words.filter_map(|word| word.strip_prefix("KEYWRIGHT_")).map(str::to_ascii_lowercase).collect();
        assert!(names.len() >= 3, "{names:?}");
        for name in names {
            assert!(is_setting(&name) || name.strip_suffix("_file").is_some_and(is_setting), "{name}");
        }
    }
    assert!(!is_setting("databse_url"), "the control");
}
