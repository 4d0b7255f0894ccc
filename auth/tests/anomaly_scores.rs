//! What holds for every score, tried with signs that nobody thought of.

use auth::anomaly::{ASKS_FROM, AnomalyReason, MOST_POINTS, Signals, Travel, score, score_of_reuse};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn signals() -> impl Strategy<Value = Signals> {
    let travel = prop::option::of((0..25_000_i64, -10..1_000_000_i64));
    (travel, any::<bool>(), 0..200_i64, any::<bool>()).prop_map(|(travel, is_new_device, accounts, reused_lately)| {
        let travel = travel.map(|(kilometres, seconds)| Travel { kilometres, seconds });
        Signals { travel, is_new_device, accounts, reused_lately }
    })
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn points_have_reasons_and_reasons_have_points(signals in signals()) {
        let score = score(&signals);
        prop_assert!((0..=MOST_POINTS).contains(&score.points));
        prop_assert_eq!(score.points == 0, score.reasons.is_empty());
        prop_assert!(score.reasons.iter().all(|(_, points)| *points > 0));
        let each: BTreeSet<AnomalyReason> = score.reasons.iter().map(|(reason, _)| *reason).collect();
        prop_assert_eq!(each.len(), score.reasons.len(), "each reason once");
        prop_assert_eq!(score.points, score.reasons.iter().map(|(_, points)| points).sum::<i64>().min(MOST_POINTS));
    }

    #[test]
    fn one_sign_more_never_makes_less(signals in signals(), more in 0..200_i64) {
        let before = score(&signals).points;
        let worse = [
            Signals { is_new_device: true, ..signals },
            Signals { reused_lately: true, ..signals },
            Signals { accounts: signals.accounts + more, ..signals },
            Signals { travel: Some(Travel { kilometres: 20_000, seconds: 1 }), ..signals },
        ];
        for worse in worse {
            prop_assert!(score(&worse).points >= before, "{:?} of {:?}", worse, signals);
        }
    }

    #[test]
    fn who_is_where_they_were_with_what_they_had_is_not_unusual(accounts in 0..5_i64, seconds in 0..1_000_000_i64) {
        let near = Some(Travel { kilometres: 499, seconds });
        prop_assert_eq!(score(&Signals { travel: near, accounts, ..Signals::default() }).points, 0);
    }
}

#[test]
fn these_ask_and_those_are_noted_alone() {
    let far = Some(Travel { kilometres: 9_700, seconds: 20 * 60 });
    let none = Signals::default();
    for (signals, asks) in [
        (Signals { travel: far, ..none }, true),
        (Signals { is_new_device: true, ..none }, false),
        (Signals { accounts: 9, ..none }, false),
        (Signals { accounts: 10, ..none }, true),
        (Signals { accounts: 5, is_new_device: true, ..none }, true),
        (Signals { reused_lately: true, ..none }, false),
        (Signals { reused_lately: true, is_new_device: true, ..none }, true),
    ] {
        let score = score(&signals);
        assert!(score.points > 0, "{signals:?}");
        assert_eq!((score.asks(), score.points >= ASKS_FROM), (asks, asks), "{signals:?}");
    }
    assert!(score_of_reuse().of(AnomalyReason::TokenReuse) > 0 && score_of_reuse().asks());
    assert_eq!(score_of_reuse().of(AnomalyReason::NewDevice), 0);
}
