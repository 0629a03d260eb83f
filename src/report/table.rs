//! Tables in a terminal: a line under the header, two spaces between columns, numbers to the right.

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table,
    TableStyle, Width,
};

use super::wrap::{glued, unglued, wrap};
use super::{Style, words};

/// How a column behaves when there is little room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Numbers: to the right, never broken.
    Number,
    /// Words that belong together: to the left, never broken.
    Name,
    /// Prose: broken where it must be.
    Prose,
}

const LINES: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none().junction(' '));

/// Rows that are being collected.
pub(super) struct Rows {
    columns: Vec<(&'static str, Column)>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    pub(super) fn new(columns: &[(&'static str, Column)]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    pub(super) fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table, two columns in, at most as wide as asked where that is possible at all.
    pub(super) fn write(&self, width: usize, style: Style) -> String {
        let room = width.saturating_sub(2);
        let least = self.least();
        // Two spaces stand between columns.
        if least.iter().map(|it| it + 2).sum::<usize>() > room + 2 {
            return self.cards(width);
        }
        let room = u16::try_from(room).unwrap_or(u16::MAX);
        let mut table = Table::new();
        table.load_style(LINES);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(room);
        table.set_header(self.columns.iter().map(|(title, kind)| cell(title, *kind)));
        for row in &self.rows {
            let kinds = self.columns.iter().map(|(_, kind)| *kind);
            table.add_row(row.iter().zip(kinds).map(|(text, kind)| cell(text, kind)));
        }
        let columns = table.column_iter_mut().zip(&self.columns);
        for ((column, (_, kind)), least) in columns.zip(&least) {
            column.set_padding((0, 1));
            column.set_constraint(match kind {
                Column::Number | Column::Name => ColumnConstraint::ContentWidth,
                Column::Prose => ColumnConstraint::LowerBoundary(fixed(*least)),
            });
        }
        let lines = table.lines().enumerate();
        lines.map(|(index, line)| indented(&unglued(&line), index, style)).collect()
    }

    /// The narrowest that each column can be without a word being cut.
    fn least(&self) -> Vec<usize> {
        let widest = |index: usize, kind: Column, title: &str| {
            let cells = self.rows.iter().filter_map(|row| row.get(index)).map(String::as_str);
            let cells = cells.chain([title]).map(|it| match kind {
                Column::Number | Column::Name => it.chars().count(),
                Column::Prose => longest_word(it),
            });
            cells.max().unwrap_or(0)
        };
        let columns = self.columns.iter().enumerate();
        columns.map(|(index, (title, kind))| widest(index, *kind, title)).collect()
    }

    /// The rows one below the other, each cell behind its title: for terminals without room.
    fn cards(&self, width: usize) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let cells = row.iter().zip(&self.columns);
            let cells = cells.filter(|(text, (title, _))| !text.is_empty() && !title.is_empty());
            for (index, (cell, (title, _))) in cells.enumerate() {
                let indent = if index == 0 { "  " } else { "    " };
                let cell = words::plain(cell);
                text.push_str(&wrap(&format!("{title}: {cell}"), width, indent, "      "));
            }
        }
        text
    }
}

fn longest_word(text: &str) -> usize {
    let text = glued(text);
    text.split([' ', '\n']).map(|it| it.chars().count()).max().unwrap_or(0)
}

fn fixed(columns: usize) -> Width {
    // A column counts its padding, which is one.
    Width::Fixed(u16::try_from(columns + 1).unwrap_or(u16::MAX))
}

fn cell(text: &str, kind: Column) -> Cell {
    let alignment = match kind {
        Column::Number => CellAlignment::Right,
        Column::Name | Column::Prose => CellAlignment::Left,
    };
    Cell::new(glued(text)).set_alignment(alignment)
}

fn indented(line: &str, index: usize, style: Style) -> String {
    let line = line.trim_end();
    let ruled = line.starts_with('─');
    match index {
        _ if ruled => format!("  {}\n", style.dim(line)),
        0 => format!("  {}\n", style.bold(line)),
        _ => format!("  {line}\n"),
    }
}
