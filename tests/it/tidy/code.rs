//! Rust without its comments, its texts and its tests, as far as the other checks need it.

/// The code with comments and the insides of texts blanked; lines stay where they are.
pub(super) fn bare(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let taken = match character {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '"' => quoted(rest),
            'r' if !ends_in_word(&code) => raw(rest).unwrap_or(0),
            '\'' => letter(rest).unwrap_or(0),
            _ => 0,
        };
        if taken == 0 {
            code.push(character);
        }
        let (blanked, left) = rest.split_at(taken.max(character.len_utf8()));
        if taken > 0 {
            code.extend(std::iter::repeat_n('\n', blanked.matches('\n').count()));
        }
        rest = left;
    }
    code
}

fn ends_in_word(code: &str) -> bool {
    code.ends_with(|it: char| it.is_alphanumeric() || it == '_')
}

/// The length of a text in quotes.
fn quoted(rest: &str) -> usize {
    let mut escaped = true;
    let end = rest.char_indices().find(|(_, it)| {
        let ends = *it == '"' && !escaped;
        escaped = *it == '\\' && !escaped;
        ends
    });
    // The first quote counts as escaped, and what follows it does not.
    end.map_or(rest.len(), |(index, _)| index + 1)
}

/// The length of a raw text, if one begins here.
fn raw(rest: &str) -> Option<usize> {
    let fences = rest[1..].chars().take_while(|it| *it == '#').count();
    let inside = rest[1 + fences..].strip_prefix('"')?;
    let fence = format!("\"{}", "#".repeat(fences));
    let end = inside.find(&fence).map_or(inside.len(), |it| it + fence.len());
    Some(fences + 2 + end)
}

/// The length of a letter in quotes, if this is one and no lifetime.
fn letter(rest: &str) -> Option<usize> {
    let mut letters = rest.char_indices().skip(1);
    let (_, first) = letters.next()?;
    let mut last = letters.next()?;
    if first == '\\' {
        last = letters.find(|(_, it)| *it == '\'')?;
    }
    (last.1 == '\'').then_some(last.0 + 1)
}

/// Whether a whole word is named as a path's first part: `word::…`, `use word;`, `use word as …`.
pub(super) fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(start, _)| {
        let (before, after) = (&code[..start], &code[start + word.len()..]);
        let inside = ends_in_word(before) || before.ends_with('.');
        let within_path = before.trim_end_matches(' ').ends_with("::")
            && ends_in_word(before.trim_end_matches(' ').trim_end_matches("::"));
        let used = before.ends_with("use ") && (after.starts_with(';') || after.starts_with(" as"));
        !inside && !within_path && (after.starts_with("::") || used)
    })
}

#[test]
fn comments_and_texts_are_blanked() {
    let code = "a::b; // c::d\nlet x = \"e::f \\\" g::h\"; r#\"i::j\"#; '\"'; k::l::<'a>();";
    assert_eq!(bare(code), "a::b; \nlet x = ; ; ; k::l::<'a>();");
}

#[test]
fn crates_are_told_from_modules_and_methods() {
    assert!(names("use toml::Value;", "toml") && names("let x = ::toml::from_str", "toml"));
    assert!(names("use toml;", "toml") && names("f(toml::from_str)", "toml"));
    assert!(!names("use crate::toml::Value;", "toml") && !names("my_toml::x", "toml"));
    assert!(!names("use tomlish::x;", "toml"));
}
