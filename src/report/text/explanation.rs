//! Explanations of other programs' messages, and pages of the catalogue.

use super::table::Table;
use super::{Style, safe, wrapped};
use crate::diagnose::catalogue::Row;
use crate::explain::{Explanation, PrintedBy, Saying};
use crate::handshake::Side;
use crate::report::Page;
use crate::safe::all_of;

/// How wide a paragraph gets.
const PARAGRAPH: usize = 100;

/// How many strings of one stack a page shows, unless all are asked for.
const EXAMPLES: usize = 2;

/// What a text means: the root cause in full, the rest in a line each.
pub fn draw(found: &[Explanation], style: &Style) -> String {
    let Some((first, rest)) = found.split_first() else { return unknown(style) };
    let mut table = Table::default();
    full(first, &mut table, style);
    if style.is_verbose {
        for explanation in rest {
            table.line("");
            full(explanation, &mut table, style);
        }
    } else if !rest.is_empty() {
        table.line("");
        table.line("  also there (-v tells more):");
        for e in rest {
            table.row([format!("    line {}", e.line), e.stack.to_owned(), safe(&e.matched)]);
        }
    }
    table.draw(2, style)
}

/// What to do with a text that holds nothing known.
fn unknown(style: &Style) -> String {
    let mut table = Table::default();
    table.line("nothing known here: the text holds none of the error messages that mtls knows");
    table.line(format!("  {}  mtls connect HOST:PORT --client KEYSTORE TRUSTSTORE", style.strong("next:")));
    table.line("         mtls handshake --server KEYSTORE TRUSTSTORE --client KEYSTORE TRUSTSTORE, with the files of both sides");
    table.draw(2, style)
}

fn full(e: &Explanation, table: &mut Table, style: &Style) {
    let place = match (e.line, e.count) {
        (1, 1) => String::new(),
        (line, 1) => format!(" (line {line})"),
        (line, count) => format!(" (line {line}, {count} times)"),
    };
    table.line(format!("{}{}", style.strong(&safe(&e.matched)), style.faint(&place)));
    field(table, style, "means:", &e.meaning);
    field(table, style, "said by:", &format!("{}, {}", e.stack, who(e.printed_by)));
    field(table, style, "look at:", &all_of(&e.look_at.iter().map(|word| place_name(word)).collect::<Vec<_>>()));
    if !e.codes.is_empty() {
        field(table, style, "may be:", &e.codes.iter().map(|c| c.word()).collect::<Vec<_>>().join(", "));
    }
    // a command stays one line, so that it can be pasted
    table.line(format!("  {}  {}", style.padded(&style.strong("next:"), 8), safe(&e.next)));
    if style.is_verbose {
        field(table, style, "source:", &e.source);
    }
}

/// A label and its text, in lines below each other.
fn field(table: &mut Table, style: &Style, label: &str, text: &str) {
    let columns = style.width.unwrap_or(PARAGRAPH).clamp(40, PARAGRAPH) - 12;
    for (i, line) in wrapped(&safe(text), columns, style).iter().enumerate() {
        let label = if i == 0 { style.strong(label) } else { String::new() };
        table.line(format!("  {}  {line}", style.padded(&label, 8)));
    }
}

fn who(by: PrintedBy) -> &'static str {
    match by {
        PrintedBy::Side(Side::Client) => "the client",
        PrintedBy::Side(Side::Server) => "the server",
        PrintedBy::Either => "client or server, the text does not show which",
        PrintedBy::Reader => "while it read a file",
    }
}

/// A place's word in the JSON, for people.
fn place_name(word: &str) -> &str {
    match word {
        "client-keystore" => "the client's keystore",
        "client-truststore" => "the client's truststore",
        "client" => "the client's settings",
        "server-keystore" => "the server's keystore",
        "server-truststore" => "the server's truststore",
        "server" => "the server's settings",
        "own-keystore" => "the keystore of the side that printed this",
        "own-truststore" => "the truststore of the side that printed this",
        "own" => "the settings of the side that printed this",
        "peer-keystore" => "the keystore of the other side",
        "peer-truststore" => "the truststore of the other side",
        "peer" => "the other side: its log and settings",
        "protocol" => "what both sides can speak",
        "network" => "the way between them",
        "file" => "the file",
        other => other,
    }
}

/// A page of the catalogue with what the stacks call it, or a line for each of several.
pub fn pages(pages: &[Page], style: &Style) -> String {
    let mut table = Table::default();
    if let [page] = pages {
        let Row { code, title, cause, remedy } = page.row;
        table.line(format!("{} {title}", style.strong(&format!("{code}:"))));
        field(&mut table, style, "cause:", cause);
        field(&mut table, style, "remedy:", remedy);
        sayings(&page.said_as, &mut table, style);
    } else {
        for page in pages {
            table.row([page.row.code.to_string(), page.row.title.to_owned()]);
        }
    }
    table.draw(2, style)
}

fn sayings(said_as: &[Saying], table: &mut Table, style: &Style) {
    if said_as.is_empty() {
        return;
    }
    table.line(format!("  {}", style.strong("other programs say, of this or of something like it:")));
    let mut of_stack: Vec<(&str, usize)> = Vec::new();
    for saying in said_as {
        let i = of_stack.iter().position(|(stack, _)| *stack == saying.stack).unwrap_or_else(|| {
            of_stack.push((saying.stack, 0));
            of_stack.len() - 1
        });
        of_stack[i].1 += 1;
        if style.is_verbose || of_stack[i].1 <= EXAMPLES {
            table.row([format!("    {}", saying.stack), saying.text.clone()]);
        }
    }
}
