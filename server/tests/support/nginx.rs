//! Debian's nginx with the configuration that is shipped, on free ports: nothing else of the file is another than people have.

use super::certificates::{AUTHORITY, Files};
use super::shipped::{HOST, Places, program};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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
        let (certificate, key) = (files.certificate(), files.key());
        let places = Places { folder: folder.path(), http, https, certificate: &certificate, key: &key, nodes };
        let file = places.write(change).unwrap();
        let at = folder.path().display().to_string();
        let mut command = Command::new(program().expect("nginx is not installed. Run: bin/setup"));
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

    /// Where this machine finds it by a name of its own, which the certificate has as well.
    pub fn here(&self) -> String {
        format!("https://localhost:{}", self.https)
    }

    /// The same in the clear.
    pub fn plain_here(&self) -> String {
        format!("http://localhost:{}/", self.http)
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

fn free_ports() -> (u16, u16) {
    let [http, https] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    (http.local_addr().unwrap().port(), https.local_addr().unwrap().port())
}
