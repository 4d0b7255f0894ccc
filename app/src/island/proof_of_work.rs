//! Work that spares a wait (hashcash): the machine looks for a number while the person types. It asks nothing of anybody: no
//! picture, no sound, no other service. Without a script the form says how long to wait, and that a mailed link works at once.

use auth::Challenge;
use leptos::prelude::*;

/// Tenths of the work that are done at its end.
const ALL: u64 = 10;

/// The field with the solution, filled by itself, and a line that says how it stands. `working`, with a place for the
/// percents, and `done` are its words.
#[island]
pub fn ProofOfWork(challenge: Challenge, working: String, done: String) -> impl IntoView {
    // None: no script runs.
    let tenths = RwSignal::new(None::<u64>);
    let solution = RwSignal::new(String::new());
    Effect::new(move |_| search::begin(&challenge, tenths, solution));
    let said = move || match tenths.get() {
        None => String::new(),
        Some(ALL) => done.clone(),
        Some(some) => working.replace("%{percent}", &(some * 10).to_string()),
    };
    let found = move || solution.get();
    view! {
        <input type="hidden" name="solution" prop:value=found/>
        <div class="proof-of-work" hidden=move || tenths.get().is_none()>
            <progress max="10" value=move || tenths.get().unwrap_or_default().to_string() aria-hidden="true"></progress>
            <p class="hint" role="status">{said}</p>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod search {
    use auth::Challenge;
    use leptos::prelude::*;
    use sha2::{Digest, Sha256};
    use std::time::Duration;

    use super::ALL;

    /// Numbers that are tried before the page gets its turn.
    const AT_ONCE: u64 = 8000;

    /// A search that goes on in small steps, so that the page stays quick.
    struct Search {
        text: String,
        begun: Sha256,
        bits: u32,
        next: u64,
    }

    /// Begins to look; the solution is set when it is found.
    pub fn begin(challenge: &Challenge, tenths: RwSignal<Option<u64>>, solution: RwSignal<String>) {
        let text = format!("{}.", challenge.text);
        let search = Search { begun: Sha256::new_with_prefix(&text), text, bits: challenge.bits.min(40), next: 0 };
        go_on(search, tenths, solution);
    }

    fn go_on(mut search: Search, tenths: RwSignal<Option<u64>>, solution: RwSignal<String>) {
        if let Some(found) = search.step() {
            solution.set(found);
            tenths.set(Some(ALL));
            return;
        }
        // Said only when it changed: a reader of the screen hears ten steps at most.
        let now = Some(search.tenths());
        if tenths.get_untracked() != now {
            tenths.set(now);
        }
        set_timeout(move || go_on(search, tenths, solution), Duration::ZERO);
    }

    impl Search {
        /// The solution, when it is among the next numbers.
        fn step(&mut self) -> Option<String> {
            for number in self.next..self.next + AT_ONCE {
                let digest = self.begun.clone().chain_update(number.to_string()).finalize();
                if zero_bits(&digest) >= self.bits {
                    return Some(format!("{}{number}", self.text));
                }
            }
            self.next += AT_ONCE;
            None
        }

        /// Tenths of what is to be expected. It never ends before the work does: luck may be bad.
        fn tenths(&self) -> u64 {
            ((self.next * ALL) >> self.bits).min(ALL - 1)
        }
    }

    fn zero_bits(digest: &[u8]) -> u32 {
        let mut bits = 0;
        for byte in digest {
            bits += byte.leading_zeros();
            if *byte != 0 {
                break;
            }
        }
        bits
    }
}

#[cfg(not(feature = "hydrate"))]
mod search {
    use auth::Challenge;
    use leptos::prelude::*;

    /// A browser's business.
    pub fn begin(_: &Challenge, _: RwSignal<Option<u64>>, _: RwSignal<String>) {}
}
