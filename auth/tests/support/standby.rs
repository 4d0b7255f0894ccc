//! A PostgreSQL that follows another one by streaming replication, and can be held back.

use super::cluster::Cluster;
use super::database::run_statements;

impl Cluster {
    /// A copy of it that follows it from now on and answers what is read; stopped and started as any other.
    pub fn standby(&self, options: &str) -> anyhow::Result<Self> {
        let standby = Self::without_data(self.programs.clone(), options)?;
        // The slot keeps for it what is written while it is stopped.
        let words = ["--write-recovery-conf", "--create-slot", "--slot=standby", "--checkpoint=fast", "--no-sync"];
        let (data, socket) = (standby.data(), self.folder.path());
        standby.run("pg_basebackup", |command| {
            command.args(words).args(["--no-password", "--username=postgres", "--host"]).arg(socket).arg("-D").arg(data)
        })?;
        standby.go_on()?;
        Ok(standby)
    }
}

/// What arrives at a standby is seen by nobody from now on.
pub async fn hold_back(url: &str) {
    let pause = "DO $$ BEGIN \
                 PERFORM pg_wal_replay_pause(); \
                 WHILE pg_get_wal_replay_pause_state() <> 'paused' LOOP PERFORM pg_sleep(0.01); END LOOP; \
                 END $$";
    run_statements(url, ["SET statement_timeout = '10s'".to_owned(), pause.to_owned()]).await;
}

/// What arrived meanwhile is seen, and what arrives.
pub async fn let_on(url: &str) {
    run_statements(url, ["DO $$ BEGIN PERFORM pg_wal_replay_resume(); END $$".to_owned()]).await;
}
