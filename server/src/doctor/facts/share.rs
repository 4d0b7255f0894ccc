//! A folder that may be another machine's: whether it answers, and whether something can be put into it. Where that machine is
//! gone nothing ever answers, so each look has a thread of its own, and is waited for briefly.

use rustix::fs::{Access, access};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use super::machine::{Disk, nearest};

/// How long a folder may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Looks at one folder that may wait for an answer at once.
const MOST_LOOKS: usize = 8;

/// What a look at a folder found; none where the system does not tell.
pub type Look = Option<Result<Disk, Unusable>>;

/// Why nothing can be put into a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It does not answer.
    Silent,
    /// It answers, and this is why not.
    Refused(String),
}

/// Looks at a folder, or at where it would be made.
pub(super) fn look_at_share(folder: &Path) -> Look {
    look_in_time(folder, PATIENCE, |folder| match refusal(folder) {
        Some(why) => Some(Err(Unusable::Refused(why))),
        None => Disk::look(folder).map(Ok),
    })
}

/// Looks on a thread of its own, which stays behind where nothing answers.
fn look_in_time(folder: &Path, patience: Duration, look: impl FnOnce(&Path) -> Look + Send + 'static) -> Look {
    if !begin(folder) {
        return Some(Err(Unusable::Silent));
    }
    let (tell, told) = mpsc::channel();
    let looked_at = folder.to_owned();
    thread::spawn(move || {
        let found = look(&looked_at);
        end(&looked_at);
        let _ = tell.send(found);
    });
    told.recv_timeout(patience).unwrap_or_else(|_| {
        tracing::warn!(folder = %folder.display(), "a disk does not answer");
        Some(Err(Unusable::Silent))
    })
}

/// Why nothing can be put into it; none when it can, or when it can be made.
fn refusal(folder: &Path) -> Option<String> {
    let allowed = match std::fs::metadata(folder) {
        Ok(found) if !found.is_dir() => return Some("it is no folder".to_owned()),
        Ok(_) => access(folder, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK),
        // The first backup makes it.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            access(&nearest(folder)?, Access::WRITE_OK | Access::EXEC_OK)
        }
        Err(error) => return Some(error.to_string()),
    };
    allowed.err().map(|why| io::Error::from(why).to_string())
}

/// Looks that have not come back, by their folder.
static LOOKS: Mutex<BTreeMap<PathBuf, usize>> = Mutex::new(BTreeMap::new());

fn looks() -> MutexGuard<'static, BTreeMap<PathBuf, usize>> {
    LOOKS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether one more may look at it.
fn begin(folder: &Path) -> bool {
    let mut looks = looks();
    let waiting = looks.entry(folder.to_owned()).or_default();
    let may = *waiting < MOST_LOOKS;
    *waiting += usize::from(may);
    may
}

fn end(folder: &Path) {
    let mut looks = looks();
    match looks.get_mut(folder) {
        Some(waiting) if *waiting > 1 => *waiting -= 1,
        _ => {
            looks.remove(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const BRIEFLY: Duration = Duration::from_millis(5);
    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn what_does_not_answer_is_told_each_time_and_few_threads_wait_for_it() {
        let (hangs, other) = (Path::new("/a share that hangs"), Path::new("/a share that answers"));
        let begun = Arc::new(AtomicUsize::new(0));
        let (mount, mounted) = mpsc::channel::<()>();
        let mounted = Arc::new(Mutex::new(mounted));
        let look = || {
            let (begun, mounted) = (Arc::clone(&begun), Arc::clone(&mounted));
            move |_: &Path| {
                begun.fetch_add(1, Ordering::AcqRel);
                let _ = mounted.lock().unwrap().recv();
                None
            }
        };
        for _ in 0..MOST_LOOKS + 3 {
            assert_eq!(look_in_time(hangs, BRIEFLY, look()), Some(Err(Unusable::Silent)));
        }
        while begun.load(Ordering::Acquire) < MOST_LOOKS {
            thread::yield_now();
        }
        assert_eq!(looks().get(hangs), Some(&MOST_LOOKS));
        assert_eq!(look_in_time(other, LONG, |_| None), None, "the control: another one is looked at");
        // It is back: every look comes to its end.
        drop(mount);
        while looks().contains_key(hangs) {
            thread::yield_now();
        }
        assert_eq!((look_in_time(hangs, LONG, look()), begun.load(Ordering::Acquire)), (None, MOST_LOOKS + 1));
    }

    #[test]
    fn where_nothing_can_be_put_that_is_told_with_its_reason() {
        let within = tempfile::tempdir().unwrap();
        let file = within.path().join("file");
        std::fs::write(&file, "").unwrap();
        let is_refused = |folder: &Path, words: &str| {
            let look = look_at_share(folder);
            assert!(
                matches!(&look, Some(Err(Unusable::Refused(why))) if why.contains(words)),
                "{}: {look:?}",
                folder.display()
            );
        };
        is_refused(&file, "it is no folder");
        is_refused(&file.join("backups"), "Not a directory");
        for usable in [within.path().to_owned(), within.path().join("made/by/the/first/backup")] {
            assert!(matches!(look_at_share(&usable), Some(Ok(_))), "{}", usable.display());
        }
    }
}
