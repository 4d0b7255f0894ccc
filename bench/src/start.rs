//! Start to first answer on an existing database, and memory while nothing happens.

use std::time::Duration;

use crate::Figure;
use crate::program::Program;

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (program, _) = Program::start(folder.path()).await?;
    program.create_account("alice@example.com").await?;
    program.stop().await?;
    let mut times = Vec::new();
    for _ in 0..5 {
        let (program, took) = Program::start(folder.path()).await?;
        times.push(took);
        program.stop().await?;
    }
    times.sort();
    let (program, _) = Program::start(folder.path()).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let memory = program.memory()?;
    program.stop().await?;
    Ok(vec![
        Figure {
            name: "Start to first answer (median of 5)",
            target: "≤ 150 ms",
            measured: format!("{} ms", times[2].as_millis()),
            reached: times[2] <= Duration::from_millis(150),
        },
        Figure {
            name: "Idle resident memory",
            target: "≤ 40 MB",
            measured: format!("{memory:.0} MB"),
            reached: memory <= 40.0,
        },
    ])
}
