//! The table of known strings: `strings.txt`, read once. Its head says how a record is written.

use super::pattern::Pattern;
use crate::diagnose::Code;
use crate::diagnose::catalogue::CATALOGUE;
use crate::handshake::Side;
use std::sync::OnceLock;

const TEXT: &str = include_str!("strings.txt");

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub rows: Vec<Row>,
    pub needles: Vec<Needle>,
}

/// One meaning, however many strings say it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub weight: Weight,
    pub look: Vec<Look>,
    pub codes: Vec<(Code, Option<Side>)>,
    pub means: String,
    /// What to run next: whichever side printed it, or one side only.
    pub next: Vec<(Option<Side>, String)>,
    pub source: String,
    /// How many strings must stand in the text besides.
    pub conditions: usize,
}

/// How much a string says; the more it says, the earlier it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It wraps something that says more.
    Frame,
    /// It is the echo of one of several causes, mostly the other side's.
    Echo,
    /// It names the cause, or a few that this program cannot tell apart.
    Cause,
    /// It means more than it says, by its own words or by what stands beside it.
    Insight,
}

/// Who prints a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrintedBy {
    /// One side of a connection.
    Side(Side),
    /// Either side; the text did not show which.
    Either,
    /// A program that reads a file, without a connection.
    Reader,
}

/// Where to look, from the view of the side that printed the string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Own(Part),
    Peer(Part),
    Protocol,
    Network,
    File,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Keystore,
    Truststore,
    Settings,
}

/// A string to search for, and what it is found for.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    pub pattern: Pattern,
    /// As it is written in the table.
    pub text: String,
    pub stack: &'static str,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It says what the row means.
    Says { row: usize, by: PrintedBy },
    /// It says so only where it is the whole text.
    Only { row: usize, by: PrintedBy },
    /// The row needs it somewhere in the text; conditions are counted from 0.
    With { row: usize, condition: usize },
    /// The row does not hold where this is in the text.
    Unless { row: usize },
    /// It shows which side wrote this part of the text.
    Marks(Side),
    /// It shows which host and port the text is about.
    Where,
    /// It stands before a nested cause: the deeper one is the root.
    Nests,
}

/// The table; that it can be read is what the test at the foot of this file says.
pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read(TEXT).unwrap_or_default())
}

/// A record: its fields in order.
type Record = Vec<(&'static str, String)>;

fn read(text: &'static str) -> Result<Table, String> {
    let records = records(text)?;
    let mut table = Table::default();
    let recipes: Vec<&Record> = records.iter().filter(|r| field(r, "recipe").is_some()).collect();
    let notations: Vec<&Record> = records.iter().filter(|r| field(r, "notation").is_some()).collect();
    for record in &records {
        let Some((key, value)) = record.first() else { continue };
        match *key {
            "notation" | "recipe" => {}
            "side" => {
                let side = side(value)?;
                table.strings(record, "says", stack(record)?, Role::Marks(side))?;
            }
            "where" => table.strings(record, "where", "any", Role::Where)?,
            "nests" => table.strings(record, "nests", "any", Role::Nests)?,
            "alert" | "verify" => {
                let row = table.row(record, &recipes)?;
                let (number, name) = value.split_once(' ').unwrap_or((value, ""));
                for notation in notations.iter().filter(|n| field(n, "notation") == Some(key)) {
                    let mut written = Vec::new();
                    for name in std::iter::once(name).chain(fields(record, "also")) {
                        table.spelled(row, &Spelling { number, name, record }, notation, &mut written)?;
                    }
                }
                table.row_strings(row, record)?;
            }
            _ => {
                let row = table.row(record, &recipes)?;
                table.row_strings(row, record)?;
            }
        }
    }
    Ok(table)
}

/// Splits into records at empty lines; a line that begins with a space goes on with the field above it.
fn records(text: &'static str) -> Result<Vec<Record>, String> {
    let mut records = vec![Record::new()];
    for line in text.lines() {
        let Some(record) = records.last_mut() else { break };
        if line.trim().is_empty() {
            if !record.is_empty() {
                records.push(Record::new());
            }
        } else if line.starts_with('#') {
        } else if let Some(more) = line.strip_prefix("  ") {
            let (_, value) = record.last_mut().ok_or_else(|| format!("{line}: goes on with nothing"))?;
            value.push(' ');
            value.push_str(more.trim());
        } else {
            let (key, value) = line.split_once(':').ok_or_else(|| format!("{line}: no field"))?;
            record.push((key, value.trim().to_owned()));
        }
    }
    records.retain(|r| !r.is_empty());
    Ok(records)
}

fn field<'a>(record: &'a Record, key: &str) -> Option<&'a str> {
    record.iter().find(|(k, _)| *k == key).map(|(_, v)| v.as_str())
}

fn fields<'a>(record: &'a Record, key: &'a str) -> impl Iterator<Item = &'a str> {
    record.iter().filter(move |(k, _)| *k == key).map(|(_, v)| v.as_str())
}

