//! The verdict on every number.

/// All checks so far.
pub(crate) struct Tally {
    quantities: usize,
    numbers: usize,
    off: Vec<String>,
    worst: (f64, String),
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            quantities: 0,
            numbers: 0,
            off: Vec::new(),
            worst: (0.0, String::from("all equal")),
        }
    }

    /// One quantity of `numbers` numbers, the worst of which is `share` of what is allowed.
    pub(crate) fn count(&mut self, name: &str, numbers: usize, share: f64) {
        self.quantities += 1;
        self.numbers += numbers;
        if share > self.worst.0 {
            self.worst = (share, format!("at {name}"));
        }
        if share > 1.0 {
            self.off
                .push(format!("{name}: {share:.2} of what is allowed"));
        }
    }

    /// The quantities that are off.
    pub(crate) fn off(&self) -> &[String] {
        &self.off
    }

    /// Everything in one line.
    pub(crate) fn summary(&self) -> String {
        let verdict = match self.off.len() {
            0 => String::from("none off"),
            off => format!("{off} OFF"),
        };
        let (share, place) = &self.worst;
        format!(
            "{} quantities ({} numbers) checked, {verdict}; \
             worst difference / allowance {share:.3}, {place}",
            self.quantities, self.numbers
        )
    }
}

/// The largest |ours - theirs| / allowed. It is infinite if a number is NaN or missing, or differs
/// where nothing is allowed.
pub(crate) fn worst_share(ours: &[f64], theirs: &[f64], allowed: &[f64]) -> f64 {
    if ours.len() != theirs.len() || ours.len() != allowed.len() {
        return f64::INFINITY;
    }
    let shares = ours
        .iter()
        .zip(theirs)
        .zip(allowed)
        .map(|((a, b), allowed)| match (a - b).abs() {
            0.0 => 0.0,
            difference if difference.is_nan() => f64::INFINITY,
            difference => difference / allowed,
        });
    shares.fold(0.0, f64::max)
}

/// The numbers in a tensor as PyTorch prints it, and how many digits they have after the point.
pub(crate) fn parse(printed: &str) -> (Vec<f64>, usize) {
    let is_number = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    let numbers = printed.split(|c| !is_number(c)).filter(|n| !n.is_empty());
    let digits = numbers
        .clone()
        .map(|n| n.split_once('.').map_or(0, |(_, digits)| digits.len()));
    let values = numbers.clone().map(|n| n.parse().unwrap_or(f64::NAN));
    (values.collect(), digits.max().unwrap_or(0))
}
