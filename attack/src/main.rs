//! Attacks Keywright: `bin/attack` builds this and runs it; `docs/attacks.md` has a section for each attack.
//!
//! Each attack runs twice, over HTTP on this machine: against the program, where it must fail, and against its
//! control, where it must succeed, because an attack that cannot succeed proves nothing. A control is this same program
//! without the one defence (`auth/src/weakened.rs`), with a setting that is unsafe, or, where the defence is a type or a
//! library that nobody can switch off, a little service that does what Keywright does not.
//!
//! Arguments name attacks to run alone; `--table=FILE` writes what is printed. It ends with 1 when an attack succeeds, or
//! its control does not.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Instant;

mod attacks;
mod http;
mod target;

use attacks::{ALL, Attack, Control};
use target::{PROGRAM, Target};

/// What an attack came to.
pub enum Outcome {
    /// It was stopped.
    Stopped,
    /// It succeeded, and how.
    Succeeded(String),
    /// Some of its ways succeeded and others did not: wherever it runs, that is not as it should be.
    Partly(String),
}

impl Outcome {
    /// Succeeded, when something was found.
    pub fn of(found: Option<String>) -> Self {
        found.map_or(Self::Stopped, Self::Succeeded)
    }

    /// What several ways came to, each with whether it succeeded. Where one does, all have to: each of them shows with
    /// its control that it can.
    pub fn of_ways(ways: &[(String, bool)]) -> Self {
        let names = |wanted: bool| {
            let of = ways.iter().filter(|(_, succeeds)| *succeeds == wanted).map(|(name, _)| name.as_str());
            of.collect::<Vec<_>>().join(", ")
        };
        match (names(true), names(false)) {
            (succeeded, _) if succeeded.is_empty() => Self::Stopped,
            (_, failed) if failed.is_empty() => Self::Succeeded(format!("{} ways of {}", ways.len(), ways.len())),
            (succeeded, failed) => Self::Partly(format!("{succeeded}; but not {failed}")),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, words @ ..] = arguments.as_slice()
        && first == PROGRAM
    {
        return server::command::run(words).await;
    }
    match run(&arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("attack: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Runs what the arguments name; whether everything is as it should be.
async fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let file = arguments.iter().find_map(|argument| argument.strip_prefix("--table="));
    let names: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    if let Some(unknown) = names.iter().find(|name| ALL.iter().all(|attack| attack.name != **name)) {
        anyhow::bail!("there is no attack {unknown}");
    }
    let mut table =
        String::from("| attack | against the program | against its control | seconds |\n|---|---|---|---|\n");
    print!("{table}");
    let (mut good, mut bad) = (0, 0);
    for attack in ALL.iter().filter(|attack| names.is_empty() || names.contains(&attack.name)) {
        let started = Instant::now();
        let against_program = against_program(attack).await;
        let against_control = against_control(attack).await;
        let is_good =
            matches!(against_program, Ok(Outcome::Stopped)) && matches!(against_control, Ok(Outcome::Succeeded(_)));
        if is_good {
            good += 1
        } else {
            bad += 1
        }
        let row = format!(
            "| {} | {} | {} | {:.1} |\n",
            attack.name,
            words(against_program),
            words(against_control),
            started.elapsed().as_secs_f64()
        );
        print!("{row}");
        table.push_str(&row);
    }
    // As cargo writes it: bin/test counts it the same way.
    println!("\ntest result: {good} passed; {bad} failed; 0 ignored");
    if let Some(file) = file {
        writeln!(table)?;
        std::fs::write(file, table)?;
    }
    Ok(bad == 0)
}

async fn against_program(attack: &Attack) -> anyhow::Result<Outcome> {
    let target = Target::start(attack.settings, None).await?;
    finish(attack, target).await
}

async fn against_control(attack: &Attack) -> anyhow::Result<Outcome> {
    let target = match attack.control {
        Control::Without(defence) => Target::start(attack.settings, Some(defence)).await?,
        Control::With(setting) => Target::start(&[attack.settings, &[setting][..]].concat(), None).await?,
        Control::Service => attacks::service(attack.name).await?,
    };
    finish(attack, target).await
}

async fn finish(attack: &Attack, target: Target) -> anyhow::Result<Outcome> {
    let outcome = Box::pin(attacks::run(attack.name, &target)).await?;
    target.stop().await?;
    Ok(outcome)
}

/// One cell: a bar or a line break would begin another one.
fn words(outcome: anyhow::Result<Outcome>) -> String {
    let text = match outcome {
        Ok(Outcome::Stopped) => "stopped".to_owned(),
        Ok(Outcome::Succeeded(how)) => format!("**succeeds**: {how}"),
        Ok(Outcome::Partly(how)) => format!("**succeeds in part**: {how}"),
        Err(error) => format!("**did not run**: {error:#}"),
    };
    text.replace(['|', '\n', '\r'], " ").chars().take(400).collect()
}
