//! What a stored layout says of itself in Anchor's interface description.

use std::collections::BTreeMap;

use anchor_lang::idl::{
    build::IdlBuild,
    types::{
        IdlArrayLen, IdlDefinedFields, IdlField, IdlRepr, IdlReprModifier, IdlSerialization,
        IdlType, IdlTypeDef, IdlTypeDefTy,
    },
};
use joulebook_layout::{
    describe::{Record, Type},
    Described, INTERFACES,
};

use crate::Stored;

impl<T: Described> IdlBuild for Stored<T> {
    fn create_type() -> Option<IdlTypeDef> {
        T::TYPE.record().map(type_def)
    }

    /// The records inside; for an account's header also the rows behind it, and the messages of its program.
    fn insert_types(types: &mut BTreeMap<String, IdlTypeDef>) {
        let Some(record) = T::TYPE.record() else {
            return;
        };
        insert_fields(record, types);
        for interface in INTERFACES {
            let mut accounts = interface.accounts.iter();
            let Some(layout) = accounts.find(|layout| layout.header.name == record.name) else {
                continue;
            };
            let rows = layout.rows.iter().map(|rows| rows.record);
            for record in rows.chain(interface.messages.iter().copied()) {
                insert(record, types);
            }
        }
    }

    fn get_full_path() -> String {
        T::TYPE
            .record()
            .map(|record| record.name.into())
            .unwrap_or_default()
    }
}

fn insert(record: &Record, types: &mut BTreeMap<String, IdlTypeDef>) {
    types.insert(record.name.into(), type_def(record));
    insert_fields(record, types);
}

fn insert_fields(record: &Record, types: &mut BTreeMap<String, IdlTypeDef>) {
    for field in record.fields {
        if let Some(inner) = field.ty.element().record() {
            insert(inner, types);
        }
    }
}

fn type_def(record: &Record) -> IdlTypeDef {
    let fields = record.fields.iter().map(|field| IdlField {
        name: field.name.into(),
        docs: plain(field.docs),
        ty: type_of(field.ty),
    });
    IdlTypeDef {
        name: record.name.into(),
        docs: plain(record.docs),
        serialization: IdlSerialization::Bytemuck,
        repr: Some(IdlRepr::C(IdlReprModifier {
            packed: false,
            align: None,
        })),
        generics: Vec::new(),
        ty: IdlTypeDefTy::Struct {
            fields: Some(IdlDefinedFields::Named(fields.collect())),
        },
    }
}

fn type_of(ty: Type) -> IdlType {
    match ty {
        Type::U8 => IdlType::U8,
        Type::U16 => IdlType::U16,
        Type::U32 => IdlType::U32,
        Type::U64 => IdlType::U64,
        Type::I32 => IdlType::I32,
        Type::I64 => IdlType::I64,
        Type::Address => IdlType::Pubkey,
        Type::Array(element, len) => {
            IdlType::Array(Box::new(type_of(*element)), IdlArrayLen::Value(len))
        }
        Type::Record(record) => IdlType::Defined {
            name: record.name.into(),
            generics: Vec::new(),
        },
    }
}

/// Lines of a comment without its links, which lead nowhere outside Rust.
fn plain(docs: &[&str]) -> Vec<String> {
    docs.iter()
        .map(|line| line.trim().replace("[`", "`").replace("`]", "`"))
        .collect()
}