/// The stacks, as they are shown.
pub(super) const STACKS: &[(&str, &str)] = &[
    ("any", "TLS"),
    ("java", "Java"),
    ("keytool", "keytool"),
    ("tomcat", "Tomcat"),
    ("kafka", "Kafka"),
    ("pgjdbc", "PostgreSQL JDBC"),
    ("spring", "Spring or Vault"),
    ("openssl", "OpenSSL"),
    ("curl", "curl"),
    ("node", "Node.js"),
    ("python", "Python"),
    ("go", "Go"),
    ("rustls", "rustls"),
    ("native-tls", "native-tls"),
    ("dotnet", ".NET"),
    ("windows", "Windows SChannel"),
    ("macos", "macOS"),
    ("gnutls", "GnuTLS"),
    ("nginx", "nginx"),
    ("haproxy", "HAProxy"),
    ("apache", "Apache httpd"),
    ("postgres", "PostgreSQL"),
    ("iis", "IIS"),
    ("browser", "a browser"),
    ("salesforce", "Salesforce"),
];

fn stack(record: &Record) -> Result<&'static str, String> {
    let of_table = if field(record, "verify").is_some() { "openssl" } else { "any" };
    let word = field(record, "stack").unwrap_or(of_table);
    STACKS.iter().find(|(w, _)| *w == word).map(|(w, _)| *w).ok_or_else(|| format!("{word}: no such stack"))
}

fn side(word: &str) -> Result<Side, String> {
    match word {
        "client" => Ok(Side::Client),
        "server" => Ok(Side::Server),
        _ => Err(format!("{word}: neither client nor server")),
    }
}

fn printed_by(record: &Record) -> Result<PrintedBy, String> {
    Ok(match field(record, "by") {
        None | Some("either") => PrintedBy::Either,
        Some("reader") => PrintedBy::Reader,
        Some(word) => PrintedBy::Side(side(word)?),
    })
}

impl Table {
    /// Adds the meaning of a record.
    fn row(&mut self, record: &Record, recipes: &[&Record]) -> Result<usize, String> {
        const KEYS: &[&str] = &[
            "says",
            "only",
            "with",
            "unless",
            "stack",
            "by",
            "weight",
            "look",
            "codes",
            "means",
            "next",
            "next@client",
            "next@server",
            "run",
            "from",
            "alert",
            "verify",
            "also",
            "go",
            "rustls",
        ];
        let need = |key: &str| field(record, key).filter(|v| !v.is_empty()).ok_or_else(|| format!("{record:?}: no {key}"));
        if let Some((key, _)) = record.iter().find(|(k, _)| !KEYS.contains(k)) {
            return Err(format!("{record:?}: what is {key}?"));
        }
        let codes = field(record, "codes").unwrap_or_default().split_whitespace().map(code).collect::<Result<_, _>>()?;
        let recipe = match field(record, "run") {
            None => None,
            Some(name) => {
                let found = recipes.iter().find(|r| field(r, "recipe") == Some(name));
                Some(*found.ok_or_else(|| format!("{name}: no such recipe"))?)
            }
        };
        let next = recipe.into_iter().chain([record]).flatten().filter_map(|(k, v)| match *k {
            "next" => Some((None, v.clone())),
            "next@client" => Some((Some(Side::Client), v.clone())),
            "next@server" => Some((Some(Side::Server), v.clone())),
            _ => None,
        });
        self.rows.push(Row {
            weight: match need("weight")? {
                "frame" => Weight::Frame,
                "echo" => Weight::Echo,
                "cause" => Weight::Cause,
                "insight" => Weight::Insight,
                other => return Err(format!("{other}: no such weight")),
            },
            look: need("look")?.split_whitespace().map(look).collect::<Result<_, _>>()?,
            codes,
            means: need("means")?.to_owned(),
            next: next.collect(),
            source: need("from")?.to_owned(),
            conditions: fields(record, "with").count(),
        });
        Ok(self.rows.len() - 1)
    }

    fn row_strings(&mut self, row: usize, record: &Record) -> Result<(), String> {
        let (stack, by) = (stack(record)?, printed_by(record)?);
        self.strings(record, "says", stack, Role::Says { row, by })?;
        self.strings(record, "only", stack, Role::Only { row, by })?;
        for (condition, text) in fields(record, "with").enumerate() {
            self.string(text, stack, Role::With { row, condition })?;
        }
        self.strings(record, "unless", stack, Role::Unless { row })
    }

    fn strings(&mut self, record: &Record, key: &str, stack: &'static str, role: Role) -> Result<(), String> {
        fields(record, key).try_for_each(|text| self.string(text, stack, role))
    }

    fn string(&mut self, text: &str, stack: &'static str, role: Role) -> Result<(), String> {
        self.needles.push(Needle { pattern: Pattern::parse(text)?, text: text.to_owned(), stack, role });
        Ok(())
    }

