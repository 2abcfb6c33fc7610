//! From the records of `strings.txt` to the table, once. The head of that file says how a record is written.

use super::pattern::Pattern;
use super::record::{Record, Spelling, records};
use super::table::{Look, Needle, Part, PrintedBy, Role, Row, STACKS, Table, Weight};
use crate::diagnose::Code;
use crate::diagnose::catalogue::CATALOGUE;
use crate::handshake::Side;
use std::sync::OnceLock;

const TEXT: &str = include_str!("strings.txt");

/// The table; that it can be read is what the test at the foot of this file says.
pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read(TEXT).unwrap_or_default())
}

/// Reads the table.
///
/// # Errors
/// What is wrong with which record.
pub(super) fn read(text: &'static str) -> Result<Table, String> {
    let records = records(text)?;
    let mut table = Table::default();
    let recipes: Vec<&Record> = records.iter().filter(|r| r.field("recipe").is_some()).collect();
    let notations: Vec<&Record> = records.iter().filter(|r| r.field("notation").is_some()).collect();
    for record in &records {
        let Some((key, value)) = record.all().next() else { continue };
        match key {
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
                for notation in notations.iter().filter(|n| n.field("notation") == Some(key)) {
                    let mut written = Vec::new();
                    for name in std::iter::once(name).chain(record.fields("also")) {
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

fn stack(record: &Record) -> Result<&'static str, String> {
    let of_table = if record.field("verify").is_some() { "openssl" } else { "any" };
    let word = record.field("stack").unwrap_or(of_table);
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
    Ok(match record.field("by") {
        None | Some("either") => PrintedBy::Either,
        Some("reader") => PrintedBy::Reader,
        Some(word) => PrintedBy::Side(side(word)?),
    })
}

impl Table {
    /// Adds the meaning of a record.
    fn row(&mut self, record: &Record, recipes: &[&Record]) -> Result<usize, String> {
        const KEYS: &str = "says only with unless stack by weight look codes means next next@client next@server run from alert verify also go rustls";
        if let Some((key, _)) = record.all().find(|(k, _)| !KEYS.split(' ').any(|known| known == *k)) {
            return Err(format!("{record:?}: what is {key}?"));
        }
        let codes = record.field("codes").unwrap_or_default().split_whitespace().map(code).collect::<Result<_, _>>()?;
        let recipe = match record.field("run") {
            None => None,
            Some(name) => {
                let found = recipes.iter().find(|r| r.field("recipe") == Some(name));
                Some(*found.ok_or_else(|| format!("{name}: no such recipe"))?)
            }
        };
        let next = recipe.into_iter().chain([record]).flat_map(Record::all).filter_map(|(k, v)| match k {
            "next" => Some((None, v.to_owned())),
            "next@client" => Some((Some(Side::Client), v.to_owned())),
            "next@server" => Some((Some(Side::Server), v.to_owned())),
            _ => None,
        });
        self.rows.push(Row {
            weight: match record.need("weight")? {
                "frame" => Weight::Frame,
                "echo" => Weight::Echo,
                "cause" => Weight::Cause,
                "insight" => Weight::Insight,
                other => return Err(format!("{other}: no such weight")),
            },
            look: record.need("look")?.split_whitespace().map(look).collect::<Result<_, _>>()?,
            codes,
            means: record.need("means")?.to_owned(),
            next: next.collect(),
            source: record.need("from")?.to_owned(),
            conditions: record.fields("with").count(),
        });
        Ok(self.rows.len() - 1)
    }

    fn row_strings(&mut self, row: usize, record: &Record) -> Result<(), String> {
        let (stack, by) = (stack(record)?, printed_by(record)?);
        self.strings(record, "says", stack, Role::Says { row, by })?;
        self.strings(record, "only", stack, Role::Only { row, by })?;
        for (condition, text) in record.fields("with").enumerate() {
            self.string(text, stack, Role::With { row, condition })?;
        }
        self.strings(record, "unless", stack, Role::Unless { row })
    }

    fn strings(&mut self, record: &Record, key: &str, stack: &'static str, role: Role) -> Result<(), String> {
        record.fields(key).try_for_each(|text| self.string(text, stack, role))
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
            for text in notation.fields(key) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

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

    #[test]
    fn every_record_of_the_table_can_be_read() {
        let table = read(TEXT).unwrap_or_else(|why| panic!("{why}"));
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
}
