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
    describe::{Struct, Type},
    Described, INTERFACES,
};

use crate::Stored;

impl<T: Described> IdlBuild for Stored<T> {
    fn create_type() -> Option<IdlTypeDef> {
        T::TYPE.structure().map(type_def)
    }

    /// The structures inside; for an account's header also the rows behind it, and the messages of its program.
    fn insert_types(types: &mut BTreeMap<String, IdlTypeDef>) {
        let Some(structure) = T::TYPE.structure() else {
            return;
        };
        insert_fields(structure, types);
        for interface in INTERFACES {
            let mut accounts = interface.accounts.iter();
            let Some(layout) = accounts.find(|layout| layout.header.name == structure.name) else {
                continue;
            };
            let rows = layout.rows.iter().map(|rows| rows.structure);
            for structure in rows.chain(interface.messages.iter().copied()) {
                insert(structure, types);
            }
        }
    }

    fn get_full_path() -> String {
        T::TYPE
            .structure()
            .map(|structure| structure.name.into())
            .unwrap_or_default()
    }
}

fn insert(structure: &Struct, types: &mut BTreeMap<String, IdlTypeDef>) {
    types.insert(structure.name.into(), type_def(structure));
    insert_fields(structure, types);
}

fn insert_fields(structure: &Struct, types: &mut BTreeMap<String, IdlTypeDef>) {
    for field in structure.fields {
        if let Some(inner) = field.ty.element().structure() {
            insert(inner, types);
        }
    }
}

fn type_def(structure: &Struct) -> IdlTypeDef {
    let fields = structure.fields.iter().map(|field| IdlField {
        name: field.name.into(),
        docs: plain(field.docs),
        ty: type_of(field.ty),
    });
    IdlTypeDef {
        name: structure.name.into(),
        docs: plain(structure.docs),
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
        Type::Struct(structure) => IdlType::Defined {
            name: structure.name.into(),
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
