//! The command line: one subcommand a file. Exit codes: 0 done, 1 failed, 2 wrong use, and [`CHANGE_FAILED`].

use std::process::ExitCode;

use crate::before_migration::ChangeFailed;

mod audit;
mod backup;
mod doctor;
mod health;
mod keys;
mod migrate;
mod moving;
mod openapi;
mod progress;
mod restore;
mod seed;
mod serve;
mod setup_link;
mod user_import;
mod user_role;
mod version;

const USAGE: &str = "\
keywright: accounts and access for your product

  keywright [serve]             serve pages and API
  keywright migrate             bring the database up to date, after a backup
      --check                   say what would be done; ends with 3 when something waits
  keywright backup              take a backup now, beside running servers
      --json                    as one JSON object
      list                      those in backup_place; --json as one JSON object
      verify FILE --identity KEY
                                restore one into a database of its own, look at everything, throw it away
      key FILE                  make the key that opens backups, and say its recipient
  keywright restore FILE --identity KEY
                                put a backup into the empty database of the settings
  keywright move --from A --to B
                                move everything to another, empty database, and compare what arrived; A and B are
                                sqlite://…, postgres://… or @FILE with such an address in it; no node may run
      --rehearse                beside running nodes; none starts on what it makes
  keywright doctor              say what is wrong with this installation, why it matters and what to do
      --json                    as one JSON object
      --quick                   ask neither mail server, DNS, providers nor the public address
  keywright health              say whether the running program is ready, for images without a shell
  keywright openapi             print the OpenAPI document
  keywright setup link          print a new link for the first administrator
  keywright seed --users N      make accounts for load tests, in development only
      --organizations M, --audit-lines K, --seed S
      --yes                     also beside accounts of people
  keywright user import FILE    bring accounts over from another system; - reads standard input
      --format csv|jsonl        what FILE is, when its name does not say it
      --dry-run                 write nothing, report what would happen
      --json                    report as one JSON object
  keywright keys list           the keys that sign access tokens, with their states
      --json                    as one JSON object
  keywright keys rotate         publish the next key; it signs when every copy of the public keys has it
      --now                     let it sign in two seconds, when every node knows it
  keywright keys revoke KID     refuse what a leaked key signed, at once
  keywright keys rotate-master  seal what rests in the database anew under master_key, beside running servers
  keywright user role EMAIL platform_admin|auditor|support|user
                                make an account an administrator, or not any more
  keywright audit verify        say whether the audit log is whole, and where not
      --json                    as one JSON object
      --expect NUMBER:HASH      an earlier end of it, kept elsewhere, must still be there
  keywright --version           say which version this is, and the newest migration that it knows

Settings come from keywright.toml or from KEYWRIGHT_* in the environment; see docs/settings.md.
The operations book begins at docs/operations/README.md: importing people, backups, moving, incidents; keys are described in
docs/keys.md, the audit log in docs/audit.md.";

/// What the program ends with when tables could not be changed although a backup was taken for it (`EX_CONFIG` of sysexits):
/// the unit of systemd does not start it again, because each start would take one more.
const CHANGE_FAILED: u8 = 78;

/// Runs the subcommand; without one it serves.
pub async fn run(arguments: &[String]) -> ExitCode {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = |()| ExitCode::SUCCESS;
    let outcome = match words.as_slice() {
        [] | ["serve"] => serve::serve().await.map(done),
        ["migrate"] => migrate::migrate().await.map(done),
        ["migrate", "--check"] => migrate::check().await,
        ["backup", words @ ..] => match backup::Act::parse(words) {
            Ok(act) => backup::backup(&act).await,
            Err(why) => return wrong_use(&format!("keywright backup: {why}.")),
        },
        ["restore", words @ ..] => match restore::Options::parse(words) {
            Ok(options) => restore::restore(&options).await,
            Err(why) => return wrong_use(&format!("keywright restore: {why}.")),
        },
        ["health"] => health::health().await.map(done),
        ["move", words @ ..] => match moving::Options::parse(words) {
            Ok(options) => moving::move_database(&options).await.map(done),
            Err(why) => return wrong_use(&format!("keywright move: {why}.")),
        },
        ["openapi"] => openapi::openapi().map(done),
        ["doctor", words @ ..] => match doctor::Options::parse(words) {
            Ok(options) => doctor::doctor(&options).await,
            Err(why) => return wrong_use(&format!("keywright doctor: {why}.")),
        },
        ["setup", "link"] => setup_link::setup_link().await,
        ["seed", words @ ..] => match seed::Options::parse(words) {
            Ok(options) => seed::seed(&options).await,
            Err(why) => return wrong_use(&format!("keywright seed: {why}.")),
        },
        ["user", "import", words @ ..] => match user_import::Options::parse(words) {
            Ok(options) => user_import::user_import(&options).await,
            Err(why) => return wrong_use(&format!("keywright user import: {why}.")),
        },
        ["keys", words @ ..] => match keys::Act::parse(words) {
            Ok(act) => keys::keys(&act).await.map(done),
            Err(why) => return wrong_use(&format!("keywright keys: {why}.")),
        },
        ["user", "role", words @ ..] => match user_role::Options::parse(words) {
            Ok(options) => user_role::user_role(&options).await,
            Err(why) => return wrong_use(&format!("keywright user role: {why}.")),
        },
        ["audit", words @ ..] => match audit::Options::parse(words) {
            Ok(options) => audit::audit(&options).await,
            Err(why) => return wrong_use(&format!("keywright audit: {why}.")),
        },
        ["--version" | "-V"] => {
            println!("{}", version::version());
            Ok(ExitCode::SUCCESS)
        }
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => return wrong_use(&format!("keywright does not know {:?}.", words.join(" "))),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("keywright: {error:#}");
        if error.is::<ChangeFailed>() { ExitCode::from(CHANGE_FAILED) } else { ExitCode::FAILURE }
    })
}

fn wrong_use(why: &str) -> ExitCode {
    eprintln!("{why}\n\n{USAGE}");
    ExitCode::from(2)
}
