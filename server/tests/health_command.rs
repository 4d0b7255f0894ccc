//! `keywright health`, run as an image or a unit runs it: beside the program, with its settings.

use crate::support::certificates::{AUTHORITY, Files};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A program that is stopped when the story ends, however it ends.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn keywright(folder: &Path, words: &[&str], settings: &[(&str, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
    command.args(words).current_dir(folder).env_clear().env("KEYWRIGHT_LOG", "error");
    command.envs(settings.iter().map(|(name, value)| (*name, value)));
    command
}

/// Exit code and what is said of it.
fn asked(folder: &Path, settings: &[(&str, String)]) -> (i32, String) {
    let Output { status, stdout, stderr } = keywright(folder, &["health"], settings).output().unwrap();
    (status.code().unwrap(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

/// Asks until the program is ready.
fn started(folder: &Path, settings: &[(&str, String)]) -> Program {
    let program = Program(keywright(folder, &["serve"], settings).stdout(Stdio::null()).spawn().unwrap());
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match asked(folder, settings) {
            (0, said) => {
                assert_eq!(said, "ready\n");
                return program;
            }
            (code, said) => assert!(Instant::now() < deadline, "{code}: {said}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn it_is_ready_while_it_answers_and_not_when_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("KEYWRIGHT_LISTEN", format!("127.0.0.1:{}", free_port()))];
    let (code, said) = asked(folder.path(), &settings);
    assert!(code == 1 && said.contains("no answer from http://127.0.0.1:"), "{code}: {said}");
    let program = started(folder.path(), &settings);
    drop(program);
    assert_eq!(asked(folder.path(), &settings).0, 1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "it makes nothing: the data are the program's");
}

#[test]
fn over_tls_it_believes_the_certificate_for_its_public_name_alone() {
    let (folder, files) = (tempfile::tempdir().unwrap(), Files::with("first"));
    // An authority that the system does not know stands after the certificate.
    let mut chain = std::fs::OpenOptions::new().append(true).open(files.certificate()).unwrap();
    chain.write_all(AUTHORITY).unwrap();
    let port = free_port();
    let mut settings = [
        ("KEYWRIGHT_LISTEN", format!("127.0.0.1:{port}")),
        ("KEYWRIGHT_PUBLIC_URL", format!("https://localhost:{port}")),
        ("KEYWRIGHT_TLS_CERTIFICATE", files.certificate().display().to_string()),
        ("KEYWRIGHT_TLS_KEY", files.key().display().to_string()),
    ];
    let _program = started(folder.path(), &settings);
    settings[1].1 = format!("https://other.localhost:{port}");
    let (code, said) = asked(folder.path(), &settings);
    assert!(code == 1 && said.contains("no answer from https://other.localhost"), "{code}: {said}");
}

#[test]
fn an_answer_that_is_not_ready_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = listener.local_addr().unwrap().to_string();
    let busy = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 1024];
        let _ = std::io::Read::read(&mut stream, &mut head);
        stream
            .write_all(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = asked(folder.path(), &[("KEYWRIGHT_LISTEN", listen)]);
    busy.join().unwrap();
    assert!(code == 1 && said.contains("answers 503: it is not ready"), "{code}: {said}");
}
