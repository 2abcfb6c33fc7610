//! Aligned columns.

use super::Style;

/// A cell wider than this does not widen its column.
const MAX_COLUMN: usize = 48;

/// Lines, of which some are rows of aligned cells.
#[derive(Default)]
pub struct Table {
    lines: Vec<Line>,
}

enum Line {
    Text(String),
    Row(Vec<String>),
}

impl Table {
    /// Adds a line that is no row.
    pub fn line(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Text(text.into()));
    }

    /// Adds a row; an indent is part of its first cell. The last cell of a row may be of any length.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.lines.push(Line::Row(cells.into_iter().collect()));
    }

    /// The lines, with cells padded to the width of their column and `gap` spaces between them.
    pub fn draw(&self, gap: usize, style: &Style) -> String {
        let mut widths: Vec<usize> = Vec::new();
        for line in &self.lines {
            let Line::Row(cells) = line else { continue };
            widths.resize(widths.len().max(cells.len()), 0);
            let padded = &cells[..cells.len().saturating_sub(1)];
            for (width, cell) in widths.iter_mut().zip(padded) {
                *width = Some(style.columns(cell)).filter(|c| *c <= MAX_COLUMN).unwrap_or(0).max(*width);
            }
        }
        let mut out = String::new();
        for line in &self.lines {
            match line {
                Line::Text(text) => out.push_str(text),
                Line::Row(cells) => {
                    let padded = cells.iter().zip(&widths).map(|(cell, width)| style.padded(cell, *width));
                    out.push_str(padded.collect::<Vec<_>>().join(&" ".repeat(gap)).trim_end());
                }
            }
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_colours_take_no_room() {
        let style = Style { is_coloured: true, ..Style::default() };
        let mut table = Table::default();
        table.row([style.good("a"), "x".to_owned(), String::new()]);
        table.line("heading");
        table.row(["long".to_owned(), "y".to_owned(), "z".to_owned()]);
        assert_eq!(table.draw(2, &style), "\x1b[32ma\x1b[0m     x\nheading\nlong  y  z\n");
    }
}
