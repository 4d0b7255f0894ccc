//! Whether two sets of times can be told apart: Welch's t (B. L. Welch, 1947) with the threshold and
//! the cropping of dudect (Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?", 2017).

/// Above it chance is no explanation; below it no difference was seen with this many measurements.
pub const THRESHOLD: f64 = 4.5;

/// The larger |t| of all measurements and of the faster nine tenths of both sets together, where a
/// small difference is not buried under a few slow moments of the machine.
pub fn difference(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<f64> = one.iter().chain(other).copied().collect();
    all.sort_by(f64::total_cmp);
    let limit = all.get(all.len() * 9 / 10).copied().unwrap_or(f64::INFINITY);
    let crop = |set: &[f64]| -> Vec<f64> { set.iter().copied().filter(|time| *time <= limit).collect() };
    t(one, other).abs().max(t(&crop(one), &crop(other)).abs())
}

/// The mean of a set.
pub fn mean(set: &[f64]) -> f64 {
    set.iter().sum::<f64>() / count(set)
}

/// How many standard errors the means lie apart.
fn t(one: &[f64], other: &[f64]) -> f64 {
    let square_of_error = variance(one) / count(one) + variance(other) / count(other);
    (mean(one) - mean(other)) / square_of_error.sqrt()
}

fn variance(set: &[f64]) -> f64 {
    let mean = mean(set);
    set.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count(set) - 1.0)
}

#[expect(clippy::cast_precision_loss, reason = "thousands of measurements, not 2^52")]
fn count(set: &[f64]) -> f64 {
    set.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 1e-9
    }

    /// Means 3 and 6, variances 5/2 and 20/3, so t = (3 - 6) / √(5/2/5 + 20/3/4) = -3 / √(13/6).
    #[test]
    fn t_is_that_of_the_worked_example() {
        let (one, other) = ([1.0, 2.0, 3.0, 4.0, 5.0], [3.0, 5.0, 7.0, 9.0]);
        assert!(is_near(mean(&other), 6.0) && is_near(variance(&other), 20.0 / 3.0));
        assert!(is_near(t(&one, &other), -3.0 / (13.0_f64 / 6.0).sqrt()));
        assert!(is_near(t(&one, &other), -2.038_098_661_460_272));
        assert!(is_near(t(&one, &one), 0.0));
    }

    #[test]
    fn a_difference_is_found_below_a_few_slow_moments() {
        let times = |from: f64| -> Vec<f64> {
            let quick = (0..95).map(|number| from + f64::from(number % 5));
            quick.chain((0..5).map(|number| 10_000.0 * f64::from(number + 1))).collect()
        };
        let (one, other) = (times(100.0), times(104.0));
        assert!(t(&one, &other).abs() < 1.0, "the slow moments bury it");
        assert!(difference(&one, &other) > THRESHOLD);
        assert!(is_near(difference(&one, &one), 0.0));
    }
}
