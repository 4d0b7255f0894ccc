//! The command line: one subcommand a file. Exit codes: 0 done, 1 failed, 2 wrong use.

use std::process::ExitCode;

mod doctor;
mod keys;
mod migrate;
mod openapi;
mod serve;
mod user_import;
mod user_role;

const USAGE: &str = "\
keywright: accounts and access for your product

  keywright [serve]             serve pages and API
  keywright migrate             bring the database up to date
  keywright doctor              say what is wrong with settings, database, keys, mail server and providers
      --json                    as one JSON object
  keywright openapi             print the OpenAPI document
  keywright user import FILE    bring accounts over from another system; - reads standard input
      --format csv|jsonl        what FILE is, when its name does not say it
      --dry-run                 write nothing, report what would happen
      --json                    report as one JSON object
  keywright keys list           the keys that sign access tokens, with their states
      --json                    as one JSON object
  keywright keys rotate         publish the next key; it signs when every copy of the public keys has it
      --now                     let it sign in two seconds, when every node knows it
  keywright keys revoke KID     refuse what a leaked key signed, at once
  keywright user role EMAIL admin|user
                                make an account an administrator, or not any more

Settings come from keywright.toml or from KEYWRIGHT_* in the environment; see docs/settings.md.
Importing people is described in docs/operations.md, keys in docs/keys.md.";

/// Runs the subcommand; without one it serves.
pub async fn run(arguments: &[String]) -> ExitCode {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = |()| ExitCode::SUCCESS;
    let outcome = match words.as_slice() {
        [] | ["serve"] => serve::serve().await.map(done),
        ["migrate"] => migrate::migrate().await.map(done),
        ["openapi"] => openapi::openapi().map(done),
        ["doctor", words @ ..] => match doctor::Options::parse(words) {
            Ok(options) => doctor::doctor(&options).await,
            Err(why) => return wrong_use(&format!("keywright doctor: {why}.")),
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
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => return wrong_use(&format!("keywright does not know {:?}.", words.join(" "))),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("keywright: {error:#}");
        ExitCode::FAILURE
    })
}

fn wrong_use(why: &str) -> ExitCode {
    eprintln!("{why}\n\n{USAGE}");
    ExitCode::from(2)
}
