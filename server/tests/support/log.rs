//! What the program writes into its log, heard by a test. Each test that listens runs on one thread, and hears that.

use serde_json::Value;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, Once};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

/// What was written.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Kept {
    /// Keeps what this thread logs while the guard lives, in the form and at the level of production.
    pub fn listen() -> (Self, DefaultGuard) {
        // Whether anybody wants a line is remembered for all threads: while somebody always does, nobody's "no" is taken for ours.
        static WANTED: Once = Once::new();
        WANTED.call_once(|| {
            let everything = tracing_subscriber::registry().with(LevelFilter::INFO);
            let _ = tracing::subscriber::set_global_default(everything);
        });
        let kept = Self::default();
        let writer = kept.clone();
        let lines = tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || writer.clone());
        (kept, tracing::subscriber::set_default(lines.finish()))
    }

    /// Its lines, each of which is an object.
    pub fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }
}
