//! Counters with labels whose values are known when the program is built: no request makes another one.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

/// A label, or several together.
pub trait Label: Copy + 'static {
    /// How many values it has.
    const COUNT: usize;

    /// Every value, in its order.
    fn all() -> Vec<Self>;

    /// The place of a value in that order.
    fn place(self) -> usize;
}

impl<A: Label, B: Label> Label for (A, B) {
    const COUNT: usize = A::COUNT * B::COUNT;

    fn all() -> Vec<Self> {
        A::all().into_iter().flat_map(|one| B::all().into_iter().map(move |other| (one, other))).collect()
    }

    fn place(self) -> usize {
        self.0.place() * B::COUNT + self.1.place()
    }
}

/// A counter for each value of a label.
pub struct Counters<L> {
    counts: Vec<AtomicU64>,
    label: PhantomData<fn(L)>,
}

impl<L: Label> Default for Counters<L> {
    fn default() -> Self {
        Self { counts: (0..L::COUNT).map(|_| AtomicU64::new(0)).collect(), label: PhantomData }
    }
}

impl<L: Label> Counters<L> {
    /// Counts one.
    pub fn note(&self, label: L) {
        if let Some(count) = self.counts.get(label.place()) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Every value and how often it was counted.
    pub fn read(&self) -> Vec<(L, u64)> {
        L::all().into_iter().zip(self.counts.iter().map(|count| count.load(Ordering::Relaxed))).collect()
    }
}

/// Makes an enum a label; the texts are what others read.
macro_rules! label {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$about])* $variant,)+
        }

        impl $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As others read it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl $crate::meter::Label for $name {
            const COUNT: usize = Self::ALL.len();

            fn all() -> Vec<Self> {
                Self::ALL.to_vec()
            }

            fn place(self) -> usize {
                self as usize
            }
        }
    };
}

pub(super) use label;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::{JobKind, JobOutcome};

    #[test]
    fn each_pair_of_labels_has_a_place_of_its_own() {
        let pairs = <(JobKind, JobOutcome)>::all();
        let places: Vec<usize> = pairs.iter().map(|pair| pair.place()).collect();
        assert_eq!(places, (0..<(JobKind, JobOutcome)>::COUNT).collect::<Vec<_>>());
        let counters = Counters::<(JobKind, JobOutcome)>::default();
        counters.note((JobKind::Sms, JobOutcome::Dead));
        for (pair, count) in counters.read() {
            assert_eq!(count, u64::from(pair == (JobKind::Sms, JobOutcome::Dead)), "{pair:?}");
        }
    }
}
