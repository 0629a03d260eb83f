//! What is at the other end of standard output and standard error.

#![expect(clippy::disallowed_methods, reason = "the CLI is where the environment is looked at")]

use std::io::{IsTerminal, stderr, stdout};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

use crate::report::Style;

/// `--color`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorWish {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Also into files and pipes.
    Always,
    /// Nowhere.
    Never,
}

/// What the ends can do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// Columns.
    pub(super) width: usize,
    /// On standard output.
    pub(super) style: Style,
    /// On standard error.
    pub(super) error_style: Style,
}

const USUAL_WIDTH: usize = 80;

impl Terminal {
    /// Looks once, at the beginning.
    pub(super) fn look(wish: ColorWish) -> Self {
        let style = |auto: ColorChoice| match (wish, auto) {
            (ColorWish::Never, _) | (ColorWish::Auto, ColorChoice::Never) => Style::Plain,
            _ => Style::Ansi,
        };
        Self {
            width: width(),
            style: style(AutoStream::choice(&stdout())),
            error_style: style(AutoStream::choice(&stderr())),
        }
    }
}

/// Of the terminal; else what `COLUMNS` says; else 80.
fn width() -> usize {
    let terminal = if stdout().is_terminal() { terminal_size::terminal_size() } else { None };
    let columns = || std::env::var("COLUMNS").ok()?.trim().parse().ok();
    terminal
        .map(|(width, _)| usize::from(width.0))
        .or_else(columns)
        .filter(|it| (20..=10_000).contains(it))
        .unwrap_or(USUAL_WIDTH)
}
