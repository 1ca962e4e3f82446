//! `idl/*.json`, from the programs' sources.

use std::{collections::BTreeSet, env, fs, path::Path};

use anchor_lang_idl::{
    build::IdlBuilder,
    types::{Idl, IdlConst, IdlEnumVariant, IdlSerialization, IdlType, IdlTypeDef, IdlTypeDefTy},
};
use anyhow::{bail, Context, Result};
use joulebook_layout::{
    describe::{Code, Interface},
    INTERFACES,
};

use crate::{comments::plain, PROGRAMS};

pub fn write(root: &Path) -> Result<()> {
    let folder = root.join("idl");
    fs::create_dir_all(&folder)?;
    for program in PROGRAMS {
        let text = generate(root, program)?;
        fs::write(folder.join(format!("{program}.json")), text)?;
        println!("idl/{program}.json written");
    }
    Ok(())
}

pub fn check(root: &Path) -> Result<()> {
    let mut stale = Vec::new();
    for program in PROGRAMS {
        let name = format!("idl/{program}.json");
        // A file that is missing is as stale as one that differs.
        if fs::read_to_string(root.join(&name)).ok() != Some(generate(root, program)?) {
            stale.push(name);
        }
    }
    if !stale.is_empty() {
        bail!(
            "stale: {}. `make generate` renews the IDLs and the clients",
            stale.join(", ")
        );
    }
    println!("the IDLs are those of the programs");
    Ok(())
}

fn generate(root: &Path, program: &str) -> Result<String> {
    // The builder sets RUSTFLAGS, which would compile every dependency a second time; cargo prefers this one.
    env::set_var("CARGO_ENCODED_RUSTFLAGS", "");
    // Without this, cargo gives the same file name to a program's library with and without `idl-build`.
    env::set_var("__CARGO_DEFAULT_LIB_METADATA", "idl");

    let mut idl = IdlBuilder::new()
        .program_path(root.join("programs").join(program))
        .cargo_args(vec!["--lib".into()])
        .build()
        .with_context(|| format!("no IDL from programs/{program}"))?;
    let interface = INTERFACES
        .iter()
        .find(|interface| interface.program == program)
        .with_context(|| format!("crates/layout knows no program {program}"))?;
    without_foreign(&mut idl, interface);
    idl.types.extend(interface.codes.iter().map(code));
    idl.types.sort_by(|a, b| a.name.cmp(&b.name));
    idl.constants.extend(constants(interface));
    idl.errors.sort_by_key(|error| error.code);
    for error in &idl.errors {
        // Anchor drops the quote and keeps the backslash before it.
        if error
            .msg
            .iter()
            .any(|message| message.contains(['"', '\\']))
        {
            bail!(
                "{program}: the message of {} holds a quote or a backslash; use ` instead",
                error.name
            );
        }
    }

    Ok(serde_json::to_string_pretty(&idl)? + "\n")
}

/// Takes out the accounts and messages of other programs, which this one only reads: they are in the descriptions of those.
fn without_foreign(idl: &mut Idl, own: &Interface) {
    let foreign: BTreeSet<&str> = INTERFACES
        .iter()
        .filter(|interface| interface.program != own.program)
        .flat_map(|interface| {
            let layouts = interface.accounts.iter().flat_map(|layout| {
                let rows = layout.rows.iter().map(|rows| rows.structure);
                std::iter::once(layout.header).chain(rows)
            });
            layouts.chain(interface.messages.iter().copied())
        })
        .flat_map(|structure| {
            let inner = structure
                .fields
                .iter()
                .filter_map(|field| field.ty.element().structure());
            std::iter::once(structure.name).chain(inner.map(|structure| structure.name))
        })
        .collect();
    idl.types.retain(|ty| !foreign.contains(ty.name.as_str()));
}

/// Names for the values of a byte.
fn code(code: &Code) -> IdlTypeDef {
    let variants = code.values.iter().map(|value| IdlEnumVariant {
        name: value.name.into(),
        fields: None,
    });
    IdlTypeDef {
        name: code.name.into(),
        docs: plain(code.docs),
        serialization: IdlSerialization::default(),
        repr: None,
        generics: Vec::new(),
        ty: IdlTypeDefTy::Enum {
            variants: variants.collect(),
        },
    }
}

/// Limits and bits; and for each table, which rows follow its header, and where their number stands.
fn constants(interface: &Interface) -> Vec<IdlConst> {
    let numbers = interface
        .constants
        .iter()
        .copied()
        .flatten()
        .map(|constant| IdlConst {
            name: constant.name.into(),
            docs: plain(constant.docs),
            ty: number(constant.ty),
            value: constant.value.to_string(),
        });
    let tables = interface
        .accounts
        .iter()
        .filter(|layout| !layout.rows.is_empty());
    let rows = tables.map(|layout| {
        let rows: Vec<String> = layout
            .rows
            .iter()
            .map(|rows| format!("{}: {}[{}]", rows.name, rows.structure.name, rows.count))
            .collect();
        IdlConst {
            name: format!("{}_ROWS", screaming(layout.header.name)),
            docs: vec!["Rows that follow the header, and how many.".into()],
            ty: IdlType::String,
            value: format!("{:?}", rows.join(", ")),
        }
    });
    numbers.chain(rows).collect()
}

fn number(ty: &str) -> IdlType {
    match ty {
        "u8" => IdlType::U8,
        "u16" => IdlType::U16,
        "u32" => IdlType::U32,
        _ => IdlType::U64,
    }
}

/// `MeterTable` as `METER_TABLE`.
fn screaming(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_uppercase());
    }
    text
}
