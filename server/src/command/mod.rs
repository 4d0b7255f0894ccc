//! The command line: one subcommand a file. Exit codes: 0 done, 1 failed, 2 wrong use.

use std::process::ExitCode;

mod migrate;
mod openapi;
mod serve;

const USAGE: &str = "\
keywright: accounts and access for your product

  keywright [serve]    serve pages and API
  keywright migrate    bring the database up to date
  keywright openapi    print the OpenAPI document

Settings come from keywright.toml or from KEYWRIGHT_* in the environment; see docs/settings.md.";

/// Runs the subcommand; without one it serves.
pub async fn run(arguments: &[String]) -> ExitCode {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        [] | ["serve"] => serve::serve().await,
        ["migrate"] => migrate::migrate().await,
        ["openapi"] => openapi::openapi(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => {
            eprintln!("keywright does not know {:?}.\n\n{USAGE}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("keywright: {error:#}");
            ExitCode::FAILURE
        }
    }
}