    /// An alert or verification result as one stack spells it.
    fn spelled(
        &mut self,
        row: usize,
        spelling: &Spelling<'_>,
        notation: &Record,
        written: &mut Vec<String>,
    ) -> Result<(), String> {
        let (stack, by) = (stack(notation)?, printed_by(notation)?);
        let by = if by == PrintedBy::Either { printed_by(spelling.record)? } else { by };
        for (key, role) in [("says", Role::Says { row, by }), ("only", Role::Only { row, by })] {
            for text in fields(notation, key) {
                // a name of one word is the same with and without its underscores
                if let Some(text) = spelling.write(text).filter(|text| !written.contains(text)) {
                    self.string(&text, stack, role)?;
                    written.push(text);
                }
            }
        }
        Ok(())
    }
}

fn code(word: &str) -> Result<(Code, Option<Side>), String> {
    let (word, by) = match word.split_once('@') {
        Some((word, by)) => (word, Some(side(by)?)),
        None => (word, None),
    };
    let row = CATALOGUE.iter().find(|r| r.code.word() == word).ok_or_else(|| format!("{word}: no such code"))?;
    Ok((row.code, by))
}

fn look(word: &str) -> Result<Look, String> {
    Ok(match word {
        "own-keystore" => Look::Own(Part::Keystore),
        "own-truststore" => Look::Own(Part::Truststore),
        "own" => Look::Own(Part::Settings),
        "peer-keystore" => Look::Peer(Part::Keystore),
        "peer-truststore" => Look::Peer(Part::Truststore),
        "peer" => Look::Peer(Part::Settings),
        "protocol" => Look::Protocol,
        "network" => Look::Network,
        "file" => Look::File,
        _ => return Err(format!("{word}: no such place")),
    })
}

/// The names of an alert (`116 certificate_required`) or verification result (`10 certificate has expired`).
struct Spelling<'a> {
    number: &'a str,
    name: &'a str,
    record: &'a Record,
}

impl Spelling<'_> {
    /// A notation with the names put in; `None` where the stack has no such name.
    fn write(&self, notation: &str) -> Option<String> {
        let mut text = String::with_capacity(notation.len() + self.name.len());
        let mut rest = notation.chars();
        while let Some(c) = rest.next() {
            if c != '%' {
                text.push(c);
                continue;
            }
            match rest.next()? {
                'n' => text.push_str(self.number),
                'u' => text.push_str(self.name),
                's' => text.push_str(&self.name.replace('_', " ")),
                'U' => text.push_str(&self.name.to_ascii_uppercase()),
                'C' => text.push_str(&camel_case(self.name)),
                'g' => text.push_str(field(self.record, "go")?),
                'r' => text.push_str(field(self.record, "rustls")?),
                _ => return None,
            }
        }
        Some(text)
    }
}

fn camel_case(name: &str) -> String {
    let words = name.split('_').filter_map(|word| word.split_at_checked(1));
    words.map(|(first, rest)| first.to_ascii_uppercase() + rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_record_of_the_table_can_be_read() {
        let table = table();
        assert!(table.rows.len() > 180, "{} rows", table.rows.len());
    }

    #[test]
    fn every_row_has_a_string_a_meaning_and_a_command_to_paste() {
        let table = table();
        for (i, row) in table.rows.iter().enumerate() {
            let says = table.needles.iter().find(|n| matches!(n.role, Role::Says { row, .. } if row == i));
            let says = says.unwrap_or_else(|| panic!("nothing says: {}", row.means));
            assert!(row.means.len() > 20 && !row.means.ends_with('.'), "{}", row.means);
            assert!(!row.next.is_empty(), "nothing to run next for {}", says.text);
            for (_, next) in &row.next {
                assert!(next.starts_with("mtls "), "{next}");
            }
            for side in [None, Some(Side::Client), Some(Side::Server)] {
                let of_side = row.next.iter().filter(|(s, _)| *s == side).count();
                assert!(of_side <= 1, "{}: two commands for one side", says.text);
            }
        }
    }

    #[test]
    fn no_string_is_there_twice() {
        let mut seen = HashSet::new();
        let table = table();
        for needle in &table.needles {
            // a row with a condition may say more of a string than the row without
            if let Role::Says { row, .. } | Role::Only { row, .. } = needle.role {
                let is_only = matches!(needle.role, Role::Only { .. });
                let kind = (needle.text.to_ascii_lowercase(), table.rows[row].conditions > 0, is_only);
                assert!(seen.insert(kind), "{} is there twice", needle.text);
            }
        }
    }

    #[test]
    fn faulty_records_are_refused() {
        for text in [
            "says: abc\nweight: cause\nlook: file\nmeans: something\n",
            "says: abc\nweight: cause\nlook: nowhere\nmeans: something\nfrom: x\n",
            "says: abc\ncodes: no-such-code\nweight: cause\nlook: file\nmeans: something\nfrom: x\n",
            "says: abc\nweight: heavy\nlook: file\nmeans: something\nfrom: x\n",
            "says: *\nweight: cause\nlook: file\nmeans: something\nfrom: x\n",
            "says: abc\nwhat: is this\nweight: cause\nlook: file\nmeans: something\nfrom: x\n",
            "no field here\n",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read("says: abc\nweight: cause\nlook: file\nmeans: something\nfrom: x\n").is_ok());
    }
}
