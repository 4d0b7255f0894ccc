//! Debian's nginx with the configuration that is shipped, on free ports: nothing else of the file is another than people have.

use super::certificates::{AUTHORITY, Files};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The host of the configuration, and of the certificates of the tests.
pub const HOST: &str = "id.example.com";
const SHIPPED: &str = include_str!("../../../deploy/nginx/keywright.conf");
const NODE: &str = "    server 127.0.0.1:3000 max_fails=1 fail_timeout=5s;\n";

/// A running nginx, stopped with the test.
pub struct Nginx {
    child: Child,
    folder: tempfile::TempDir,
    _files: Files,
    http: u16,
    https: u16,
}

impl Nginx {
    /// Before these nodes.
    pub fn before(nodes: &[SocketAddr]) -> Self {
        Self::changed(nodes, |shipped| shipped)
    }

    /// The same with a change, for controls.
    pub fn changed(nodes: &[SocketAddr], change: impl FnOnce(String) -> String) -> Self {
        let (folder, files) = (tempfile::tempdir().unwrap(), Files::with("first"));
        let (http, https) = free_ports();
        let path = |path: &Path| path.display().to_string();
        let at = path(folder.path());
        let nodes: String = nodes.iter().map(|node| NODE.replace("127.0.0.1:3000", &node.to_string())).collect();
        let live = "/etc/letsencrypt/live/id.example.com";
        let mut shipped = SHIPPED.to_owned();
        for (what, with) in [
            (NODE, nodes),
            ("    listen [::]:80;\n", String::new()),
            ("    listen [::]:443 ssl http2;\n", String::new()),
            ("listen 80;", format!("listen 127.0.0.1:{http};")),
            ("listen 443 ssl", format!("listen 127.0.0.1:{https} ssl")),
            (format!("{live}/fullchain.pem").as_str(), path(&files.certificate())),
            (format!("{live}/privkey.pem").as_str(), path(&files.key())),
            ("/var/log/nginx", at.clone()),
            ("/var/www/html", at.clone()),
        ] {
            assert!(shipped.contains(what), "the shipped configuration has no {what}");
            shipped = shipped.replace(what, &with);
        }
        std::fs::write(folder.path().join("keywright.conf"), change(shipped)).unwrap();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("    {kind}_temp_path {at}/{kind};\n"))
            .concat();
        // One process, which is gone when it is killed.
        let main = format!(
            "daemon off;\nmaster_process off;\npid {at}/pid;\nerror_log {at}/error.log;\nevents {{}}\n\
             http {{\n{temporary}    include {at}/keywright.conf;\n}}\n"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, main).unwrap();
        let mut command = Command::new(program());
        command.args(["-p", &at, "-e", &format!("{at}/error.log"), "-c"]).arg(&file);
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let mut nginx = Self { child, folder, _files: files, http, https };
        nginx.wait();
        nginx
    }

    fn wait(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", self.https)).is_err() {
            let is_over = self.child.try_wait().unwrap().is_some() || Instant::now() > deadline;
            assert!(!is_over, "nginx does not start: {}", self.log("error.log"));
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// A browser at this address, which follows no redirection by itself.
    pub fn client(&self, from: &str) -> reqwest::Client {
        let authority = reqwest::Certificate::from_pem(AUTHORITY).unwrap();
        reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([authority])
            .resolve(HOST, SocketAddr::from(([127, 0, 0, 1], self.https)))
            .local_address(from.parse::<IpAddr>().unwrap())
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://{HOST}:{}{path}", self.https)
    }

    /// The same in the clear.
    pub fn plain_url(&self, path: &str) -> String {
        format!("http://{HOST}:{}{path}", self.http)
    }

    /// What it wrote into one of its logs.
    pub fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where nginx is: for everybody but root it is not in the path.
fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin", "/usr/local/bin"].map(PathBuf::from));
    let found = folders.map(|folder| folder.join("nginx")).find(|program| program.is_file());
    found.expect("nginx is not installed. Run: bin/setup")
}

fn free_ports() -> (u16, u16) {
    let [http, https] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    (http.local_addr().unwrap().port(), https.local_addr().unwrap().port())
}
