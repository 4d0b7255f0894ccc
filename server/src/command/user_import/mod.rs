//! `keywright user import FILE`
//!
//! The file is read a line at a time, each line is one row, and rows are written in batches: memory
//! stays flat, and a disk that takes a while for a commit is asked seldom. A bad row is named by its
//! line and does not stop the rest. Running an import again leaves alone what is there already.

use anyhow::Context as _;
use auth::flow::{self, ImportOutcome};
use auth::{Auth, Context, Locale};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::process::ExitCode;
use std::time::Duration;

use crate::{Settings, engine};
use report::{Report, Told};
use rows::{Row, Rows};

mod formats;
mod lines;
mod options;
mod report;
mod row;
mod rows;

pub use options::Options;

/// Rows of one transaction.
const BATCH: usize = 200;
/// Between two batches: a server on the same SQLite file gets its turn to write.
const PAUSE: Duration = Duration::from_millis(2);

/// Imports a file, and says what became of its rows. Fails when some were refused.
///
/// # Errors
/// When the file or its first line cannot be used, or the database fails. What was reported as
/// imported stays.
pub async fn user_import(options: &Options) -> anyhow::Result<ExitCode> {
    let settings = Settings::load().await?;
    let reader = open(&options.file)?;
    let auth = engine::open(&settings).await?;
    let outcome = run(&auth, reader, options).await;
    auth.store().close().await;
    outcome
}

fn open(file: &str) -> anyhow::Result<Box<dyn BufRead>> {
    if file == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let opened = File::open(file).with_context(|| format!("{file} cannot be read"))?;
    Ok(Box::new(BufReader::new(opened)))
}

async fn run(auth: &Auth, reader: Box<dyn BufRead>, options: &Options) -> anyhow::Result<ExitCode> {
    let mut rows = Rows::begin(options.format, reader, auth.now()).with_context(|| options.file.clone())?;
    let mut report = Report::new(options.is_dry_run, options.is_json);
    let outcome = import(auth, &mut rows, options, &mut report).await;
    report.finish()?;
    outcome?;
    Ok(if report.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn import(
    auth: &Auth,
    rows: &mut Rows<Box<dyn BufRead>>,
    options: &Options,
    report: &mut Report,
) -> anyhow::Result<()> {
    loop {
        let batch = rows
            .by_ref()
            .take(BATCH)
            .collect::<io::Result<Vec<Row>>>()
            .with_context(|| format!("{} cannot be read any further", options.file))?;
        let Some(first) = batch.first().map(|row| row.line) else { return Ok(()) };
        import_batch(auth, batch, options, report)
            .await
            .with_context(|| format!("nothing from line {first} on was imported; the import may be run again"))?;
        if !options.is_dry_run {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn import_batch(auth: &Auth, batch: Vec<Row>, options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let (mut lines, mut users, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for row in batch {
        match row.user {
            Ok(user) => {
                lines.push(row.line);
                users.push(user);
            }
            Err(fault) => told.push(Told::refused(row.line, fault)),
        }
    }
    let outcomes = flow::import_users(auth, &users, options.is_dry_run, &context()).await?;
    for (line, outcome) in lines.into_iter().zip(outcomes) {
        match outcome {
            ImportOutcome::Imported => report.imported += 1,
            ImportOutcome::AlreadyThere => told.push(Told::already_there(line)),
        }
    }
    told.sort_by_key(|told| told.line);
    for told in told {
        report.tell(told);
    }
    Ok(())
}

/// Who imports: what the person sees in the activity of the account.
fn context() -> Context {
    Context {
        address: String::new(),
        device: "keywright user import".to_owned(),
        locale: Locale::default(),
        request_id: String::new(),
    }
}
