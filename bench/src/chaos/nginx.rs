//! nginx before two nodes, on this machine alone. What it answers by itself because no node does is a 503 with Retry-After,
//! like everything else that passes; and only what can be asked twice without harm is asked of the other node.

use anyhow::{Context, ensure};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

use crate::http::Connection;

const PATIENCE: Duration = Duration::from_secs(10);
/// Where Debian puts it, which is not on everybody's path.
const PROGRAMS: [&str; 2] = ["/usr/sbin/nginx", "nginx"];

/// A running nginx; killed when it is dropped.
pub struct Nginx(Child);

impl Nginx {
    /// Starts it in a folder, listening on `port`, before the nodes at these ports.
    pub async fn start(folder: &Path, port: u16, nodes: [u16; 2]) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let configuration = folder.join("nginx.conf");
        std::fs::write(&configuration, text(folder, port, nodes)?)?;
        let program = PROGRAMS.iter().find(|program| Path::new(program).exists()).unwrap_or(&PROGRAMS[1]);
        let child = Command::new(program)
            .arg("-p")
            .arg(folder)
            .arg("-c")
            .arg(&configuration)
            .args(["-e", "error.log", "-g", "daemon off;"])
            .kill_on_drop(true)
            .spawn()
            .context("nginx cannot be started; on Debian: apt-get install nginx-light")?;
        let (nginx, began) = (Self(child), Instant::now());
        while Connection::open(port).await.is_err() {
            ensure!(began.elapsed() < PATIENCE, "nginx does not listen; see {}", folder.display());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(nginx)
    }

    /// Ends it, its workers included.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let id = self.0.id().context("nginx is gone")?;
        Command::new("kill").arg(id.to_string()).status().await?;
        self.0.wait().await?;
        Ok(())
    }
}

/// The configuration.
fn text(folder: &Path, port: u16, [first, second]: [u16; 2]) -> anyhow::Result<String> {
    // Its workers have to write into the folder of whoever started it.
    let user = if std::fs::metadata("/proc/self")?.uid() == 0 { "user root;" } else { "" };
    let folder = folder.display();
    Ok(format!(
        r#"{user}
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream keywright {{
        server 127.0.0.1:{first} max_fails=1 fail_timeout=1s;
        server 127.0.0.1:{second} max_fails=1 fail_timeout=1s;
        keepalive 32;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://keywright;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_connect_timeout 2s;
            proxy_read_timeout 35s;
            proxy_next_upstream error timeout;
            error_page 502 504 =503 @later;
        }}
        location @later {{
            default_type application/problem+json;
            add_header Retry-After 1 always;
            add_header Cache-Control no-store always;
            return 503 '{{"type":"/problems/unavailable","status":503,"code":"unavailable","title":"Try again in a moment."}}';
        }}
    }}
}}
"#
    ))
}
