//! Did you mean?

/// The known word that was probably meant: the nearest within a third of its length and at most
/// three edits, counting a swap of neighbours as one edit.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const EDITS: usize = 3;
    let limit = (written.chars().count() / 3).clamp(1, EDITS);
    let distance = |word: &str| {
        strsim::osa_distance(&written.to_ascii_lowercase(), &word.to_ascii_lowercase())
    };
    known
        .into_iter()
        .filter(|word| word.len().abs_diff(written.len()) <= EDITS)
        .map(|word| (distance(word), word))
        .filter(|(edits, _)| *edits <= limit)
        .min()
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_slips_are_recognised_and_strangers_are_not() {
        let known = ["orders", "events", "spark.sql.shuffle.partitions"];
        assert_eq!(nearest("ordres", known), Some("orders"));
        assert_eq!(nearest("Events", known), Some("events"));
        assert_eq!(
            nearest("spark.sql.shuffle.partition", known),
            Some("spark.sql.shuffle.partitions")
        );
        assert_eq!(nearest("customers", known), None);
        assert_eq!(nearest("", known), None);
    }
}
