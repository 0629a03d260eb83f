//! Lines of a text of any size, a long one cut, so that no input fills the memory.

use std::io::{self, BufRead};

/// Reads lines and counts them from 1.
pub(crate) struct Lines<R> {
    reader: R,
    longest: usize,
    number: u64,
    held: Vec<u8>,
}

/// One line without its end.
pub(crate) struct Line<'a> {
    pub(crate) number: u64,
    pub(crate) bytes: &'a [u8],
    /// The line is longer than allowed; `bytes` is its start.
    pub(crate) cut: bool,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R, longest: usize) -> Self {
        Self { reader, longest, number: 0, held: Vec::new() }
    }

    /// The next line; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.held.clear();
        let mut cut = false;
        let mut any = false;
        loop {
            let piece = match self.reader.fill_buf() {
                Ok(piece) => piece,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if piece.is_empty() {
                break;
            }
            any = true;
            let end = piece.iter().position(|it| *it == b'\n');
            let taken = end.unwrap_or(piece.len());
            let room = self.longest.saturating_sub(self.held.len());
            cut |= taken > room;
            self.held.extend_from_slice(&piece[..taken.min(room)]);
            self.reader.consume(taken + usize::from(end.is_some()));
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        if self.held.last() == Some(&b'\r') {
            self.held.pop();
        }
        self.number = self.number.saturating_add(1);
        Ok(Some(Line { number: self.number, bytes: &self.held, cut }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_and_long_ones_cut() {
        let mut lines = Lines::new(io::BufReader::with_capacity(2, &b"ab\r\n\nabcdefg\nx"[..]), 4);
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push((line.number, String::from_utf8(line.bytes.to_vec()).unwrap(), line.cut));
        }
        let expected = [(1, "ab", false), (2, "", false), (3, "abcd", true), (4, "x", false)];
        assert_eq!(seen, expected.map(|(n, text, cut)| (n, text.to_owned(), cut)));
    }
}
