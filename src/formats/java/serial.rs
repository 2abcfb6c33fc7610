//! Java's object serialization stream, read for names and bytes: nothing is ever made of a class that it names.
//!
//! JCEKS holds its secret keys as serialized objects without a length, so the stream has to be walked to find where
//! the next entry begins (Java Object Serialization Specification, chapter 6).

use super::input::{Input, modified_utf8};
use crate::error::{Error, Kind, Result};
use std::rc::Rc;

/// Nesting of objects and classes at which a stream is refused; a sealed key stays below 5.
const MAX_DEPTH: usize = 24;
/// The most classes, objects and strings in one stream; a sealed key has about 20.
const MAX_HANDLES: usize = 10_000;
/// The number of the first object in a stream.
const FIRST_HANDLE: u32 = 0x7e_0000;
/// What every stream begins with: its mark and version 5.
pub const MAGIC: [u8; 4] = [0xac, 0xed, 0, 5];

/// A value in the stream, as far as anyone wants to know it.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// A string.
    Text(Rc<str>),
    /// An array of bytes.
    Bytes(&'a [u8]),
    /// An object of a class.
    Object(Rc<Object<'a>>),
    /// Null, another array, a class, an enumeration constant.
    Other,
}

/// An object: the name of its class, and its strings and bytes. It keeps no objects inside it: a stream can make a line of
/// references as long as it likes, and dropping that would overflow the stack.
#[derive(Debug)]
pub struct Object<'a> {
    /// The full name of its class.
    pub class: Rc<str>,
    fields: Vec<(Rc<str>, Value<'a>)>,
}

impl<'a> Object<'a> {
    /// The string in the field `name`.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.iter().find_map(|(field, value)| match value {
            Value::Text(text) if **field == *name => Some(&**text),
            _ => None,
        })
    }

    /// The bytes in the field `name`.
    pub fn bytes(&self, name: &str) -> Option<&'a [u8]> {
        self.fields.iter().find_map(|(field, value)| match value {
            Value::Bytes(bytes) if **field == *name => Some(*bytes),
            _ => None,
        })
    }
}

/// Reads one stream with one object from its mark to the end of the object.
///
/// # Errors
/// A damaged-store error where it is ill-formed, nests too deep, or is no object.
pub fn read_object<'a>(input: &mut Input<'a>) -> Result<Rc<Object<'a>>> {
    if input.bytes(4)? != MAGIC {
        return Err(ill_formed("it does not begin as a Java object stream does"));
    }
    let mut walk = Walk { input, handles: Vec::new() };
    match walk.content(0)? {
        Value::Object(object) => Ok(object),
        _ => Err(ill_formed("it holds no object")),
    }
}

fn ill_formed(why: &str) -> Error {
    Error::damaged("a serialized Java object is cut off or altered").because(why)
}

/// A class: how its objects lie in the stream.
struct Class {
    name: Rc<str>,
    flags: u8,
    fields: Vec<(u8, Rc<str>)>,
    parent: Option<Rc<Class>>,
    /// How many parents it has.
    height: usize,
}

const SC_WRITE_METHOD: u8 = 1;
const SC_SERIALIZABLE: u8 = 2;
const SC_EXTERNALIZABLE: u8 = 4;
const SC_BLOCK_DATA: u8 = 8;

/// What a number in the stream stands for; a class or an object is not there before its end was read.
#[derive(Clone)]
enum Handle<'a> {
    Pending,
    Class(Rc<Class>),
    Value(Value<'a>),
}

struct Walk<'a, 'i> {
    input: &'i mut Input<'a>,
    handles: Vec<Handle<'a>>,
}

