//! The line format of `strings.txt`: records of fields, and the strings that stand for many.

/// A record: its fields in order.
#[derive(Debug, Default)]
pub(super) struct Record(Vec<(&'static str, String)>);

/// Splits into records at empty lines; a line that begins with two spaces goes on with the field above it.
pub(super) fn records(text: &'static str) -> Result<Vec<Record>, String> {
    let mut records = Vec::new();
    let mut record = Record::default();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if line.trim().is_empty() {
            records.push(std::mem::take(&mut record));
        } else if let Some(more) = line.strip_prefix("  ") {
            let (_, value) = record.0.last_mut().ok_or_else(|| format!("{line}: goes on with nothing"))?;
            value.push(' ');
            value.push_str(more.trim());
        } else {
            let (key, value) = line.split_once(':').ok_or_else(|| format!("{line}: no field"))?;
            record.0.push((key, value.trim().to_owned()));
        }
    }
    records.push(record);
    records.retain(|r| !r.0.is_empty());
    Ok(records)
}

impl Record {
    /// All fields in order: keys and values.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(key, value)| (*key, value.as_str()))
    }

    /// The first field of this key.
    pub fn field(&self, key: &str) -> Option<&str> {
        self.all().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// All fields of this key.
    pub fn fields<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.all().filter(move |(k, _)| *k == key).map(|(_, value)| value)
    }

    /// The first field of this key, which must be there and say something.
    pub fn need(&self, key: &str) -> Result<&str, String> {
        self.field(key).filter(|value| !value.is_empty()).ok_or_else(|| format!("{self:?}: no {key}"))
    }
}

/// The names of an alert (`116 certificate_required`) or verification result (`10 certificate has expired`).
pub(super) struct Spelling<'a> {
    pub number: &'a str,
    pub name: &'a str,
    pub record: &'a Record,
}

impl Spelling<'_> {
    /// A notation with the names put in; `None` where the stack has no such name.
    pub fn write(&self, notation: &str) -> Option<String> {
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
                'g' => text.push_str(self.record.field("go")?),
                'r' => text.push_str(self.record.field("rustls")?),
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
