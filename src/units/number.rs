//! Plain numbers: the casts that other floors need, and how numbers are printed.

/// A count as a float. Counts above 2^53 lose their last digits.
pub fn float(count: u64) -> f64 {
    count as f64
}

/// A signed number as a float. Numbers beyond 2^53 lose their last digits.
pub fn from_long(number: i64) -> f64 {
    number as f64
}

/// A size in memory as a count.
pub fn count(size: usize) -> u64 {
    size as u64
}

/// A count as an index; counts that cannot be indexed saturate.
pub fn index(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// The float without its fraction, as Java's `(long)` does it: saturating, NaN is 0.
pub fn java_long(value: f64) -> i64 {
    value as i64
}

/// `1.5`, `12.3`, `128`, `1013`: at most two decimals, none where they say nothing.
pub fn trimmed(value: f64) -> String {
    let decimals = match value.abs() {
        it if it < 9.995 => 2,
        it if it < 999.95 => 1,
        _ => 0,
    };
    let text = format!("{value:.decimals$}");
    if decimals == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `1,234,567`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_short() {
        let printed = [0.0, 1.0, 1.5, 2.484, 9.999, 12.34, 102.4, 1000.0, 1013.4].map(trimmed);
        assert_eq!(printed, ["0", "1", "1.5", "2.48", "10", "12.3", "102.4", "1000", "1013"]);
        assert_eq!(
            [0, 999, 1000, 13_340_403_302].map(grouped),
            ["0", "999", "1,000", "13,340,403,302"]
        );
    }
}
