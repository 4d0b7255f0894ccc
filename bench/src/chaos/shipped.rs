//! The configuration of nginx that people are given (`deploy/nginx`), with ports, paths and nodes of this machine in it and
//! nothing else changed. Stories of the server use it as well.

use anyhow::ensure;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The host of the configuration, and of the certificates of the tests.
pub const HOST: &str = "id.example.com";
const SHIPPED: &str = include_str!("../../../deploy/nginx/keywright.conf");
const NODE: &str = "    server 127.0.0.1:3000 max_fails=1 fail_timeout=5s;\n";

/// What is another than people have.
pub struct Places<'a> {
    /// Its files, its logs and what it answers challenges with.
    pub folder: &'a Path,
    /// The port in the clear.
    pub http: u16,
    pub https: u16,
    pub certificate: &'a Path,
    pub key: &'a Path,
    pub nodes: &'a [SocketAddr],
}

impl Places<'_> {
    /// Writes it with one more change into the folder, and gives the file that nginx is started with. It runs as one process,
    /// which is gone when it is killed.
    ///
    /// # Errors
    /// When the shipped file has a part no longer that is replaced, or the folder cannot be written.
    pub fn write(&self, change: impl FnOnce(String) -> String) -> anyhow::Result<PathBuf> {
        let at = self.folder.display();
        std::fs::write(self.folder.join("keywright.conf"), change(self.site()?))?;
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("    {kind}_temp_path {at}/{kind};\n"))
            .concat();
        let main = format!(
            "daemon off;\nmaster_process off;\npid {at}/pid;\nerror_log {at}/error.log;\nevents {{}}\n\
             http {{\n{temporary}    include {at}/keywright.conf;\n}}\n"
        );
        let file = self.folder.join("nginx.conf");
        std::fs::write(&file, main)?;
        Ok(file)
    }

    fn site(&self) -> anyhow::Result<String> {
        let path = |path: &Path| path.display().to_string();
        let nodes: String = self.nodes.iter().map(|node| NODE.replace("127.0.0.1:3000", &node.to_string())).collect();
        let live = "/etc/letsencrypt/live/id.example.com";
        let mut shipped = SHIPPED.to_owned();
        for (what, with) in [
            (NODE, nodes),
            ("    listen [::]:80;\n", String::new()),
            ("    listen [::]:443 ssl http2;\n", String::new()),
            ("listen 80;", format!("listen 127.0.0.1:{};", self.http)),
            ("listen 443 ssl", format!("listen 127.0.0.1:{} ssl", self.https)),
            (format!("{live}/fullchain.pem").as_str(), path(self.certificate)),
            (format!("{live}/privkey.pem").as_str(), path(self.key)),
            ("/var/log/nginx", path(self.folder)),
            ("/var/www/html", path(self.folder)),
        ] {
            ensure!(shipped.contains(what), "the shipped configuration has no {what}");
            shipped = shipped.replace(what, &with);
        }
        Ok(shipped)
    }
}

/// Where nginx is: for everybody but root it is not in the path.
pub fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin", "/usr/local/bin"].map(PathBuf::from));
    folders.map(|folder| folder.join("nginx")).find(|program| program.is_file())
}
