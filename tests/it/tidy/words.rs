//! The repository speaks of the project alone, on any machine.

use super::{below, nothing_in};
use crate::support::root;

/// Words of one machine or of one workplace, in two halves, so that this file has none of them.
const FOREIGN: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    ("/home", "/"),
    ("/Use", "rs/"),
    ("artif", "actory"),
    (".inter", "nal/"),
    (".cor", "p/"),
];

#[test]
fn files_speak_of_the_project_alone() {
    let mut wrong = Vec::new();
    for path in below("") {
        #[expect(clippy::disallowed_methods, reason = "tests read the repository")]
        let bytes = std::fs::read(root().join(&path)).unwrap();
        // What is no text has no words.
        let Ok(text) = String::from_utf8(bytes) else { continue };
        for (number, line) in text.lines().enumerate() {
            let line = line.to_lowercase();
            for (one, two) in FOREIGN {
                let word = format!("{one}{two}");
                if line.contains(&word.to_lowercase()) {
                    wrong.push(format!("{}:{}: {word}", path.display(), number + 1));
                }
            }
        }
    }
    nothing_in(&wrong, "words of one machine or of one workplace:");
}
