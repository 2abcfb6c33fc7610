//! The table of known strings: `strings.txt`, read once. Its head says how a record is written.

use super::pattern::Pattern;
use crate::diagnose::Code;
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
    TABLE.get_or_init(|| super::read::read(TEXT).unwrap_or_default())
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
    ("mysql", "MySQL"),
    ("erlang", "Erlang"),
    ("iis", "IIS"),
    ("browser", "a browser"),
    ("salesforce", "Salesforce"),
];

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
}
