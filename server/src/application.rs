//! The running program: built from settings, so that tests build it as well, on port 0.

use anyhow::Context as _;
use auth::job::Worker;
use auth::mail::Transport;
use auth::{Auth, flow};
use axum::Router;
use ipnet::IpNet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

use crate::process::Process;
use crate::settings::{Mode, Settings};
use crate::{door, engine, metrics, router, setup_notice, site};

/// How long requests may take to finish after a signal to stop.
const FAREWELL: Duration = Duration::from_secs(8);

/// Everything that runs.
pub struct Application {
    /// The engine.
    pub auth: Auth,
    /// All routes with their layers.
    pub router: Router,
    /// What is known of the process.
    pub process: Process,
    settings: Settings,
    worker: Worker,
}

impl Application {
    /// Opens the database and builds everything; nothing listens yet.
    ///
    /// # Errors
    /// When the database, the master key, the secret of HS256 or the mail settings cannot be used.
    pub async fn build(settings: Settings) -> anyhow::Result<Self> {
        let auth = engine::open(&settings).await?;
        flow::adopt_signing_algorithm(&auth).await?;
        let transport = Transport::new(settings.smtp.as_ref(), auth.store())?;
        // Before the first request: a session that ended just before a restart stays ended.
        auth.recall_revocations().await?;
        let (options, site) = site::site(&settings)?;
        let process = Process::started(auth.now(), &settings);
        let router = router::router(&settings, &auth, &process, options, site);
        let worker = Worker::new(auth.clone(), transport);
        Ok(Self { auth, router, process, settings, worker })
    }

    /// Tells its figures at an address of their own: over TLS where the program speaks it and others reach them.
    async fn tell_metrics(&self, address: SocketAddr) -> anyhow::Result<JoinHandle<()>> {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("metrics_listen is {address}, which cannot be listened on"))?;
        tracing::info!(address = %listener.local_addr()?, "figures are told at /metrics");
        let tls = self.settings.tls.clone().filter(|_| !address.ip().is_loopback());
        let routes = metrics::routes(&self.auth, &self.process);
        let nobody: Arc<[IpNet]> = Arc::new([]);
        Ok(tokio::spawn(door::serve(listener, routes, metrics::DOOR, nobody, tls, std::future::pending())))
    }

    /// Serves until SIGTERM or SIGINT; running requests may finish.
    ///
    /// # Errors
    /// When a port is taken.
    pub async fn run_until_stopped(self) -> anyhow::Result<()> {
        let listener = TcpListener::bind(self.settings.listen)
            .await
            .with_context(|| format!("{} cannot be listened on", self.settings.listen))?;
        let metrics = match self.settings.metrics_listen {
            Some(address) => Some(self.tell_metrics(address).await?),
            None => None,
        };
        let worker = tokio::spawn(self.worker.run());
        let watcher = tokio::spawn(self.auth.clone().watch_revocations());
        let clock_watcher = tokio::spawn(self.auth.clone().watch_clock());
        let key_keeper = tokio::spawn(self.auth.clone().watch_keys());
        let listener_of_nodes = tokio::spawn(self.auth.clone().hear_other_nodes());
        let replica_watcher = tokio::spawn(self.auth.clone().watch_replica());
        let policy_watcher = tokio::spawn(self.auth.clone().watch_policies());
        let housekeeper = tokio::spawn(self.auth.clone().keep_house());
        let token_keeper = tokio::spawn(self.auth.clone().keep_provider_tokens());
        let webhook_keeper = tokio::spawn(self.auth.clone().keep_webhooks());
        let counter = tokio::spawn(self.auth.clone().keep_statistics());
        let key_teller = tokio::spawn(self.auth.clone().tell_master_key());
        let backup_keeper = tokio::spawn(self.auth.clone().keep_backups(self.settings.backup_plan()));
        setup_notice::print(&self.auth).await;
        let sealer = tokio::spawn(self.auth.clone().keep_audit_log());
        let auditor = tokio::spawn(self.auth.clone().watch_audit_log());
        let certificate_keeper =
            self.settings.tls.clone().map(|tls| tokio::spawn(tls.keep_certificate(self.auth.clone())));
        let vault_keeper = self.settings.vault.clone().map(|vault| tokio::spawn(vault.keep_token()));
        tracing::info!(address = %listener.local_addr()?, public_url = self.settings.public_url, "Keywright is ready");
        if self.settings.mode == Mode::Development && self.settings.smtp.is_none() {
            tracing::info!("mails are at {}/dev/inbox; this mode is not for production", self.settings.public_url);
        }
        let proxy_watcher = tokio::spawn(self.process.clone().keep_proxy_findings(self.auth.clone()));
        let examiner = self.process.examiner().clone();
        let examiner = tokio::spawn(examiner.keep_looking(self.settings.clone(), self.auth.clone()));
        let (asked, mut told) = tokio::sync::watch::channel(false);
        let stop = async move {
            stop_signal().await;
            let _ = asked.send(true);
        };
        let trusted = self.settings.trusted_proxies.as_slice().into();
        let limits = self.settings.door.within_open_files();
        let routes = door::Routes::of_the_program(self.router);
        let serving = door::serve(listener, routes, limits, trusted, self.settings.tls.clone(), stop);
        let too_late = async move {
            let _ = told.wait_for(|asked| *asked).await;
            tokio::time::sleep(FAREWELL).await;
        };
        tokio::select! {
            () = serving => {}
            () = too_late => tracing::warn!("some requests did not finish in time"),
        }
        worker.abort();
        watcher.abort();
        clock_watcher.abort();
        key_keeper.abort();
        policy_watcher.abort();
        listener_of_nodes.abort();
        replica_watcher.abort();
        housekeeper.abort();
        token_keeper.abort();
        webhook_keeper.abort();
        counter.abort();
        key_teller.abort();
        backup_keeper.abort();
        proxy_watcher.abort();
        examiner.abort();
        sealer.abort();
        auditor.abort();
        for keeper in vault_keeper.into_iter().chain(certificate_keeper).chain(metrics) {
            keeper.abort();
        }
        // Lines of the last moment: nobody may be there to seal them for long.
        if let Err(error) = self.auth.seal_audit_log().await {
            tracing::warn!(%error, "lines of the audit log wait for the next start");
        }
        self.auth.store().close().await;
        tracing::info!("Keywright has stopped");
        Ok(())
    }
}

async fn stop_signal() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    tracing::info!("stopping");
}