impl<'a> Walk<'a, '_> {
    fn reserve(&mut self) -> Result<usize> {
        self.keep(Handle::Pending)?;
        Ok(self.handles.len() - 1)
    }

    fn keep(&mut self, handle: Handle<'a>) -> Result<()> {
        if self.handles.len() == MAX_HANDLES {
            return Err(Error::new(
                Kind::TooCostly,
                format!("a serialized Java object of more than {MAX_HANDLES} parts, the cap for one"),
                "have the secret put in as a plain SecretKeySpec, or leave it out",
            ));
        }
        self.handles.push(handle);
        Ok(())
    }

    fn referred(&mut self) -> Result<Handle<'a>> {
        let number = self.input.u32()?.checked_sub(FIRST_HANDLE);
        let handle = number.and_then(|n| self.handles.get(n as usize)).cloned();
        handle.ok_or_else(|| ill_formed("it refers to an object that is not there"))
    }

    fn content(&mut self, depth: usize) -> Result<Value<'a>> {
        let tag = self.input.u8()?;
        self.tagged(tag, depth)
    }

    fn tagged(&mut self, tag: u8, depth: usize) -> Result<Value<'a>> {
        if depth > MAX_DEPTH {
            return Err(ill_formed("its objects nest too deep"));
        }
        match tag {
            0x70 => Ok(Value::Other), // null
            0x71 => Ok(match self.referred()? {
                Handle::Value(value) => value,
                Handle::Pending | Handle::Class(_) => Value::Other,
            }),
            0x72 | 0x7d => self.class_of(tag, depth).map(|_| Value::Other),
            0x73 => self.object(depth),
            0x74 | 0x7c => self.string(tag).map(Value::Text),
            0x75 => self.array(depth),
            0x76 => {
                self.class(depth + 1)?;
                self.reserve()?;
                Ok(Value::Other)
            }
            0x7e => {
                self.class(depth + 1)?;
                self.reserve()?;
                self.content(depth + 1)?; // the name of the constant
                Ok(Value::Other)
            }
            _ => Err(ill_formed("it holds what is no object")),
        }
    }

    fn string(&mut self, tag: u8) -> Result<Rc<str>> {
        let length = match tag {
            0x74 => usize::from(self.input.u16()?),
            _ => usize::try_from(self.input.u64()?).unwrap_or(usize::MAX),
        };
        let text = modified_utf8(self.input.bytes(length)?).ok_or_else(|| ill_formed("a string in it is no UTF-8"))?;
        let text: Rc<str> = text.into();
        self.keep(Handle::Value(Value::Text(text.clone())))?;
        Ok(text)
    }

    /// A class description; `None` for null, which stands for no parent.
    fn class(&mut self, depth: usize) -> Result<Option<Rc<Class>>> {
        let tag = self.input.u8()?;
        match tag {
            0x70 => Ok(None),
            0x71 => match self.referred()? {
                Handle::Class(class) => Ok(Some(class)),
                _ => Err(ill_formed("it refers to a class that is none")),
            },
            _ => self.class_of(tag, depth).map(Some),
        }
    }

    fn class_of(&mut self, tag: u8, depth: usize) -> Result<Rc<Class>> {
        if depth > MAX_DEPTH {
            return Err(ill_formed("its classes nest too deep"));
        }
        if tag != 0x72 {
            return Err(ill_formed("it describes a class in a way that no key has"));
        }
        let name = self.input.text()?.into();
        self.input.u64()?; // the class's version
        let handle = self.reserve()?;
        let flags = self.input.u8()?;
        let count = self.input.u16()?;
        let mut fields = Vec::new();
        for _ in 0..count {
            let kind = self.input.u8()?;
            let name = self.input.text()?.into();
            if matches!(kind, b'[' | b'L') {
                self.content(depth + 1)?; // the field's type, as a string
            }
            fields.push((kind, name));
        }
        self.annotation(depth + 1)?;
        let parent = self.class(depth + 1)?;
        let height = parent.as_ref().map_or(0, |parent| parent.height + 1);
        if height > MAX_DEPTH {
            return Err(ill_formed("its classes nest too deep"));
        }
        let class = Rc::new(Class { name, flags, fields, parent, height });
        self.handles[handle] = Handle::Class(class.clone());
        Ok(class)
    }

    /// What a class wrote beside its fields, up to the end mark.
    fn annotation(&mut self, depth: usize) -> Result<()> {
        loop {
            match self.input.u8()? {
                0x78 => return Ok(()),
                0x77 => {
                    let length = self.input.u8()?;
                    self.input.bytes(usize::from(length))?;
                }
                0x7a => {
                    self.input.block()?;
                }
                tag => {
                    self.tagged(tag, depth + 1)?;
                }
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value<'a>> {
        let class = self.class(depth + 1)?.ok_or_else(|| ill_formed("it holds an object without a class"))?;
        let handle = self.reserve()?;
        let mut line = Vec::new();
        let mut next = Some(&class);
        while let Some(class) = next {
            line.push(class.clone());
            next = class.parent.as_ref();
        }
        let mut fields = Vec::new();
        for class in line.iter().rev() {
            self.class_fields(class, depth, &mut fields)?;
        }
        let object = Value::Object(Rc::new(Object { class: class.name.clone(), fields }));
        self.handles[handle] = Handle::Value(object.clone());
        Ok(object)
    }

    fn class_fields(&mut self, class: &Class, depth: usize, fields: &mut Vec<(Rc<str>, Value<'a>)>) -> Result<()> {
        if class.flags & SC_EXTERNALIZABLE != 0 {
            if class.flags & SC_BLOCK_DATA == 0 {
                return Err(ill_formed("it holds an object whose end cannot be found"));
            }
            return self.annotation(depth + 1);
        }
        if class.flags & SC_SERIALIZABLE == 0 {
            return Ok(());
        }
        for (kind, name) in &class.fields {
            match width(*kind) {
                Some(width) => {
                    self.input.bytes(width)?;
                }
                None => match self.content(depth + 1)? {
                    value @ (Value::Text(_) | Value::Bytes(_)) => fields.push((name.clone(), value)),
                    Value::Object(_) | Value::Other => {}
                },
            }
        }
        if class.flags & SC_WRITE_METHOD != 0 { self.annotation(depth + 1) } else { Ok(()) }
    }

    fn array(&mut self, depth: usize) -> Result<Value<'a>> {
        let class = self.class(depth + 1)?.ok_or_else(|| ill_formed("it holds an array without a class"))?;
        let handle = self.reserve()?;
        let kind = class.name.as_bytes().get(1).copied().unwrap_or_default();
        let value = match width(kind) {
            Some(width) => {
                let count = self.input.count(width)?;
                let bytes = self.input.bytes(count * width)?;
                if kind == b'B' { Value::Bytes(bytes) } else { Value::Other }
            }
            None => {
                for _ in 0..self.input.count(1)? {
                    self.content(depth + 1)?;
                }
                Value::Other
            }
        };
        self.handles[handle] = Handle::Value(value.clone());
        Ok(value)
    }
}

/// The size of a plain value by the letter of its type; `None` for objects and arrays.
fn width(kind: u8) -> Option<usize> {
    match kind {
        b'B' | b'Z' => Some(1),
        b'C' | b'S' => Some(2),
        b'I' | b'F' => Some(4),
        b'J' | b'D' => Some(8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    /// `javax.crypto.spec.SecretKeySpec` in small: class K with fields `algorithm` and `key`.
    fn sample() -> Vec<u8> {
        let mut s = MAGIC.to_vec();
        s.extend(b"\x73\x72\0\x01K\0\0\0\0\0\0\0\x01\x02\0\x03");
        s.extend(b"I\0\x01n"); // a number
        s.extend(b"L\0\x09algorithmt\0\x12Ljava/lang/String;");
        s.extend(b"[\0\x03keyt\0\x02[B");
        s.extend(b"\x78\x70"); // no annotation, no parent
        s.extend(b"\0\0\0\x07t\0\x03AES");
        s.extend(b"\x75\x72\0\x02[B\0\0\0\0\0\0\0\x02\x02\0\0\x78\x70\0\0\0\x04abcd");
        s
    }

    #[test]
    fn an_object_tells_its_strings_and_bytes() {
        let stream = [sample(), b"next".to_vec()].concat();
        let mut input = Input::new(&stream);
        let object = read_object(&mut input).unwrap();
        assert_eq!((&*object.class, object.text("algorithm"), object.bytes("key")), ("K", Some("AES"), Some(&b"abcd"[..])));
        assert_eq!((object.text("key"), object.bytes("n")), (None, None));
        assert_eq!(input.rest(), b"next");
    }

    #[test]
    fn every_cut_and_every_flip_is_an_error_or_an_object_and_never_a_panic() {
        let whole = sample();
        for end in 0..whole.len() {
            assert_eq!(read_object(&mut Input::new(&whole[..end])).unwrap_err().kind, Kind::Damaged, "cut at {end}");
        }
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << bit;
                let _ = read_object(&mut Input::new(&flipped));
            }
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let objects = [&MAGIC[..], &b"\x75\x72\0\x02[L\0\0\0\0\0\0\0\x02\x02\0\0\x78\x70\0\0\0\x01".repeat(5000)].concat();
        assert_eq!(read_object(&mut Input::new(&objects)).unwrap_err().kind, Kind::Damaged);
        let classes = [&MAGIC[..], b"\x73", &b"\x72\0\x01K\0\0\0\0\0\0\0\x01\x02\0\0\x78".repeat(5000)].concat();
        assert_eq!(read_object(&mut Input::new(&classes)).unwrap_err().kind, Kind::Damaged);
    }

    #[test]
    fn lines_of_references_are_bounded_or_cut() {
        // an array of objects, each of which refers to the one before: handles are class, array, string, class, object …
        let mut objects = MAGIC.to_vec();
        objects.extend(b"\x75\x72\0\x02[L\0\0\0\0\0\0\0\x02\x02\0\0\x78\x70\0\x03\x0d\x40");
        objects.extend(b"\x73\x72\0\x01K\0\0\0\0\0\0\0\x01\x02\0\x01L\0\x01ft\0\x01K\x78\x70\x70");
        for n in 1..200_000u32 {
            objects.extend(b"\x73\x71\0\x7e\0\x02\x71");
            objects.extend((FIRST_HANDLE + 3 + n).to_be_bytes());
        }
        assert!(read_object(&mut Input::new(&objects)).is_err()); // an array is no key
        let mut classes = MAGIC.to_vec();
        classes.extend(b"\x75\x72\0\x02[L\0\0\0\0\0\0\0\x02\x02\0\0\x78\x70\0\0\x03\xe8");
        classes.extend(b"\x72\0\x01K\0\0\0\0\0\0\0\x01\x02\0\0\x78\x70");
        for n in 1..1000u32 {
            classes.extend(b"\x72\0\x01K\0\0\0\0\0\0\0\x01\x02\0\0\x78\x71");
            classes.extend((FIRST_HANDLE + 1 + n).to_be_bytes());
        }
        let refused = read_object(&mut Input::new(&classes)).unwrap_err();
        assert!(refused.to_string().contains("its classes nest too deep"), "{refused}");
    }
}
